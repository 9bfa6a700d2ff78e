"""Undo and redo as users mean them, and reverting a generation run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labelloop.errors import Stuck, UserError, printable
from labelloop.labeling.tracks import without
from labelloop.project.changes import Compound, Touched, count_of, primitives
from labelloop.project.editor import Applied, ProjectEditor
from labelloop.project.history import Entry
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.project import Project

RUN = "run:"  # the tag of what a generation run did
REVERT = "revert:"  # the tag of what took a run back


@dataclass(frozen=True, slots=True)
class Reversed:
    """What an undo or redo did: its title, how many entries it covered, what it touched."""

    title: str
    count: int
    touched: Touched
    last: Applied


def undo(editor: ProjectEditor) -> Reversed:
    """Take the last change back; all of a generation run counts as one.

    Raises:
        Refused: there is nothing to undo, or it can't be undone any more.
    """
    return _grouped(editor, undoing=True)


def redo(editor: ProjectEditor) -> Reversed:
    """Do again what was undone last; all of a generation run counts as one. Raises Refused."""
    return _grouped(editor, undoing=False)


def undo_or_skip(editor: ProjectEditor) -> Reversed | str:
    """Take the last change back, or pass over it when it doesn't fit now: its title then. Raises Refused."""
    try:
        return undo(editor)
    except Stuck:
        return editor.skip(undoing=True).title


def _grouped(editor: ProjectEditor, undoing: bool) -> Reversed:
    step = editor.undo if undoing else editor.redo
    applied = step()
    touched, count, tag = applied.touched, 1, applied.entry.tag
    stuck = ""
    while tag.startswith(RUN) and (following := _next(editor, undoing)) is not None and following.tag == tag:
        try:
            applied = step()
        except UserError as error:
            stuck = f"; the rest of it stays: {error}"
            break
        touched |= applied.touched
        count += 1
    sessions = count_of(len(touched.sessions), "session")
    title = applied.title if count == 1 else f"labels of run {tag.removeprefix(RUN)} in {sessions}"
    return Reversed(title + stuck, count, touched, applied)


def _next(editor: ProjectEditor, undoing: bool) -> Entry | None:
    return editor.history.last_done() if undoing else editor.history.last_undone()


@dataclass(frozen=True, slots=True)
class Reverted:
    """What became of a run's labels: taken out, kept because users changed them, old ones put back."""

    run: str
    sessions: int
    removed: int
    kept: int
    restored: int


def runs_in_force(editor: ProjectEditor) -> dict[str, list[Entry]]:
    """The entries of each generation run that were not undone, by the run's id."""
    out: dict[str, list[Entry]] = {}
    for entry in editor.history.done:
        if entry.tag.startswith(RUN):
            out.setdefault(entry.tag.removeprefix(RUN), []).append(entry)
    return out


def revert_run(editor: ProjectEditor, run: str) -> Reverted:
    """Revert what a run wrote, as one change; labels that users confirmed or altered since stay.

    Labels that the run replaced come back where nothing lies in their place now.

    Raises:
        UserError: the run wrote nothing that is still there.
    """
    entries = runs_in_force(editor).get(run)
    if not entries:
        raise UserError(f"There is no run '{printable(run)}' with labels to revert.")
    project = editor.project
    parts = [part for entry in entries for part in primitives(entry.change)]
    edits: dict[tuple[str, str], list[EditLabels]] = {}
    for part in parts:
        if isinstance(part, EditLabels) and _has_track(project, part.session, part.track):
            edits.setdefault((part.session, part.track), []).append(part)
    changes = [c for of_track in edits.values() if (c := _revert(project, of_track, run)) is not None]
    emptied = {
        (c.session, c.track) for c in changes if len(c.removed) == len(project.track(c.session, c.track))
    }
    detached = [p.inverse() for p in parts if isinstance(p, AttachTrack) and _can_go(project, p, emptied)]
    if not changes and not detached:
        why = "it was reverted already, or users changed all of it since"
        raise UserError(f"Nothing of run {printable(run)} is left to revert: {why}.")
    removed = sum(len(c.removed) for c in changes)
    restored = sum(len(c.added) for c in changes)
    kept = max(0, sum(len(e.added) for of_track in edits.values() for e in of_track) - removed)
    sessions = len({c.session for c in changes})
    title = f"run {run} reverted in {count_of(sessions, 'session')}"
    editor.apply(Compound((*changes, *detached)), title, REVERT + run)
    return Reverted(run, sessions, removed, kept, restored)


def _has_track(project: Project, session: str, track: str) -> bool:
    return session in project and track in project.label_tracks_of(session)


def _can_go(project: Project, part: AttachTrack, emptied: set[tuple[str, str]]) -> bool:
    """Whether a track that the run made holds nothing else and is not the active one."""
    key = (part.session, part.ref.name)
    if not part.attached or not _has_track(project, *key):
        return False
    if key not in emptied and len(project.track(*key)):
        return False
    return project.session(part.session).label_track != part.ref.name


def _revert(project: Project, edits: Sequence[EditLabels], run: str) -> EditLabels | None:
    """The change that undoes what a run did to one track, as far as it is as the run left it."""
    first = edits[0]
    track = list(project.track(first.session, first.track))
    left = Counter(label for edit in edits for label in edit.added)
    gone, lasting = list[Label](), list[Label]()
    for label in track:
        untouched = left[label] > 0 or (label.origin == RUN + run and not label.confirmed)
        left[label] -= 1
        (gone if untouched else lasting).append(label)
    there, around = set(track), LabelTrack(lasting)
    own = {label for edit in edits for label in edit.added}
    before = [label for edit in edits for label in edit.removed if label not in own]
    back = [x for x in before if x not in there and _is_free(x, around.between(x.start, x.end))]
    if not gone and not back:
        return None
    return EditLabels(first.session, first.track, tuple(gone), tuple(back))


def _is_free(label: Label, lasting: Iterable[Label]) -> bool:
    """Whether nothing lies in the label's place."""
    near = [x.segment for x in lasting]
    return not near or without(label, near) == [label]
