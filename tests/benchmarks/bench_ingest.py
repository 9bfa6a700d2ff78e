"""How much longer the first reading takes than a bare pandas.read_csv of the same files, in one run.

Run: python -m tests.benchmarks.bench_ingest [ROWS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from labelloop.storage.signals import SignalStore
from tests.storage.made_up import jittered, wav_bytes

ROUNDS = 5


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def compare(title: str, paths: list[Path], folder: Path) -> None:
    """Read ``paths`` both ways in turns and print the best of each."""
    import pandas as pd

    ours, bare, opened = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=folder) as cache:
            store = SignalStore(Path(cache))
            ours.append(timed(lambda s=store: [s.load(path).close() for path in paths]))  # type: ignore[misc]
            bare.append(timed(lambda: [pd.read_csv(path) for path in paths]))
            opened.append(timed(lambda s=store: [s.cached(path) for path in paths]))  # type: ignore[misc]
    size = sum(path.stat().st_size for path in paths)
    (wall, cpu), (bare_wall, bare_cpu), (open_wall, _) = (
        (min(w for w, _ in times), min(c for _, c in times)) for times in (ours, bare, opened)
    )
    print(
        f"{title:28} {size / 1e6:7.1f} MB  first reading {wall:6.3f} s ({size / wall / 1e6:4.0f} MB/s),"
        f" bare {bare_wall:6.3f} s, ratio {wall / bare_wall:4.2f} (processor {cpu / bare_cpu:4.2f}),"
        f" opened again in {open_wall / len(paths) * 1e3:.2f} ms"
    )


def text_file(path: Path, rows: int, channels: int) -> Path:
    """A recording written quickly: the same 10,000 lines of values again and again with rising times."""
    _, samples = jittered(10_000, channels)
    tails = [",".join(f"{v:.4f}" if v == v else "" for v in row) for row in samples.T]
    with path.open("w") as file:
        file.write("Time (seconds)," + ",".join(f"c{k}" for k in range(channels)) + "\n")
        for start in range(0, rows, 10_000):
            last = min(10_000, rows - start)
            file.writelines(f"{(start + k) / 100:.3f},{tails[k]}\n" for k in range(last))
    return path


def main(rows: int) -> None:
    """Compare on one long recording, one with many channels, many short ones and audio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare("one long, 6 channels", [text_file(folder / "long.csv", rows, 6)], folder)
        compare("500 channels", [text_file(folder / "wide.csv", max(rows // 100, 100), 500)], folder)
        short = [text_file(folder / f"short{k}.csv", 2000, 6) for k in range(50)]
        compare("50 short ones", short, folder)
        path = folder / "audio.wav"
        path.write_bytes(wav_bytes(np.zeros((rows * 4, 1), np.int16), 1, 16))
        with tempfile.TemporaryDirectory(dir=folder) as cache:
            wall, _ = timed(lambda: SignalStore(Path(cache)).load(path))
        print(f"{rows * 4:,} samples of audio: {wall:.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
