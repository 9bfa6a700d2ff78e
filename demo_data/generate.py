"""Makes the demo project: a person with a sensor on the wrist who moves a hand up and down, all made up.

    python demo_data/generate.py [FOLDER]

writes FOLDER/Gestures (this folder by default). The same seed gives the same bytes everywhere.
"""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

from labelloop.formats.improj.project_file import new_improj, to_dotnet
from labelloop.formats.improj.session_file import TrackInfo, new_imsession
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.project.classes import ClassDef
from labelloop.project.labels import Label
from labelloop.project.project import CustomColumn, ProjectState
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import UNASSIGNED

Floats = npt.NDArray[np.float64]

SEED = 7
NAME = "Gestures"
RATE_HZ = 50.0
DOWN, UP = "down", "up"
CHANNELS = ("ax (g)", "ay (g)", "az (g)", "gx (deg/s)", "gy (deg/s)", "gz (deg/s)")
LEVER_M, GRAVITY = 0.35, 9.81
LABELLED = frozenset([*(f"down_{i:02d}" for i in range(1, 8)), "mixed_01", "mixed_02", "mixed_03"])
LABELLED_IN_PART, SO_FAR = "down_08", 75  # five more labels by hand and it is time to train
_IDS = uuid.UUID("5b0c9a52-3a55-4d0c-8f0a-6d1d3f1c7a10")
_RECORDED = datetime(2024, 5, 14, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """A true event: a class from ``start`` to ``end`` in the session's own seconds."""

    start: float
    end: float
    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """One movement: how far it turns the wrist (roll, pitch, yaw in degrees), when, and how it goes.

    ``out`` and ``hold`` are the shares of its time that going there and staying take.
    """

    start: float
    length: float
    turn: tuple[float, float, float]
    out: float = 0.35
    hold: float = 0.1
    shake_hz: float = 0.0
    name: str = ""

    @property
    def end(self) -> float:
        """When the movement is over."""
        return self.start + self.length


@dataclass
class Recording:
    """One session as it is made: its place, its movements, its samples."""

    group: str
    name: str
    moves: list[Move]
    start: float
    times: Floats = field(default_factory=lambda: np.empty(0))
    values: Floats = field(default_factory=lambda: np.empty((0, 6)))

    @property
    def path(self) -> str:
        """The session's path below the data folder."""
        return f"{self.group}/{self.name}"

    @property
    def events(self) -> list[Event]:
        """All true events; a movement begins and ends a little before one sees it."""
        seen = [m for m in self.moves if m.name]
        return [
            Event(round(self.start + m.start, 4), round(self.start + m.end, 4), m.name)
            for m in sorted(seen, key=lambda m: m.start)
        ]


def truth(seed: int = SEED) -> dict[str, list[Event]]:
    """Every event of every session, by the session's path; most of them are not labelled in the project."""
    return {recording.path: recording.events for recording in plan(np.random.RandomState(seed))}


def plan(random: np.random.RandomState) -> list[Recording]:
    """All sessions and what happens in each."""
    sessions = [(DOWN, i, [DOWN] * 9) for i in range(1, 11)]
    sessions += [(UP, i, [UP] * 9) for i in range(1, 5)]
    sessions += [("background", i, []) for i in range(1, 4)]
    sessions += [("mixed", i, [DOWN, UP, DOWN, UP, UP, DOWN]) for i in range(1, 6)]
    return [_session(random, group, f"{group}_{i:02d}", names) for group, i, names in sessions]


def _session(random: np.random.RandomState, group: str, name: str, names: list[str]) -> Recording:
    others = ["small", "slow", "turn", "twist", "shake", "rest", "rest"]
    count = 12 if not names else random.randint(5, 8)
    todo = names + [others[i] for i in random.randint(0, len(others), count)]
    order = random.permutation(len(todo))
    touching = {int(i) for i in random.choice(len(todo), 2, replace=False)} if names else set()
    moves: list[Move] = []
    clock = random.uniform(1.5, 3.0)
    for place, index in enumerate(order):
        kinds = [todo[index]]
        if place in touching and kinds[0] in (DOWN, UP):
            kinds *= random.randint(2, 4)
        for kind in kinds:
            moves.append(_move(random, kind, clock))
            clock = moves[-1].end
        clock += random.uniform(0.4, 2.6)
    start = 0.0 if random.uniform() < 0.5 else round(random.uniform(0.01, 90.0), 4)
    return _trimmed(Recording(group, name, moves, start), names)


def _trimmed(recording: Recording, names: list[str]) -> Recording:
    """Repetitions that touch are among the planned events, not beside them: the last ones go."""
    extra = sum(bool(m.name) for m in recording.moves) - len(names)
    for move in reversed(recording.moves):
        if extra > 0 and move.name:
            recording.moves.remove(move)
            extra -= 1
    return recording


def _move(random: np.random.RandomState, kind: str, start: float) -> Move:
    """A movement as this person makes it this time."""
    length = float(np.clip(random.normal(1.45, 0.22), 0.95, 2.1))
    far = float(np.clip(random.normal(62, 9), 42, 85))
    aside = (random.normal(0, 6), random.normal(0, 6))
    out, hold = random.uniform(0.28, 0.40), random.uniform(0.04, 0.16)
    sign = 1.0 if random.uniform() < 0.5 else -1.0
    if kind in (DOWN, UP):
        pitch = far if kind == UP else -far
        return Move(start, length, (aside[0], pitch, aside[1]), out, hold, name=kind)
    if kind == "small":
        return Move(start, length, (aside[0], sign * 0.24 * far, aside[1]), out, hold)
    if kind == "slow":
        return Move(start, 3.2 * length, (aside[0], sign * 0.8 * far, aside[1]), 0.4, 0.2)
    if kind == "rest":
        return Move(start, 2.2 * length, (aside[0], sign * 0.9 * far, aside[1]), 0.22, 0.5)
    if kind == "turn":
        return Move(start, length, (aside[0], aside[1], sign * far), out, hold)
    if kind == "twist":
        return Move(start, length, (sign * 1.1 * far, aside[0], aside[1]), out, hold)
    return Move(start, 0.8 * length, (aside[0], 4.0, aside[1]), 0.3, 0.4, shake_hz=random.uniform(3, 4.5))


def _ease(u: Floats) -> Floats:
    """From 0 to 1 as limbs do it: no jump in speed or force."""
    u = np.clip(u, 0, 1)
    return u**3 * (10 - 15 * u + 6 * u**2)


def _course(move: Move, t: Floats) -> Floats:
    """How far along its turn a movement is at each time, 0 to 1."""
    u = (t - move.start) / move.length
    there = _ease(u / move.out)
    back = _ease((u - move.out - move.hold) / (1 - move.out - move.hold))
    shake = np.sin(2 * np.pi * move.shake_hz * (t - move.start)) if move.shake_hz else 1.0
    course: Floats = there * (1 - back) * shake
    return course


class _Wander:
    """Slow movement that never stops: a few slow waves for each angle."""

    def __init__(self, random: np.random.RandomState, rest: Sequence[float]) -> None:
        self._rest = np.array(rest)
        self._speed = random.uniform(0.15, 2.6, (5, 3))
        self._size = random.uniform(0.5, 3.0, (5, 3)) / np.sqrt(self._speed)
        self._phase = random.uniform(0, 2 * np.pi, (5, 3))

    def __call__(self, t: Floats) -> Floats:
        waves = self._size * np.sin(t[:, None, None] * self._speed + self._phase)
        return np.asarray(self._rest + waves.sum(axis=1))


def record(random: np.random.RandomState, recording: Recording) -> None:
    """Let the sensor see the session's movements."""
    last = max(move.end for move in recording.moves)
    t = _clock(random, last + random.uniform(1.5, 3.0))
    rest = (random.normal(0, 22), random.normal(-8, 14), 0.0)
    wander = _Wander(random, rest)

    def angles(at: Floats) -> Floats:
        turned = [np.outer(_course(move, at), move.turn) for move in recording.moves]
        whole: Floats = np.radians(wander(at) + np.sum(turned, axis=0))
        return whole

    step = 1e-3
    before, now, after = angles(t - step), angles(t), angles(t + step)
    rate, force = (after - before) / (2 * step), (after - 2 * now + before) / step**2
    values = np.hstack([_accelerations(now, rate, force), np.degrees(rate)])
    recording.values = _sensed(random, values, t)
    recording.times = np.round(recording.start + t, 4)


def _clock(random: np.random.RandomState, length: float) -> Floats:
    """Time stamps as sensors give them: nearly even, now and then one late, a few samples lost."""
    rate = RATE_HZ * (1 + random.normal(0, 0.003))
    count = int(length * rate)
    t = np.arange(count) / rate + random.normal(0, 0.0007, count)
    late = random.uniform(size=count) < 0.004
    t = t + late * random.uniform(0.003, 0.009, count)
    t = t[random.uniform(size=count) > 0.0008]
    return np.asarray(np.maximum.accumulate(t - t[0] + np.arange(len(t)) * 1e-9))


def _accelerations(angle: Floats, rate: Floats, force: Floats) -> Floats:
    """What an accelerometer at the end of the forearm measures, in g."""
    roll, pitch = angle[:, 0], angle[:, 1]
    gravity = np.stack([-np.sin(pitch), np.cos(pitch) * np.sin(roll), np.cos(pitch) * np.cos(roll)], axis=1)
    inwards = -(rate[:, 1] ** 2 + rate[:, 2] ** 2)
    swing = np.stack([inwards, force[:, 2], -force[:, 1]], axis=1)
    return np.asarray(gravity + LEVER_M / GRAVITY * swing)


def _sensed(random: np.random.RandomState, values: Floats, t: Floats) -> Floats:
    """The sensor's own: how it sits on the wrist, offsets, drift, noise."""
    skew = np.radians(random.normal(0, 12))
    turn = np.eye(3)
    turn[1:, 1:] = [[np.cos(skew), -np.sin(skew)], [np.sin(skew), np.cos(skew)]]
    drift = random.normal(0, 1.0, 3) * t[:, None] / 60 + random.normal(0, 1.2, 3)
    acceleration = values[:, :3] @ turn.T + random.normal(0, 0.015, 3)
    rotation = values[:, 3:] @ turn.T + drift
    noise = random.normal(0, 1, values.shape) * ([0.012] * 3 + [1.1] * 3)
    return np.hstack([acceleration, rotation]) + noise


def recordings(seed: int = SEED) -> list[Recording]:
    """All sessions with their samples."""
    random = np.random.RandomState(seed)
    made = plan(random)
    for recording in made:
        record(random, recording)
    return made


def labels_by_hand(random: np.random.RandomState, made: Sequence[Recording]) -> dict[str, list[Label]]:
    """The labels that the project comes with, by the session's path: those of down in a part of it."""
    whole = {r.path: _by_hand(random, r) for r in made if r.name in LABELLED}
    missing = SO_FAR - sum(map(len, whole.values()))
    part = next(r for r in made if r.name == LABELLED_IN_PART)
    return {**whole, part.path: _by_hand(random, part)[:missing]}


def _by_hand(random: np.random.RandomState, recording: Recording) -> list[Label]:
    """Labels as a person makes them: a few hundredths of a second off, never one over the other."""
    labels: list[Label] = []
    for event in recording.events:
        if event.name == DOWN:
            least = labels[-1].end if labels else recording.start
            start = max(least, event.start + random.normal(0, 0.03))
            end = event.end + random.normal(0, 0.03)
            labels.append(Label.spanning(round(start, 3), round(end, 3), DOWN))
    return labels


def _csv(recording: Recording) -> bytes:
    rows = [",".join(("Time (seconds)", *CHANNELS))]
    for time, v in zip(recording.times, recording.values, strict=True):
        fields = [f"{time:.4f}", *(f"{x:.3f}" for x in v[:3]), *(f"{x:.1f}" for x in v[3:])]
        rows.append(",".join("0" + f.lstrip("-0.") if float(f) == 0 else f for f in fields))
    return ("\n".join(rows) + "\n").encode()


def _session_value(recording: Recording, number: int, labels: list[Label], column: str) -> Session:
    place = f"Data/{recording.path}"
    when = _RECORDED + timedelta(minutes=3 * number)
    total = ClassTotal(DOWN, len(labels), round(sum(x.length for x in labels), 9))
    return Session(
        str(uuid.uuid5(_IDS, recording.path)),
        recording.name,
        recording.path,
        f"{place}/data.csv",
        f"{place}/{recording.name}.imsession",
        f"{place}/label.label",
        shape=(len(CHANNELS),),
        rate_hz=round(float(1 / np.median(np.diff(recording.times))), 3),
        start_s=float(recording.times[0]),
        length_s=round(float(recording.times[-1] - recording.times[0]), 4),
        data_modified=to_dotnet(when),
        labels_modified=to_dotnet(when + timedelta(days=1)),
        tags="None" if labels else "LabelsMissing",
        totals=(total,) if labels else (),
        custom={column: recording.group},
    )


def _write_session(folder: Path, session: Session, recording: Recording, labels: list[Label]) -> None:
    (folder / session.data_file).parent.mkdir(parents=True, exist_ok=True)
    tracks = [TrackInfo.data("data", "data.csv"), TrackInfo.label("label", "label.label")]
    (folder / session.data_file).write_bytes(_csv(recording))
    (folder / session.session_file).write_bytes(new_imsession(session.id, tracks))
    rows = parse_labels(EMPTY_LABELS, "label.label").render(labels) if labels else EMPTY_LABELS
    (folder / session.label_file).write_bytes(rows)


def write_project(parent: Path, seed: int = SEED) -> Path:
    """Write the whole project below a folder and return its project file."""
    folder = parent / NAME
    column = CustomColumn(str(uuid.uuid5(_IDS, "Category 1")), "Category 1", "Category 1")
    state = ProjectState(classes=(ClassDef(DOWN, 1), ClassDef(UP, 2)), columns=(column,))
    made = recordings(seed)
    by_hand = labels_by_hand(np.random.RandomState(seed + 1), made)
    for number, recording in enumerate(made):
        labels = by_hand.get(recording.path, [])
        session = _session_value(recording, number, labels, column.id)
        _write_session(folder, session, recording, labels)
        state.sessions[session.id] = session
        state.members[UNASSIGNED].append(session.id)
    data = new_improj(state, project_id=str(uuid.uuid5(_IDS, NAME)))
    job = b'<Job id="%s"' % str(uuid.uuid5(_IDS, "job")).encode()
    file = folder / f"{NAME}.improj"
    file.write_bytes(re.sub(rb'<Job id="[^"]*"', job, data, count=1))
    return file


if __name__ == "__main__":
    print(write_project(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
