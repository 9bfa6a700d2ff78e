"""Label files: those of Studio and of other programs."""
