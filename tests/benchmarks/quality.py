"""Label quality of the whole program on every real data set, as a table.

    python -m tests.benchmarks.quality [--seeds 0,1,2] [--data DIR] [--tool FILE] [--runs FILE] [--write]

A run takes three minutes or so. ``--runs`` keeps what each run brought, a line of JSON a run; what is there
is not run again. ``--write`` puts the table into README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.end_to_end.support import environment
from tests.where import SHARED as SHARED_DATA

SHARED = SHARED_DATA.parent
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table of quality.py -->\n", "<!-- end of it -->\n"
# What two simpler ways bring on the same sessions (seed 0, the same tool): a plain dense network with a class
# score a frame, and windows with a Conv1D network, which is how Studio does it.
BASELINES = {
    "gestures_actrectut": ("0.983 / 0.940", "0.540 / 0.507"),
    "tug_activities": ("0.874 / 0.697", "0.414 / 0.241"),
    "birdsong_bands": ("0.880 / 0.823", "0.885 / 0.857"),
    "ecg_beats": ("centres 0.924", "centres 0.058"),
    "emg_gestures": ("0.659", "0.385"),
    "water_use": ("0.368", "not finished"),
}
COLUMNS = {"f1_iou50": "F1 at 0.5", "f1_iou70": "F1 at 0.7", "f1_centre": "F1 of centres", "effort": "effort"}
HEADER = ["data", "seeds", *COLUMNS.values(), "training", "plain dense network", "windowed Conv1D"]


def measured(tool: Path, data: Path, seed: int) -> dict[str, Any]:
    """One run of the tool. Raises SystemExit with its words when it fails."""
    with tempfile.TemporaryDirectory() as work:
        command = f"{sys.executable} -m labelloop"
        argv = [sys.executable, str(tool), str(data), "--seed", str(seed), "--json", "--cmd", command]
        ran = subprocess.run(
            [*argv, "--work", work], capture_output=True, text=True, env=environment(), check=False
        )
    if ran.returncode:
        raise SystemExit(ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def row(name: str, runs: dict[int, dict[str, Any]]) -> str:
    """A table row: the means over the seeds."""
    means = [statistics.mean(float(run[key]) for run in runs.values()) for key in COLUMNS]
    train = statistics.mean(float(run["seconds"]["train"]) for run in runs.values())
    seeds = ", ".join(map(str, sorted(runs)))
    return _line([name, seeds, *(f"{mean:.3f}" for mean in means), f"{train:.0f} s", *BASELINES[name]])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def kept_runs(path: Path | None) -> dict[tuple[str, int], dict[str, Any]]:
    """The runs of a file, by data set and seed."""
    if path is None or not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(str(r["data"]), int(r["seed"])): r["run"] for r in rows}


def table(args: argparse.Namespace) -> Iterator[str]:
    """The table, a line as soon as it is known."""
    known = kept_runs(args.runs)
    yield _line(HEADER)
    yield "|" + "---|" * len(HEADER)
    for name in BASELINES:
        runs: dict[int, dict[str, Any]] = {}
        for seed in map(int, args.seeds.split(",")):
            if (name, seed) not in known:
                known[name, seed] = measured(args.tool, args.data / name, seed)
                if args.runs:
                    with args.runs.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({"data": name, "seed": seed, "run": known[name, seed]}) + "\n")
            runs[seed] = known[name, seed]
        yield row(name, runs)


def written(text: str, lines: Sequence[str]) -> str:
    """A README with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "".join(f"{line}\n" for line in lines) + END + after


def main() -> None:
    """Print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--tool", type=Path, default=SHARED / "tools" / "label_quality.py")
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    lines = []
    for line in table(args):
        print(line, flush=True)
        lines.append(line)
    if args.write:
        README.write_text(written(README.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    main()
