"""A small project in memory for tests of changes and of the editor, and drawn values for hypothesis."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from labelloop.errors import Refused
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.history import Entry, History
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.project import CustomColumn, Project, ProjectState
from labelloop.project.session import ClassTotal, Session, TrackRef
from labelloop.project.sets import SETS

LABELS = (
    Label(0.5, 1.0, "up", source_text="0.5,1,up,1,"),
    Label(2.0, 0.5, "down", 0.25, "odd", "run:g1", False),
    Label(2.0, 0.5, "down", 0.75),
    Label(7.0, 0.0, "up"),
)


def session(number: int, **more: Any) -> Session:
    """A made-up session."""
    name = f"s{number}"
    own: dict[str, Any] = {
        "id": f"id-{number}",
        "name": name,
        "path": f"up/{name}",
        "data_file": f"Data/up/{name}/data.csv",
        "session_file": f"Data/up/{name}/{name}.imsession",
        "label_file": f"Data/up/{name}/label.label",
        "shape": (3,),
        "rate_hz": 50.0,
        "start_s": -0.5,
        "length_s": 60.0,
        "totals": (ClassTotal("up", 2, 1.0),),
        "custom": {"column": "up"},
    }
    return Session(**(own | more))


@dataclass
class MemoryLoader:
    """Tracks that are made up when asked for."""

    loads: int = 0

    def load_track(self, session: Session, track: str) -> LabelTrack:
        self.loads += 1
        return LabelTrack(LABELS if track == "label" else ())

    def list_tracks(self, session: Session) -> tuple[TrackRef, ...]:
        data = TrackRef("data", session.data_file, "datacsv")
        folder = session.data_file.rpartition("/")[0]
        return data, TrackRef("label", session.label_file), TrackRef("auto", f"{folder}/auto.label")


@dataclass
class MemoryJournal:
    """A journal that can be told to refuse."""

    entries: list[Entry] = field(default_factory=list)
    refuses: bool = False

    def append(self, entry: Entry) -> None:
        if self.refuses:
            raise Refused("The disk is full.")
        self.entries.append(entry)

    def history(self) -> History:
        history = History()
        for entry in self.entries:
            history.record(entry)
        return history

    @property
    def last_seq(self) -> int:
        return self.entries[-1].seq if self.entries else 0


def project(count: int = 5) -> Project:
    """A project with some sessions in each set."""
    state = ProjectState(
        classes=(ClassDef("up", 1), ClassDef("down", 2, 1.5)),
        columns=(CustomColumn("column", "Category 1", "Category 1"),),
        looks={"up": ClassLook("1", 3)},
    )
    for number in range(count):
        made = session(number)
        state.sessions[made.id] = made
        state.members[SETS[number % 4]].append(made.id)
    return Project(Path("/nowhere/made.improj"), state, MemoryLoader())


def snapshot(project: Project) -> dict[str, Any]:
    """All that a change can alter, fit to be compared."""
    state = project.state
    return copy.deepcopy(
        {
            "sessions": {sid: (s, dict(s.custom)) for sid, s in state.sessions.items()},
            "members": {name: ids for name, ids in state.members.items() if ids},
            "set_of": {sid: project.set_of(sid) for sid in state.sessions},
            "lists": (state.sets, state.classes, state.columns, dict(state.looks)),
            "refs": {sid: set(project.tracks_of(sid)) for sid in state.sessions},
            "labels": {
                (sid, track): [(x, x.source_text) for x in project.track(sid, track)]
                for sid in state.sessions
                for track in project.label_tracks_of(sid)
            },
        }
    )


times = st.integers(0, 40).map(lambda n: n / 4)
lengths = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0, 3.0, 20.0])
labels = st.builds(
    Label,
    times,
    lengths,
    st.sampled_from(["up", "down", "walk \x1b[31m", 'naïve, "quoted"']),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from(["", "a comment"]),
    st.sampled_from(["", "run:g1", "track:auto"]),
    st.booleans(),
    st.sampled_from(["", "0,1,up,1,", "0.0,1,up,1,"]),
)
