"""The list of classes: add, rename everywhere, delete with or without labels, order, weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from labelloop.errors import UserError, printable
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import SetClasses, SetLooks, class_additions
from labelloop.project.classes import ClassDef, ClassLook
from labelloop.project.editor import Applied
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.services.sessions.select import counts, require_class
from labelloop.storage.store import ProjectStore

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


def add(store: ProjectStore, name: str) -> Applied:
    """A new class. Raises UserError when there is one of that name."""
    changes = class_additions(store.project, [name])
    if not changes:
        raise UserError(f"There is a class '{printable(name)}' already.")
    return store.editor.apply(changes[0])


def labels_of(store: ProjectStore, name: str) -> int:
    """How many labels of a class all label tracks have. Raises UserError for an unknown class."""
    require_class(store.project, name)
    return sum(len(labels) for *_, labels in _tracks_with(store, name))


def _tracks_with(store: ProjectStore, name: str) -> Iterator[tuple[str, str, list[Label]]]:
    """Session, track and labels of a class, for every label track that has some."""
    project = store.project
    for session in project.sessions():
        if session.broken:
            continue
        for track in project.label_tracks_of(session.id):
            if track == session.label_track and not counts(project, session).get(name):
                continue
            labels = [x for x in project.track(session.id, track) if x.name == name]
            if labels:
                yield session.id, track, labels


def rename(store: ProjectStore, old: str, new: str, merge: bool = False) -> Applied:
    """Rename a class in the list, in the marks and in all labels, as one change.

    Raises:
        UserError: the class is unknown, the new name is empty, or in use and not to be merged into.
    """
    project = store.project
    require_class(project, old)
    if not new or not new.isprintable():
        raise UserError("A class needs a name of letters, digits and spaces.")
    if new == old:
        raise UserError(f"The class is called '{printable(old)}' already.")
    if new in project.class_names and not merge:
        raise UserError(
            f"There is a class '{printable(new)}' already; "
            f"delete '{printable(old)}' and turn its labels into it."
        )
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
        looks = {(new if n == old else n): k for n, k in project.state.looks.items() if n != new}
        if new in project.class_names:  # the class that stays keeps its own look
            looks = {n: k for n, k in project.state.looks.items() if n != old}
        parts.append(SetLooks(dict(project.state.looks), looks))
    title = f"class {old} deleted, its labels are {new}" if merge else f"class {old} renamed to {new}"
    return store.editor.apply(Compound(tuple(parts)), title)


def delete(store: ProjectStore, name: str, labels: str) -> Applied:
    """Delete a class; ``labels`` deletes its labels with it, ``keep`` leaves them in their files.

    ``into OTHER`` turns them into another class.

    Raises:
        UserError: a class is unknown, or the answer is none of these.
    """
    project = store.project
    require_class(project, name)
    word, _, other = labels.partition(" ")
    if word == "into" and other.strip():
        require_class(project, other.strip())
        return rename(store, name, other.strip(), merge=True)
    if labels not in ("labels", "keep"):
        raise UserError("Answer 'keep' to leave its labels, 'labels' to delete them too, or 'into OTHER'.")
    parts: list[Change] = [SetClasses(project.classes, tuple(c for c in project.classes if c.name != name))]
    if labels == "labels":
        parts += [EditLabels(sid, track, tuple(gone)) for sid, track, gone in _tracks_with(store, name)]
    parts += _traces_off(store, name)
    told = "its labels stay" if labels == "keep" else "its labels too"
    return store.editor.apply(Compound(tuple(parts)), f"class {name} deleted, {told}")


def _traces_off(store: ProjectStore, name: str) -> list[Change]:
    """Take a class out of the done marks and the looks."""
    project, parts = store.project, list[Change]()
    marked = tuple(FieldEdit(s.id, s.done, s.done - {name}) for s in project.sessions() if name in s.done)
    if marked:
        parts.append(EditSessions("done", marked))
    looks = dict(project.state.looks)
    if name in looks:
        parts.append(SetLooks(looks, {n: look for n, look in looks.items() if n != name}))
    return parts


def move(store: ProjectStore, name: str, by: int) -> Applied | None:
    """Move a class up or down in the list; None at its end. Raises UserError for an unknown class."""
    require_class(store.project, name)
    classes = list(store.project.classes)
    at = next(i for i, c in enumerate(classes) if c.name == name)
    to = min(max(0, at + by), len(classes) - 1)
    if to == at:
        return None
    before = tuple(classes)
    classes.insert(to, classes.pop(at))
    return store.editor.apply(SetClasses(before, tuple(classes)), f"class {name} is number {to + 1}")


def set_weight(store: ProjectStore, name: str, value: str) -> Applied:
    """Set a class's weight in training. Raises UserError when it is no positive number."""
    require_class(store.project, name)
    try:
        weight = float(value)
    except ValueError:
        weight = -1.0
    if not 0 < weight < float("inf"):
        raise UserError(f"A weight is a number above 0, not '{printable(value)}'.")
    classes = store.project.classes
    after: tuple[ClassDef, ...] = tuple(replace(c, weight=weight) if c.name == name else c for c in classes)
    return store.editor.apply(SetClasses(classes, after), f"weight of {name} is {weight:g}")


def set_key(store: ProjectStore, name: str, key: str) -> Applied:
    """Give a class a key of its own; the class that had it gets another one. Empty: the next free digit.

    Raises:
        UserError: the class is unknown, or the key is no single character.
    """
    require_class(store.project, name)
    if key and (len(key) != 1 or not key.isprintable() or key == " "):
        raise UserError(f"The key of a class is one digit, letter or sign, not '{printable(key)}'.")
    looks = store.project.state.looks
    freed = {n: replace(look, key="") if key and look.key == key else look for n, look in looks.items()}
    what = f"key {key}" if key else "the next free digit"
    return _set_look(store, freed, name, replace(freed.get(name, ClassLook()), key=key), what)


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
    """Each class's key and colour: chosen ones first, then those that are free, in the list's order.

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
    """The class that a key labels, or None."""
    looks = looks_of(store.project.state.looks, store.project.class_names)
    return next((name for name, look in looks.items() if look.key == key), None)
