"""How long reading big label and project files takes, against a bare pass over the same bytes.

Run: python -m tests.benchmarks.bench_formats
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from xml.parsers import expat

from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.project.labels import LabelTrack
from labelloop.project.project import ProjectState
from labelloop.project.session import ClassTotal, Session


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def big_project(count: int) -> bytes:
    sessions = {}
    for i in range(count):
        where = f"Data/down/down_{i}"
        sessions[f"id-{i}"] = Session(
            f"id-{i}",
            f"down_{i}",
            "",
            f"{where}/data.csv",
            f"{where}/down_{i}.imsession",
            f"{where}/label.label",
            shape=(6,),
            rate_hz=50.0,
            length_s=120.0,
            totals=(ClassTotal("down", 3, 4.5),),
            custom={"9ab1daf8-f70c-4adb-9b78-296ad8a43f31": "down"},
        )
    return new_improj(ProjectState(sessions=sessions, members={"train": list(sessions)}))


def read_a_project(count: int) -> None:
    """Read a project and write it unchanged."""
    data = big_project(count)
    bare = seconds(lambda: expat.ParserCreate("utf-8").Parse(data[3:], True))
    ours = seconds(lambda: parse_improj(data, "x").state())
    document = parse_improj(data, "x")
    state = document.state()
    write = seconds(lambda: document.render(state))
    print(
        f"project of {count} sessions: read {ours * 1000:.0f} ms, {ours / bare:.1f} times a bare XML"
        f" parser; written unchanged in {write * 1000:.0f} ms"
    )
    assert document.render(state) == data


def read_a_million_labels() -> None:
    """Read a label file, change a hundred labels and write it."""
    rows = b"".join(b"%d.5339535,2.0601774,Dry,1,\n" % i for i in range(1_000_000))
    data = EMPTY_LABELS + rows
    bare = seconds(lambda: [[*map(float, r.split(",")[:2])] for r in rows.decode().splitlines()])
    ours = seconds(lambda: parse_labels(data, "x"))
    document = parse_labels(data, "x")
    track = LabelTrack(document.labels)
    edit = seconds(lambda: _move_some(track))
    write = seconds(lambda: document.render(track.now()))
    print(
        f"a million labels: read {ours:.1f} s, {ours / bare:.1f} times splitting the rows;"
        f" a change {edit * 10:.1f} ms; written in {write * 1000:.0f} ms"
    )
    assert document.render(document.labels) == data


def _move_some(track: LabelTrack) -> None:
    for i in range(100):
        label = track[i * 10_000]
        track.change((label,), (replace(label, start=label.start + 0.1, source_text=""),))


if __name__ == "__main__":
    read_a_project(1_000)
    read_a_project(10_000)
    read_a_million_labels()
