"""From a model and recordings to events."""
