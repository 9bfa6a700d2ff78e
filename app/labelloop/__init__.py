"""labelloop: label time-series recordings in a terminal with the help of a model."""
