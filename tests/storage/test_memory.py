"""What a process that only looks at a long recording takes of the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labelloop.storage.signals import SignalStore
from tests.storage.made_up import wav_bytes
from tests.where import SOURCE

LOOK = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from labelloop.storage.signals import SignalStore

def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20

store, source = SignalStore(Path(sys.argv[1])), Path(sys.argv[2])
before = resident()
signal = store.cached(source)
took = []
for share in (1, 0.5, 0.1, 0.01, 0.001):
    start = time.perf_counter()
    edges = np.linspace(signal.first_s, signal.first_s + share * (signal.last_s - signal.first_s), 401)
    for k in range(len(signal.names)):
        low, high = signal.envelope_at(k, edges)
        assert np.isfinite(low).any()
    took.append((time.perf_counter() - start) * 1000)
print(json.dumps({"grown": resident() - before, "all": resident(), "ms": took, "n": signal.n}))
"""


def look(folder: Path, source: Path) -> dict[str, float]:
    command = [sys.executable, "-c", LOOK, str(folder), str(source)]
    run = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_looking_at_two_million_rows_takes_a_few_megabytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frames = rng.integers(-30000, 30000, (2_000_000, 6), dtype=np.int16)
    path = tmp_path / "long.wav"
    path.write_bytes(wav_bytes(frames, 6, 16))
    store = SignalStore(tmp_path / "cache")
    store.load(path).close()
    assert next(store.folder.glob("*.h5")).stat().st_size > 60e6
    found = look(store.folder, path)
    assert found["n"] == 2_000_000
    assert found["grown"] < 12
