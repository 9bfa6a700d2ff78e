"""XML text that is edited in place."""
