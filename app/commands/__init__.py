"""The catalogue of commands."""
