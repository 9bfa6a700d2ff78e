"""The program without TensorFlow: small, whole, and with one sentence for who wants to train.

python .ci/light.py WHEEL
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

MOST_BYTES = 300 << 20


def run(folder: Path, *words: str | Path, code: int = 0) -> str:
    """What a program of the environment prints, on both streams."""
    command = [str(folder / "bin" / words[0]), *map(str, words[1:])]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{words} ended with {done.returncode}: {done.stdout}"
    return done.stdout


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(folder) for name in names)


def main(words: list[str]) -> int:
    """Install the wheel with its dependencies alone and use it."""
    wheel = Path(words[0]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        venv.create(folder, with_pip=True)
        run(folder, "pip", "install", "-q", "--disable-pip-version-check", wheel)
        run(folder, "pip", "check")
        size = size_of(folder)
        assert size < MOST_BYTES, f"the light install has {size >> 20} MB"
        run(folder, "labelloop", "demo", folder / "demo", "--no-open")
        assert "Gestures" in run(folder, "labelloop", "info", folder / "demo")
        assert "labelloop[train]" in run(folder, "labelloop", "doctor", folder / "demo")
        said = run(folder, "labelloop", "train", folder / "demo", "--detach", code=1)
        assert "Training needs TensorFlow" in said, said
        assert not (folder / "demo" / ".labelloop" / "runs").exists(), "a job was made that can't run"
    print(f"without TensorFlow it takes {size >> 20} MB and works")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
