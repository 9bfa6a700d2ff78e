"""The shared project model: values, changes and the one editor."""
