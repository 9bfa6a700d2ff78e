"""Undo and redo as people mean them, and taking back a generation run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import UserError, printable
from app.labeling.tracks import without
from app.project.changes import Change, Compound, Touched, primitives
from app.project.editor import Applied, ProjectEditor
from app.project.history import Entry
from app.project.label_changes import EditLabels
from app.project.labels import Label
from app.project.project import Project

RUN = "run:"


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
        Refused: there is nothing to undo, or it can't be taken back any more.
    """
    return _grouped(editor, undoing=True)


def redo(editor: ProjectEditor) -> Reversed:
    """Do again what was undone last; all of a generation run counts as one. Raises Refused."""
    return _grouped(editor, undoing=False)


def _grouped(editor: ProjectEditor, undoing: bool) -> Reversed:
    step = editor.undo if undoing else editor.redo
    applied = step()
    touched, count, tag = applied.touched, 1, applied.entry.tag
    while tag.startswith(RUN) and (following := _next(editor, undoing)) is not None and following.tag == tag:
        applied = step()
        touched |= applied.touched
        count += 1
    title = applied.title if count == 1 else f"labels of run {tag.removeprefix(RUN)} in {count} sessions"
    return Reversed(title, count, touched, applied)


def _next(editor: ProjectEditor, undoing: bool) -> Entry | None:
    return editor.history.last_done() if undoing else editor.history.last_undone()


@dataclass(frozen=True, slots=True)
class Reverted:
    """What became of a run's labels: taken out, kept because people changed them, old ones put back."""

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
    """Take back what a run wrote, as one change; labels that people confirmed or altered since stay.

    Labels that the run replaced come back where nothing lies in their place now.

    Raises:
        UserError: the run wrote nothing that is still there.
    """
    entries = runs_in_force(editor).get(run)
    if not entries:
        raise UserError(f"There is no run '{printable(run)}' with labels to take back.")
    project = editor.project
    edits = [p for entry in entries for p in primitives(entry.change) if isinstance(p, EditLabels)]
    edits = [e for e in edits if e.session in project]
    changes = [c for edit in edits if (c := _take_back(project, edit, run)) is not None]
    removed = sum(len(c.removed) for c in changes)
    restored = sum(len(c.added) for c in changes)
    kept = sum(len(e.added) for e in edits) - removed
    if not changes:
        raise UserError(
            f"Nothing of run {printable(run)} is left to take back: people changed all of it since."
        )
    editor.apply(_as_one(changes), f"run {run} taken back in {len(changes)} sessions")
    return Reverted(run, len(changes), removed, kept, restored)


def _as_one(changes: Iterable[Change]) -> Change:
    parts = tuple(changes)
    return parts[0] if len(parts) == 1 else Compound(parts)


def _take_back(project: Project, edit: EditLabels, run: str) -> EditLabels | None:
    track = project.track(edit.session, edit.track)
    gone = [x for x in track if x.origin == RUN + run and not x.confirmed]
    lasting = [x for x in track if x not in set(gone)]
    there = set(track)
    back = [x for x in edit.removed if x not in there and _is_free(x, lasting)]
    if not gone and not back:
        return None
    return EditLabels(edit.session, edit.track, tuple(gone), tuple(back))


def _is_free(label: Label, lasting: Iterable[Label]) -> bool:
    """Whether nothing lies in the label's place."""
    near = [x.segment for x in lasting if x.start < label.end and x.end > label.start]
    return not near or without(label, near) == [label]
