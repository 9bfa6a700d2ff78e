"""Putting found events into the tracks: target, rules, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from labelloop.errors import Refused, UserError, printable
from labelloop.jobs.progress import JobStatus
from labelloop.labeling.tracks import KEEP, POLICIES, merge_generated
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import class_additions
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.project import Project
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.services.labels.track_edits import new_track_ref
from labelloop.services.sessions.locked import refuse_locked
from labelloop.services.sessions.select import select
from labelloop.storage.store import ProjectStore

EXISTING, NEW = "existing", "new"
LEFT = 0.5  # of an event that was cut: what lies mostly under confirmed labels is labelled already
LIMITS = {"min_length": "too short", "max_length": "too long", "least_score": "unsure"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where labels go: a track that exists, or a new one."""

    kind: str
    track: str

    @staticmethod
    def parse(text: str) -> Target:
        """``existing:TRACK`` or ``new:TRACK``. Raises UserError for anything else."""
        kind, colon, track = text.partition(":")
        if kind not in (EXISTING, NEW) or not colon or not track.strip():
            raise UserError(f"'{printable(text)}' is no target: write existing:TRACK or new:TRACK.")
        if not track.isprintable() or any(char in track for char in "/\\"):
            raise UserError(f"'{printable(track)}' is no name for a track: use letters, digits, spaces.")
        return Target(kind, track.strip())

    def __str__(self) -> str:
        return f"{self.kind}:{self.track}"


@dataclass(frozen=True, slots=True)
class Rules:
    """How found events meet the labels that are there, the same for every method.

    ``least_part`` gives, by class, the shortest stretch (s) that may be left of an event that was cut at
    confirmed edges; what is shorter is the rim of an event that is labelled already. ``left`` is the share of
    the event that such a part must be.
    """

    target: Target
    existing: str = KEEP
    classes: tuple[str, ...] = ()
    min_length_s: float = 0.0
    add_classes: bool = False
    least_part: Mapping[str, float] = field(default_factory=dict)
    left: float = 0.0

    def with_parts(self, least_part: Mapping[str, float]) -> Rules:
        """The same rules with other shortest parts, of an event that keeps half of itself at least."""
        return replace(self, least_part=least_part, left=LEFT)

    def __post_init__(self) -> None:
        if self.existing not in POLICIES:
            known = ", ".join(POLICIES)
            raise UserError(f"'{printable(self.existing)}' says nothing about existing labels: use {known}.")


@dataclass(frozen=True, slots=True)
class SessionOutcome:
    """What one session got, or why nothing."""

    session: Session
    added: int = 0
    kept: int = 0
    removed: int = 0
    problem: str = ""
    dropped: Mapping[str, int] = field(default_factory=dict)  # events that a model's limits took

    def to_json(self) -> dict[str, Any]:
        """As ``labelloop generate --json`` shows it."""
        data: dict[str, Any] = {"name": self.session.path, "added": self.added, "kept": self.kept}
        data["removed"] = self.removed
        data |= {"dropped": dict(self.dropped)} if self.dropped else {}
        return data | ({"problem": self.problem} if self.problem else {})

    @property
    def facts(self) -> str:
        """What it got, in words."""
        words = f"{self.added} added, {self.kept} kept, {self.removed} removed"
        taken = ", ".join(f"{LIMITS.get(k, k)} {n}" for k, n in self.dropped.items())
        return words + (f"; limits dropped {sum(self.dropped.values())} ({taken})" if taken else "")


@dataclass
class Outcome:
    """What a run did."""

    run: str
    sessions: list[SessionOutcome] = field(default_factory=list)

    @property
    def added(self) -> int:
        """All labels added."""
        return sum(s.added for s in self.sessions)

    @property
    def failed(self) -> list[SessionOutcome]:
        """The sessions that got nothing because something was wrong."""
        return [s for s in self.sessions if s.problem]

    def to_json(self) -> dict[str, Any]:
        """As ``labelloop generate --json`` shows it."""
        return {"run": self.run, "sessions": [s.to_json() for s in self.sessions], "added": self.added}


class Run(Protocol):
    """A generation under way: ``poll`` until it says that it is over."""

    outcome: Outcome
    status: JobStatus | None

    def poll(self) -> bool:
        """Apply what is new; True at the end. Raises UserError when it failed as a whole."""
        ...

    def cancel(self) -> None:
        """Stop; sessions that are whole stay."""
        ...


def chosen_sessions(project: Project, words: Sequence[str], classes: Sequence[str]) -> list[Session]:
    """The sessions to generate for: those that are done for the classes only when named one by one.

    Raises:
        UserError: a word means nothing, or no session is left.
    """
    chosen: dict[str, Session] = {}
    passed = 0
    for word in words:
        found = select(project, [word])
        named = len(found) == 1 and word.strip("/") in (found[0].path, found[0].name)
        for session in found:
            if not named and session.done and (not classes or set(classes) <= session.done):
                passed += 1
                continue
            chosen[session.id] = session
    if not chosen:
        why = f"{passed} are done for these classes; name them one by one" if passed else "none matches"
        raise UserError(f"There is no session to generate labels for ({why}).")
    return list(chosen.values())


def check_target(store: ProjectStore, sessions: Sequence[Session], target: Target) -> None:
    """Refuse a target track that sessions lack or that is locked, or a new one that some have.

    Raises:
        UserError: naming the sessions.
    """
    refuse_locked(store, sessions, target.track, target.kind == NEW)
    names = sessions_having(store, sessions, target.track, target.kind == NEW)
    if names:
        what = "have no track" if target.kind == EXISTING else "have a track already named"
        instead = "new" if target.kind == EXISTING else "existing"
        track = printable(target.track)
        raise UserError(f"{names} {what} {track}: use --target {instead}:{track}, or other sessions.")


def sessions_having(store: ProjectStore, sessions: Sequence[Session], track: str, having: bool) -> str:
    """The names of sessions that have a label track, or lack it; empty when there are none.

    Sessions whose files can't be read are passed over: they are told when their turn comes.
    """
    found = []
    for session in sessions:
        with suppress(UserError):
            if (track in store.project.label_tracks_of(session.id)) == having:
                found.append(printable(session.path))
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")


def check_classes(project: Project, classes: Sequence[str], add: bool) -> list[Change]:
    """The change that brings missing classes into the project, when asked.

    Raises:
        UserError: the project lacks a class and it was not asked to add it.
    """
    if not add:
        for name in classes:
            if name not in project.class_names:
                raise UserError(
                    f"{project.name} lacks the class '{printable(name)}': add it (--add-classes, step 4 of "
                    f"the wizard), or choose others (--classes)."
                )
    return class_additions(project, classes)


def session_change(
    store: ProjectStore, session: Session, events: Sequence[Label], rules: Rules, classes: Sequence[str]
) -> tuple[Change | None, SessionOutcome]:
    """The one change that puts a session's events into its target track, and what it amounts to."""
    project, changes = store.project, list[Change]()
    existing: list[Label] = []
    left_behind: list[Label] = []
    if rules.target.kind == NEW and rules.target.track not in project.label_tracks_of(session.id):
        ref = new_track_ref(store, session, rules.target.track)
        changes.append(AttachTrack(session.id, ref))
        left_behind = store.left_behind(session, ref)
    else:
        existing = list(project.track(session.id, rules.target.track))
    ends = Segment(session.start_s, max(session.start_s, session.end_s))
    merged = merge_generated(existing, events, rules.existing, classes, rules.min_length_s, ends)
    whole = set(events)
    added = tuple(x for x in merged.added if x in whole or _counts(x, events, rules))
    outcome = SessionOutcome(session, len(added), len(merged.kept), len(left_behind) + len(merged.removed))
    if added or merged.removed or left_behind:
        removed = (*left_behind, *merged.removed)
        changes.append(EditLabels(session.id, rules.target.track, removed, added))
    if not changes:
        return None, outcome
    return (changes[0] if len(changes) == 1 else Compound(tuple(changes))), outcome


def _counts(part: Label, events: Sequence[Label], rules: Rules) -> bool:
    """Whether what is left of an event that was cut is one: long enough, and enough of it."""
    least = rules.least_part.get(part.name, 0.0)
    if not least or part.length < least:
        return part.length >= least
    near = [e for e in events if e.name == part.name and e.start <= part.end and part.start <= e.end]
    of = max(near, key=lambda e: min(e.end, part.end) - max(e.start, part.start), default=part)
    return part.length >= rules.left * of.length


def put_events(
    store: ProjectStore,
    run: str,
    session: Session,
    events: Sequence[Label],
    rules: Rules,
    classes: Sequence[str],
) -> SessionOutcome:
    """Apply what was found in one session, as one change tagged with the run.

    Raises:
        UserError: the session was locked or removed meanwhile.
    """
    refuse_locked(store, [session], rules.target.track, rules.target.kind == NEW)
    change, outcome = session_change(store, session, events, rules, classes)
    if change is not None:
        title = f"{outcome.added} labels generated in {printable(session.name)}"
        store.editor.apply(change, title, f"run:{run}")
    return outcome


def labels_from_events(events: Sequence[Sequence[Any]], run: str) -> list[Label]:
    """Found events, ``[start, end, class, confidence]`` each, as unconfirmed labels of a run."""
    return [
        Label.spanning(
            start, end, name, confidence=round(float(confidence), 4), origin=f"run:{run}", confirmed=False
        )
        for start, end, name, confidence in events
    ]


def split_setting(values: Sequence[str], what: str) -> tuple[float | None, dict[str, float]]:
    """A setting's words, ``value`` or ``CLASS:value``, as the value for all and those of single classes.

    Raises:
        UserError: a value is no number.
    """
    general: float | None = None
    own: dict[str, float] = {}
    for word in values:
        name, colon, text = word.rpartition(":")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise UserError(f"{what} needs a number, or CLASS:number, not '{printable(word)}'.")
        if colon:
            own[name] = value
        else:
            general = value
    return general, own


def post_settings(
    general: Mapping[str, float | None], own: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """Overrides of a model's post-processing: only what was given."""
    out: dict[str, Any] = {name: value for name, value in general.items() if value is not None}
    per_class: dict[str, dict[str, float]] = {}
    for name, values in own.items():
        for cls, value in values.items():
            per_class.setdefault(cls, {})[name] = value
    if per_class:
        out["per_class"] = per_class
    return out


def refuse_read_only(store: ProjectStore) -> None:
    """Raise Refused when the store can't be written."""
    if store.read_only:
        raise Refused(f"{store.project.name} is open for reading only; labels can't be generated.")
