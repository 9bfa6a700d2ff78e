"""Find similar: what the default threshold brings on real recordings, and the time of a search.

    python -m tests.benchmarks.find_similar [FOLDER...] [--examples 3] [--seeds 3] [--iou 0.5]

FOLDER holds sessions (``data.csv`` and ``label.label``, at any depth); each class of it is searched from
examples drawn at random. Without a folder the search of an hour of six channels at 50 Hz is timed, against
one plain Fourier transform of the same samples there and back.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labelloop.formats.labels.label_file import parse_labels
from labelloop.labeling.matching import Event, match_events
from labelloop.labeling.similar import Example, agreement, default_threshold, suggest, to_events

Floats = npt.NDArray[np.float64]


class Recording(NamedTuple):
    """A session: times in seconds, samples by channels, what is labelled."""

    times: Floats
    values: Floats
    events: list[Event]


def recordings(folder: Path) -> list[Recording]:
    """All sessions below a folder."""
    out = []
    for file in sorted(folder.rglob("data.csv")):
        rows = np.loadtxt(file, delimiter=",", skiprows=1)
        labels = parse_labels(file.with_name("label.label").read_bytes(), str(file)).labels
        out.append(Recording(rows[:, 0], rows[:, 1:], [Event(x.start, x.end, x.name) for x in labels]))
    return out


def result(
    sessions: Sequence[Recording], name: str, count: int, seed: int, iou: float
) -> tuple[float, float]:
    """Precision and recall of one class at the default threshold."""
    rate = 1 / float(np.median(np.diff(sessions[0].times)))
    places = [(s, e) for s in sessions for e in s.events if e.name == name]
    examples = []
    for session, event in random.Random(f"{name} {seed}").sample(places, min(count, len(places))):
        first, last = np.searchsorted(session.times, [event.start, event.end])
        examples.append(Example.cut(session.values, int(first), int(last), rate))
    found = [suggest(s.values, rate, examples) for s in sessions]
    threshold = default_threshold([x.score for f in found for x in f], agreement(examples))
    hits = said = 0
    for session, suggestions in zip(sessions, found, strict=True):
        true = [e for e in session.events if e.name == name]
        events = to_events(suggestions, session.times, name, threshold)
        hits, said = hits + len(match_events(true, events, iou)), said + len(events)
    return hits / max(1, said), hits / len(places)


def table(folder: Path, count: int, seeds: int, iou: float) -> None:
    """Print a row a class, and the means."""
    sessions = recordings(folder)
    rows = []
    for name in sorted({e.name for s in sessions for e in s.events}):
        each = [result(sessions, name, count, seed, iou) for seed in range(seeds)]
        rows.append([statistics.mean(column) for column in zip(*each, strict=True)])
        print(f"{folder.name:20} {name:20} precision {rows[-1][0]:.3f}  recall {rows[-1][1]:.3f}", flush=True)
    precision, recall = (statistics.mean(column) for column in zip(*rows, strict=True))
    print(f"{folder.name:20} {'mean':20} precision {precision:.3f}  recall {recall:.3f}", flush=True)


def seconds(action: Callable[[], object]) -> float:
    """The quickest of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return min(taken)


def transform(data: npt.NDArray[np.float32]) -> None:
    """Each channel there and back."""
    for channel in data.astype(np.float64).T:
        np.fft.irfft(np.fft.rfft(channel), len(channel))


def speed() -> None:
    """Print the time of searches by length and number of examples, and of another threshold."""
    data = np.random.default_rng(0).normal(0, 1, (180_000, 6)).cumsum(axis=0).astype(np.float32)
    times = np.arange(len(data)) / 50
    plain = seconds(lambda: transform(data))
    print(f"one transform of 1 h, 6 channels, 50 Hz: {plain:.3f} s")
    for length_s in (1.5, 5, 30, 120, 600):
        for count in (1, 3):
            n = round(50 * length_s)
            places = np.linspace(1000, len(data) - n - 1000, count).astype(int).tolist()
            examples = [Example.cut(data, at, at + n, 50) for at in places]
            search = seconds(lambda examples=examples: suggest(data, 50, examples))  # type: ignore[misc]
            found = suggest(data, 50, examples)
            again = seconds(lambda found=found: to_events(found, times, "x", 0.5))  # type: ignore[misc]
            ratio = search / plain
            print(
                f"{count} of {length_s:5g} s: search {search:.3f} s, ratio {ratio:5.1f}; level {again:.4f} s"
            )


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--examples", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--iou", type=float, default=0.5)
    given = parser.parse_args()
    for folder in given.folders:
        table(folder, given.examples, given.seeds, given.iou)
    if not given.folders:
        speed()


if __name__ == "__main__":
    main()
