"""``labelloop generate``, from files to labels on disk, against a bare read and a bare Keras forward pass.

    python -m tests.benchmarks.generating PROJECT

PROJECT has a trained model; a copy of it is used. Both read every recording anew.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from labelloop.services.training.models import find_model
from labelloop.storage.home import ProjectHome
from labelloop.storage.opening import open_project
from tests.end_to_end.support import environment, labelloop

BARE = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy, pandas
from pathlib import Path
model = keras.models.load_model(sys.argv[1], compile=False)
features = model.input_shape[-1] if not isinstance(model.input_shape, list) else model.input_shape[0][-1]
for path in sys.argv[3:]:
    data = pandas.read_csv(path, dtype="float32")
    frames = max(1, len(data) // int(sys.argv[2]))
    model(numpy.zeros((1, frames, features), "float32"), training=False)
"""


def main(project: Path) -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(project, Path(folder) / "copy"))
        shutil.rmtree(ProjectHome(copy).cache)
        store = open_project(copy, "a benchmark", write=False)
        model = find_model(store, "best")
        files = [str(store.project.data_path(s)) for s in store.project.sessions()]
        store.close()
        words = ("--method", "model", "--source", "best", "--sessions", "all", "--target", "new:benchmark")
        began = time.perf_counter()
        ran = labelloop("generate", copy, *words)
        ours = time.perf_counter() - began
        assert ran.code == 0, ran.err
        began = time.perf_counter()
        argv = [sys.executable, "-c", BARE, str(model), "8", *files]
        subprocess.run(argv, check=True, env=environment(), stderr=subprocess.DEVNULL)
        bare = time.perf_counter() - began
    print(f"{len(files)} sessions: generate {ours:.2f} s, bare {bare:.2f} s, ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
