"""Learning, a process of its own: the only home of TensorFlow."""

import os

# Many small products: one thread each is faster by far than threads that wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
