"""How long it takes to draw 400 columns of all channels of a long recording, and what memory it costs.

Run: python -m tests.benchmarks.bench_looking [MILLIONS_OF_ROWS [CHANNELS]]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from labelloop.storage.signals import SignalStore
from tests.storage.made_up import wav_bytes
from tests.storage.test_memory import look

_BLOCK = 1 << 20


def long_recording(path: Path, rows: int, channels: int) -> None:
    """Audio, as it is quick to make and to read; noise with slow waves."""
    head = wav_bytes(b"", channels, 16, claimed=rows * channels * 2)
    rng = np.random.default_rng(0)
    noise = rng.integers(-9000, 9000, (_BLOCK, channels), dtype=np.int16)
    with path.open("wb") as file:
        file.write(head)
        for start in range(0, rows, _BLOCK):
            file.write(noise[: min(_BLOCK, rows - start)].tobytes())
        file.flush()
        os.fsync(file.fileno())


def main(millions: float, channels: int) -> None:
    """Make it, read it, look at it from a process of its own, cold and warm."""
    rows = int(millions * 1e6)
    with tempfile.TemporaryDirectory() as name:
        path, store = Path(name) / "long.wav", SignalStore(Path(name) / "cache")
        long_recording(path, rows, channels)
        start = time.perf_counter()
        store.load(path).close()
        print(f"{rows:,} rows, {channels} channels: first reading {time.perf_counter() - start:.1f} s")
        size = next(store.folder.glob("*.h5"))
        with size.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        for title in ("cold", "warm"):
            found = look(store.folder, path)
            took = ", ".join(f"{ms:.1f}" for ms in found["ms"])  # type: ignore[attr-defined]
            print(
                f"{title}: all, half, 10 %, 1 %, 0.1 % drawn in {took} ms;"
                f" memory grew {found['grown']:.1f} MB to {found['all']:.0f} MB"
            )


if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:]]
    main(given[0] if given else 10.0, int(given[1]) if len(given) > 1 else 6)
