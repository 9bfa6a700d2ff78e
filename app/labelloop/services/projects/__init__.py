"""Projects as a whole: make, open, watch, tell of."""
