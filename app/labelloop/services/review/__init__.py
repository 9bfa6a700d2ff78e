"""The review of generated labels."""
