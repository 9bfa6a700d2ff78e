"""The viewer of one session's signals and labels."""
