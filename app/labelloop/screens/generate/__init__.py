"""The Generate Labels wizard and its runs."""
