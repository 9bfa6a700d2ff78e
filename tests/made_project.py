"""Small projects on disk, made quickly and the same each time."""

from __future__ import annotations

import zlib
from pathlib import Path

from labelloop.formats.improj.project_file import new_improj, to_dotnet
from labelloop.formats.improj.session_file import TrackInfo, new_imsession
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn, ProjectState
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import UNASSIGNED

HEADER = "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)"
ROWS = ("1.50,0.5,up,1,", "4,1.25,down,0,a comment", "8.0000001,0.125,up,0.5,")
COLUMN = "c0ffee00-0000-0000-0000-000000000001"


def write_recording(path: Path, samples: int = 200, rate: float = 20.0, channels: int = 2) -> Path:
    """A plain recording of some seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ",".join("xyzabc"[k] for k in range(channels))
    values = ",".join(["0.25"] * channels)
    rows = [f"{i / rate:.3f},{values}" for i in range(samples)]
    path.write_text(f"Time (seconds),{names}\n" + "\n".join(rows) + "\n")
    return path


def write_labels(path: Path, rows: tuple[str, ...] = ROWS) -> Path:
    """A label file with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *rows)) + "\n")
    return path


def make_session(folder: Path, group: str, name: str, rows: tuple[str, ...], samples: int = 200) -> Session:
    """One session's files and what the project file says of it."""
    place = folder / "Data" / group / name
    data = write_recording(place / "data.csv", samples)
    labels = write_labels(place / "label.label", rows)
    tracks = [TrackInfo.data("data", "data.csv"), TrackInfo.label("label", "label.label")]
    session_id = f"00000000-0000-0000-0000-{zlib.crc32(place.name.encode()):012d}"
    (place / f"{name}.imsession").write_bytes(new_imsession(session_id, tracks))
    totals: dict[str, list[float]] = {}
    for row in rows:
        _, length, label = row.split(",")[:3]
        entry = totals.setdefault(label, [0, 0])
        entry[0] += 1
        entry[1] += float(length)
    below = f"Data/{group}/{name}"
    return Session(
        session_id, name, f"{group}/{name}", f"{below}/data.csv", f"{below}/{name}.imsession",
        f"{below}/label.label", shape=(2,), rate_hz=20.0, start_s=0.0, length_s=(samples - 1) / 20,
        data_modified=to_dotnet(data.stat().st_mtime), labels_modified=to_dotnet(labels.stat().st_mtime),
        tags="None" if rows else "LabelsMissing",
        totals=tuple(ClassTotal(n, int(c), length) for n, (c, length) in totals.items()),
        custom={COLUMN: group},
    )  # fmt: skip


def make_project(
    folder: Path, sessions: int = 4, rows: tuple[str, ...] = ROWS, name: str = "Made", samples: int = 200
) -> Path:
    """A project of sessions ``up/up_00``, ``down/down_01``, ...; all Unassigned. Its .improj file."""
    folder.mkdir(parents=True, exist_ok=True)
    state = ProjectState(
        classes=(ClassDef("up", 1), ClassDef("down", 2)),
        columns=(CustomColumn(COLUMN, "Category 1", "Category 1"),),
    )
    for number in range(sessions):
        group = ("up", "down")[number % 2]
        session = make_session(folder, group, f"{group}_{number:02d}", rows, samples)
        state.sessions[session.id] = session
        state.members[UNASSIGNED].append(session.id)
    file = folder / f"{name}.improj"
    file.write_bytes(new_improj(state))
    return file


def tree(folder: Path, ours: bool = False) -> dict[str, bytes]:
    """Every file below a folder with its content; without what lies in .labelloop unless asked."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (ours or ".labelloop" not in path.parts)
    }
