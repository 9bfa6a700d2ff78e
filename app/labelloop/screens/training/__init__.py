"""Training and what hangs on it."""
