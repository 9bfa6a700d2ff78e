"""Model files: ours and those that Studio trained."""
