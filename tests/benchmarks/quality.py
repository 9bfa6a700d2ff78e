"""Label quality of the whole program on every real data set, as a table.

    python -m tests.benchmarks.quality [--seeds 0,1,2] [--data DIR] [--tool label_quality.py]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.end_to_end.support import environment

SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = (
    "gestures_actrectut",
    "tug_activities",
    "birdsong_bands",
    "ecg_beats",
    "emg_gestures",
    "water_use",
)
COLUMNS = {"f1_iou50": "F1 at 0.5", "f1_iou70": "F1 at 0.7", "f1_centre": "F1 of centres", "effort": "effort"}


def measured(tool: Path, data: Path, seed: int) -> dict[str, Any]:
    """One run of the tool. Raises SystemExit with its words when it fails."""
    with tempfile.TemporaryDirectory() as work:
        command = f"{sys.executable} -m app"
        argv = [sys.executable, str(tool), str(data), "--seed", str(seed), "--json", "--cmd", command]
        ran = subprocess.run(
            [*argv, "--work", work], capture_output=True, text=True, env=environment(), check=False
        )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def row(name: str, runs: Sequence[dict[str, Any]]) -> str:
    """A table row: the means over the seeds."""
    means = [statistics.mean(float(run[key]) for run in runs) for key in COLUMNS]
    train = statistics.mean(float(run["seconds"]["train"]) for run in runs)
    cells = [name, str(len(runs)), *(f"{mean:.3f}" for mean in means), f"{train:.0f} s"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--tool", type=Path, default=SHARED / "tools" / "label_quality.py")
    args = parser.parse_args()
    print("| data | seeds | " + " | ".join(COLUMNS.values()) + " | training |")
    print("|" + "---|" * (len(COLUMNS) + 3))
    for name in DATA:
        runs = [measured(args.tool, args.data / name, int(seed)) for seed in args.seeds.split(",")]
        print(row(name, runs), flush=True)


if __name__ == "__main__":
    main()
