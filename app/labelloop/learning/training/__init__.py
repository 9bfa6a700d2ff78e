"""From a training request to models."""
