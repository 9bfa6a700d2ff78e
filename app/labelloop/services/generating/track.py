"""Generating labels without a model: from an existing track, or one label for a whole session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from labelloop.errors import UserError, printable
from labelloop.labeling.tracks import Adjustment, Adjustments, adjust
from labelloop.project.changes import Change, Compound
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.services.generating.generate import (
    EXISTING,
    Outcome,
    Rules,
    SessionOutcome,
    check_target,
    chosen_sessions,
    put_events,
    session_change,
    sessions_having,
    split_setting,
)
from labelloop.services.generating.runs import Opens, close_run
from labelloop.services.projects.create import class_additions
from labelloop.services.sessions.select import require_class
from labelloop.storage.store import ProjectStore


@dataclass(frozen=True, slots=True)
class TrackRequest:
    """Labels of ``source`` adjusted and put into the target track of each session."""

    source: str
    sessions: tuple[str, ...]
    rules: Rules
    how: Adjustments = field(default_factory=Adjustments)
    classes: tuple[str, ...] = ()


def generate_from_track(store: ProjectStore, asked: TrackRequest, opens: Opens | None) -> Outcome:
    """Adjust a track's labels in place, or put adjusted copies into another track.

    In place, the adjusted labels keep their standing (confirmed or not); copies are unconfirmed. ``opens``
    makes the run; without it nothing is written.

    Raises:
        UserError: sessions lack the track, or the target does not fit; nothing was changed.
    """
    project = store.project
    classes = tuple(require_class(project, name) for name in asked.classes)
    sessions = chosen_sessions(project, asked.sessions, ())
    if lacking := sessions_having(store, sessions, asked.source, False):
        raise UserError(f"{lacking} have no label track {printable(asked.source)}.")
    check_target(store, sessions, asked.rules.target)
    with _run(opens, f"labels from track {asked.source}", sessions) as outcome:
        for session in sessions:
            outcome.sessions.append(_one(store, session, asked, classes, outcome.run, opens is None))
    return outcome


def _one(
    store: ProjectStore, session: Session, asked: TrackRequest, classes: Sequence[str], run: str, dry: bool
) -> SessionOutcome:
    try:
        source = [
            x for x in store.project.track(session.id, asked.source) if not classes or x.name in classes
        ]
        ends = Segment(session.start_s, max(session.start_s, session.end_s))
        adjusted = adjust(source, asked.how, ends)
        if asked.rules.target.kind == EXISTING and asked.rules.target.track == asked.source:
            return _in_place(store, session, asked, source, adjusted, run, dry)
        events = [replace(x, origin=f"run:{run}", confirmed=False, source_text="") for x in adjusted]
        names = classes or sorted({x.name for x in events})
        if dry:
            return session_change(store, session, events, asked.rules, names)[1]
        for change in class_additions(store.project, names):
            store.editor.apply(change, tag=f"run:{run}")
        return put_events(store, run, session, events, asked.rules, names)
    except UserError as error:
        return SessionOutcome(session, problem=str(error))


def _in_place(
    store: ProjectStore,
    session: Session,
    asked: TrackRequest,
    source: Sequence[Label],
    adjusted: Sequence[Label],
    run: str,
    dry: bool,
) -> SessionOutcome:
    """Replace the labels that the adjustment altered."""
    before, after = set(source), set(adjusted)
    removed = tuple(x for x in source if x not in after)
    added = tuple(x for x in adjusted if x not in before)
    outcome = SessionOutcome(session, len(added), len(source) - len(removed), len(removed))
    if not dry and (removed or added):
        parts: list[Change] = list(class_additions(store.project, (x.name for x in added)))
        parts.append(EditLabels(session.id, asked.source, removed, added))
        change = parts[0] if len(parts) == 1 else Compound(tuple(parts))
        title = f"{len(added)} labels adjusted in {printable(session.name)}"
        store.editor.apply(change, title, f"run:{run}")
    return outcome


def generate_whole(store: ProjectStore, words: Sequence[str], rules: Rules, opens: Opens | None) -> Outcome:
    """Label each session from its start to its end with the class that its folder names.

    ``opens`` makes the run; without it nothing is written.

    Raises:
        UserError: the target does not fit, or a folder names no class; nothing was changed.
    """
    project = store.project
    sessions = chosen_sessions(project, words, rules.classes)
    check_target(store, sessions, rules.target)
    named = {s.id: class_of_folder(store, s, rules) for s in sessions}
    dry = opens is None
    with _run(opens, "whole-session labels", sessions) as outcome:
        for change in class_additions(project, named.values()) if not dry else ():
            store.editor.apply(change, tag=f"run:{outcome.run}")
        for session in sessions:
            outcome.sessions.append(_whole(store, session, named[session.id], rules, outcome.run, dry))
    return outcome


def _whole(
    store: ProjectStore, session: Session, name: str, rules: Rules, run: str, dry: bool
) -> SessionOutcome:
    label = Label.spanning(session.start_s, session.end_s, name, origin=f"run:{run}", confirmed=False)
    try:
        if dry:
            return session_change(store, session, [label], rules, [name])[1]
        return put_events(store, run, session, [label], rules, [name])
    except UserError as error:
        return SessionOutcome(session, problem=str(error))


def class_of_folder(store: ProjectStore, session: Session, rules: Rules) -> str:
    """The class that a session's folders name, the innermost first.

    Raises:
        UserError: none of them is a class.
    """
    folders = session.path.split("/")[:-1][::-1]
    if len(rules.classes) == 1:
        return rules.classes[0] if rules.add_classes else require_class(store.project, rules.classes[0])
    for folder in folders:
        if folder in store.project.class_names:
            return folder
    if rules.add_classes and folders:
        return folders[0]
    shown = printable(session.path)
    raise UserError(
        f"No folder of {shown} is named after a class: give one with --classes, or use --add-classes."
    )


@contextmanager
def _run(opens: Opens | None, name: str, sessions: Sequence[Session]) -> Iterator[Outcome]:
    """A run folder for what is written within, so that the run has an id to revert by."""
    run = opens(name, sessions) if opens else None
    state = "failed"
    try:
        yield Outcome(run.id if run else "")
        state = "done"
    finally:
        if run is not None:
            close_run(run, state)


def adjustments(asked: Mapping[str, Any]) -> Adjustments:
    """What the words of the command line (``offset``, ``by``, ``rename``, ...) do to labels.

    Raises:
        UserError: a value is no number, or a renaming is not of the form A=B.
    """
    fields = {
        "offset": "offset_s",
        "by": "by_s",
        "factor": "factor",
        "length": "length_s",
        "gap": "gap_s",
        "min_length": "min_length_s",
        "max_length": "max_length_s",
    }
    general: dict[str, Any] = {"resize": asked.get("resize") or "end"}
    own: dict[str, dict[str, Any]] = {}
    for option, name in fields.items():
        value, values = split_setting(asked.get(option) or (), "--" + option.replace("_", "-"))
        if value is not None:
            general[name] = value
        for cls, number in values.items():
            own.setdefault(cls, {})[name] = number
    for word in asked.get("rename") or ():
        old, equals, new = word.partition("=")
        if not equals or not old or not new:
            raise UserError(f"--rename needs OLD=NEW, not '{printable(word)}'.")
        own.setdefault(old, {})["rename"] = new
    default = Adjustment(**general)
    return Adjustments(default, {cls: replace(default, **values) for cls, values in own.items()})
