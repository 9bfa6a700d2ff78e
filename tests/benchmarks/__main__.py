"""All benchmarks, one after the other, each in a process of its own.

    python -m tests.benchmarks [NAME...] [--project PROJECT]

NAME picks some of them; ``--list`` shows them. Those that need a trained project get PROJECT, or the demo,
which is trained first (two minutes or so). What can't run here is named at the end, with the reason.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from labelloop.assets import asset
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.project.labels import Label
from tests.end_to_end.support import environment
from tests.readme import trained_demo
from tests.where import ROOT, SHARED

Words = Sequence[str | Path]


class LeftOutError(Exception):
    """A benchmark can't run here; the text says why."""


class Given:
    """What benchmarks are given: a trained project, and the truth about it; made when first needed."""

    def __init__(self, folder: Path, project: Path | None = None) -> None:
        self._folder = folder
        self._project = project
        self._own = project is not None

    @property
    def project(self) -> Path:
        """A project with a trained model and labels that it generated."""
        if self._project is None:
            print("The demo project is trained first.", flush=True)
            self._project = trained_demo(self._folder / "trained")
        return self._project

    @property
    def truth(self) -> Path:
        """A folder with the true label files of the project's sessions."""
        if self._own:
            raise LeftOutError("nobody knows the truth about a project of your own: call it by itself")
        return true_labels(self._folder / "truth", "down")

    @property
    def session(self) -> Path:
        """A session's folder whose events are all labelled."""
        return asset("demo_data") / "Gestures" / "Data" / "down" / "down_02"


def true_labels(folder: Path, name: str) -> Path:
    """Label files with all true events of one class of the demo project."""
    sys.path.insert(0, str(asset("demo_data")))
    from generate import truth  # type: ignore[import-not-found]

    for path, events in truth().items():
        labels = [Label.spanning(x.start, x.end, x.name) for x in events if x.name == name]
        rows = parse_labels(EMPTY_LABELS, "label.label").render(labels) if labels else EMPTY_LABELS
        (folder / path).mkdir(parents=True)
        (folder / path / "label.label").write_bytes(rows)
    return folder


def _quality(_: Given) -> Words:
    if not SHARED.is_dir():
        raise LeftOutError(f"there are no real recordings at {SHARED}")
    return ()


BENCHMARKS: dict[str, Callable[[Given], Words]] = {
    "first_frame": lambda _: ("1000",),
    "bench_formats": lambda _: (),
    "bench_ingest": lambda _: (),
    "bench_looking": lambda _: (),
    "load": lambda _: (),
    "find_similar": lambda _: (),
    "labelling_cost": lambda given: (given.session,),
    "generating": lambda given: (given.project,),
    "scripted_user": lambda given: (given.project, given.truth, "--labelled", "75"),
    "quality": _quality,
}


def run(name: str, given: Given) -> str:
    """Run one; why it did not come to its end, or nothing. Its output goes where ours goes."""
    try:
        words = list(map(str, BENCHMARKS[name](given)))
    except LeftOutError as error:
        return f"left out, as {error}"
    print(f"\n== {name} {' '.join(words)}".rstrip(), flush=True)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}", *words], cwd=ROOT, env=environment(), check=False
    )
    print(f"== {time.perf_counter() - began:.0f} s", flush=True)
    return f"ended with code {done.returncode}" if done.returncode else ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run those that are asked for, all by default; the exit code is 1 when one failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--project", type=Path, help="a project with a trained model")
    parser.add_argument("--list", action="store_true", help="show the names and end")
    args = parser.parse_args(argv)
    if args.list:
        print("\n".join(BENCHMARKS))
        return 0
    if unknown := [name for name in args.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]}; use {', '.join(BENCHMARKS)}")
    with tempfile.TemporaryDirectory() as folder:
        given = Given(Path(folder), args.project)
        ends = {name: run(name, given) for name in args.names or BENCHMARKS}
    print()
    for name, end in ends.items():
        print(f"{name}: {end or 'done'}")
    return int(any(end.startswith("ended") for end in ends.values()))


if __name__ == "__main__":
    sys.exit(main())
