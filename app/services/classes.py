"""The list of classes: add, rename everywhere, delete with or without labels, order, weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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

KEYS = tuple("123456789")
COLOURS = (
    "green",
    "magenta",
    "yellow",
    "blue",
    "red",
    "bright-green",
    "bright-magenta",
    "bright-blue",
    "bright-red",
    "bright-yellow",
)  # the order of the style sheets' label colours


def change(store: ProjectStore, word: str, rest: str) -> Applied:
    """Carry out what is asked: ``add NAME``, ``rename A=B``, ``merge A=B``, ``first NAME`` or one of SETTERS.

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
    if setter := SETTERS.get(word):
        name, _, value = rest.partition("=")
        return setter(store, name.strip(), value.strip())
    raise UserError(
        f"'{printable(word)}' is nothing to do with classes: use add, rename, merge, delete, first, "
        f"{', '.join(SETTERS)}."
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


def put_before(store: ProjectStore, name: str, other: str) -> Applied:
    """Put a class in front of another one of the list. Raises UserError for an unknown class."""
    classes = store.project.classes
    for known in (name, other):
        require_class(store.project, known)
    rest = [c for c in classes if c.name != name]
    at = next((i for i, c in enumerate(rest) if c.name == other), len(rest))
    moved = next(c for c in classes if c.name == name)
    ordered = (*rest[:at], moved, *rest[at:])
    return store.editor.apply(SetClasses(classes, ordered), f"class {name} before {other}")


def set_key(store: ProjectStore, name: str, key: str) -> Applied:
    """Give a class a digit of its own; the class that had it gets another one.

    Raises:
        UserError: the class is unknown, or the key is no digit from 1 to 9.
    """
    require_class(store.project, name)
    if key not in KEYS:
        raise UserError(f"The key of a class is a digit from 1 to 9, not '{printable(key)}'.")
    looks = store.project.state.looks
    freed = {n: replace(look, key="") if look.key == key else look for n, look in looks.items()}
    return _set_look(store, freed, name, replace(freed.get(name, ClassLook()), key=key), f"key {key}")


def set_colour(store: ProjectStore, name: str, colour: str) -> Applied:
    """Give a class a colour by its word. Raises UserError for an unknown class or colour."""
    require_class(store.project, name)
    if colour not in COLOURS:
        raise UserError(f"There is no colour '{printable(colour)}': use {', '.join(COLOURS)}.")
    looks = dict(store.project.state.looks)
    look = replace(looks.get(name, ClassLook()), color=COLOURS.index(colour))
    return _set_look(store, looks, name, look, f"colour {colour}")


def _set_look(
    store: ProjectStore, looks: Mapping[str, ClassLook], name: str, look: ClassLook, what: str
) -> Applied:
    before = dict(store.project.state.looks)
    return store.editor.apply(SetLooks(before, {**looks, name: look}), f"{what} for class {name}")


def looks_of(looks: Mapping[str, ClassLook], names: Sequence[str]) -> dict[str, ClassLook]:
    """Each class's digit and colour: chosen ones first, then those that are free, in the list's order.

    >>> looks = looks_of({"b": ClassLook("1")}, ["a", "b", "c"])
    >>> [(name, look.key, look.color) for name, look in looks.items()]
    [('a', '2', 0), ('b', '1', 1), ('c', '3', 2)]
    """
    chosen = {looks[n].key for n in names if n in looks and looks[n].key}
    free = iter([key for key in KEYS if key not in chosen])
    out: dict[str, ClassLook] = {}
    for place, name in enumerate(names):
        own = looks.get(name, ClassLook())
        out[name] = ClassLook(own.key or next(free, ""), own.color if own.color is not None else place)
    return out


def class_for_key(store: ProjectStore, key: str) -> str | None:
    """The class that a digit labels, or None."""
    looks = looks_of(store.project.state.looks, store.project.class_names)
    return next((name for name, look in looks.items() if look.key == key), None)


SETTERS: dict[str, Callable[[ProjectStore, str, str], Applied]] = {
    "before": put_before,
    "key": set_key,
    "colour": set_colour,
    "weight": set_weight,
}
