"""Which sessions, and what is done to them."""
