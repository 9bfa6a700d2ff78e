"""Training jobs and the models that they bring."""
