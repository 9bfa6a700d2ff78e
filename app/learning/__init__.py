"""Training and prediction, in a process of its own: the only home of TensorFlow."""
