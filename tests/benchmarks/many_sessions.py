"""A made-up project of any number of small sessions."""

from __future__ import annotations

import uuid
from pathlib import Path

from labelloop.formats.improj.project_file import new_improj
from labelloop.formats.improj.session_file import TrackInfo, new_imsession
from labelloop.formats.labels.label_file import EMPTY_LABELS
from labelloop.project.classes import ClassDef
from labelloop.project.project import ProjectState
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import SETS

SIGNAL = "Time (seconds),x,y\n" + "".join(f"{i / 50:.2f},{i % 7},{i % 5}\n" for i in range(100))


def make_project(folder: Path, sessions: int) -> Path:
    """A project with this many sessions of two seconds, a fifth of them labelled; its project file."""
    state = ProjectState(classes=(ClassDef("down", 1), ClassDef("up", 2)))
    for number in range(sessions):
        name = f"session_{number:05d}"
        place = folder / "Data" / name
        place.mkdir(parents=True)
        (place / "data.csv").write_text(SIGNAL)
        labelled = number % 5 == 0
        row = b"0.2,0.5,down,1,\n" if labelled else b""
        (place / "label.label").write_bytes(EMPTY_LABELS + row)
        session_id = str(uuid.UUID(int=number + 1))
        tracks = [TrackInfo.data("data", "data.csv"), TrackInfo.label("label", "label.label")]
        (place / f"{name}.imsession").write_bytes(new_imsession(session_id, tracks))
        base = f"Data/{name}"
        totals = (ClassTotal("down", 1, 0.5),) if labelled else ()
        state.sessions[session_id] = Session(
            session_id,
            name,
            name,
            f"{base}/data.csv",
            f"{base}/{name}.imsession",
            f"{base}/label.label",
            shape=(2,),
            rate_hz=50,
            length_s=1.98,
            totals=totals,
        )
        state.members[SETS[number % 4]].append(session_id)
    file = folder / "many.improj"
    file.write_bytes(new_improj(state))
    return file
