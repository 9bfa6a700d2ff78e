"""Jobs: run folders, the detached workers that fill them, and what can be said of them from outside."""
