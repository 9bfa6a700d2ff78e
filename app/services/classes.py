"""The list of classes: add, rename everywhere, delete with or without labels, order, weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.errors import UserError, printable
from app.project.changes import Change, Compound
from app.project.class_changes import SetClasses, SetLooks
from app.project.classes import ClassDef, ClassLook
from app.project.editor import Applied
from app.project.label_changes import EditLabels
from app.project.labels import Label
from app.project.session_changes import EditSessions, FieldEdit
from app.services.create import class_additions
from app.services.select import counts, require_class
from app.storage.store import ProjectStore


def change(store: ProjectStore, word: str, rest: str) -> Applied:
    """Carry out ``add NAME``, ``rename A=B``, ``merge A=B``, ``first NAME`` or ``weight A=2``.

    Raises:
        UserError: the word is none of these, or the class is missing or there already.
    """
    if word == "add":
        return add(store, rest)
    if word in ("rename", "merge"):
        old, _, new = rest.partition("=")
        return rename(store, old.strip(), new.strip(), merge=word == "merge")
    if word == "first":
        return put_first(store, rest)
    if word == "weight":
        name, _, value = rest.partition("=")
        return set_weight(store, name.strip(), value.strip())
    raise UserError(
        f"'{printable(word)}' is nothing to do with classes: use add, rename, delete, first, weight."
    )


def add(store: ProjectStore, name: str) -> Applied:
    """A new class. Raises UserError when there is one of that name."""
    changes = class_additions(store.project, [name])
    if not changes:
        raise UserError(f"There is a class '{printable(name)}' already.")
    return store.editor.apply(changes[0])


def labels_of(store: ProjectStore, name: str) -> int:
    """How many labels of a class the active tracks have. Raises UserError for an unknown class."""
    require_class(store.project, name)
    return sum(counts(store.project, s).get(name, 0) for s in store.project.sessions())


def _tracks_with(store: ProjectStore, name: str) -> Iterator[tuple[str, str, list[Label]]]:
    """Session, track and labels of a class, for every active track that has some."""
    for session in store.project.sessions():
        if session.broken or not counts(store.project, session).get(name):
            continue
        labels = [x for x in store.project.track(session.id) if x.name == name]
        if labels:
            yield session.id, session.label_track, labels


def rename(store: ProjectStore, old: str, new: str, merge: bool = False) -> Applied:
    """Rename a class in the list, in the marks and in all labels, as one change.

    Raises:
        UserError: the class is unknown, the new name is empty, or in use and not to be merged into.
    """
    project = store.project
    require_class(project, old)
    if not new or not new.isprintable():
        raise UserError("A class needs a name of letters, digits, spaces: write rename OLD=NEW.")
    if new in project.class_names and not merge:
        raise UserError(f"There is a class '{printable(new)}' already: 'merge {old}={new}' makes them one.")
    kept = tuple(c for c in project.classes if not (merge and c.name == old and new in project.class_names))
    renamed = tuple(replace(c, name=new) if c.name == old else c for c in kept)
    parts: list[Change] = [SetClasses(project.classes, renamed)]
    for session, track, labels in _tracks_with(store, old):
        added = tuple(replace(x, name=new, source_text="") for x in labels)
        parts.append(EditLabels(session, track, tuple(labels), added))
    marked = [s for s in project.sessions() if old in s.done]
    if marked:
        edits = tuple(FieldEdit(s.id, s.done, s.done - {old} | {new}) for s in marked)
        parts.append(EditSessions("done", edits))
    if old in project.state.looks:
        looks = {(new if name == old else name): look for name, look in project.state.looks.items()}
        parts.append(SetLooks(dict(project.state.looks), looks))
    return store.editor.apply(Compound(tuple(parts)), f"class {old} renamed to {new}")


def delete(store: ProjectStore, name: str, labels: str) -> Applied:
    """Delete a class; ``labels`` deletes its labels with it, ``keep`` leaves them in their files.

    Raises:
        UserError: the class is unknown, or the answer is neither.
    """
    project = store.project
    require_class(project, name)
    if labels not in ("labels", "keep"):
        raise UserError("Answer 'labels' to delete the labels with the class, or 'keep' to leave them.")
    parts: list[Change] = [SetClasses(project.classes, tuple(c for c in project.classes if c.name != name))]
    if labels == "labels":
        parts += [EditLabels(sid, track, tuple(gone)) for sid, track, gone in _tracks_with(store, name)]
    return store.editor.apply(Compound(tuple(parts)), f"class {name} deleted")


def put_first(store: ProjectStore, name: str) -> Applied:
    """Put a class at the front of the list. Raises UserError for an unknown class."""
    classes = store.project.classes
    require_class(store.project, name)
    ordered = sorted(classes, key=lambda c: c.name != name)
    return store.editor.apply(SetClasses(classes, tuple(ordered)), f"class {name} is the first")


def set_weight(store: ProjectStore, name: str, value: str) -> Applied:
    """Set a class's weight in training. Raises UserError when it is no positive number."""
    require_class(store.project, name)
    try:
        weight = float(value)
    except ValueError:
        weight = -1.0
    if not 0 < weight < float("inf"):
        raise UserError(f"A weight is a number above 0, not '{printable(value)}': write weight NAME=2.")
    classes = store.project.classes
    after: tuple[ClassDef, ...] = tuple(replace(c, weight=weight) if c.name == name else c for c in classes)
    return store.editor.apply(SetClasses(classes, after), f"weight of {name} is {weight:g}")


def look_of(looks: Mapping[str, ClassLook], names: list[str], name: str) -> ClassLook:
    """A class's digit and colour: chosen ones, else those that its place in the list gives."""
    own = looks.get(name, ClassLook())
    place = names.index(name) if name in names else len(names)
    key = own.key or (str(place + 1) if place < 9 else "")
    return ClassLook(key, own.color if own.color is not None else place)


def class_for_key(store: ProjectStore, key: str) -> str | None:
    """The class that a digit labels, or None."""
    names, looks = store.project.class_names, store.project.state.looks
    return next((name for name in names if look_of(looks, names, name).key == key), None)
