"""Home: the list of sessions and what hangs on it."""
