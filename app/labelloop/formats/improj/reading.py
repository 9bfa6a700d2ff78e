"""Reading a project file: where its parts stand, and the values that they hold."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

from labelloop.errors import printable
from labelloop.formats.paths import clean, data_folder_of, session_paths
from labelloop.formats.xml.scanner import Element, attributes, content, scan
from labelloop.project.classes import ClassDef
from labelloop.project.session import ClassTotal, Session

UNLABELLED = 0  # the id of the class that means "no label"

_A = '"([^"<&\t\r\n]*)"'
_T = r"((?! )(?:[^<&\t\r\n ]++| ++(?!<))*+)"  # without space around it
_GAP = r"[ \t\r\n]*+"
_LABEL = rf"<Label count={_A} length={_A}>{_T}</Label>"
_VALUE = rf"<CustomColumnValue columnId={_A}>{_T}</CustomColumnValue>"


def _list_of(name: str, row: str) -> str:
    plain = re.sub(r"\((?!\?)", "(?:", row)  # its groups capture nothing here
    rows = f"(?:{_GAP}{plain})*+"
    return f"(?:<{name} />|<{name}>({rows}){_GAP}</{name}>)"


# A session as Studio writes it; any other form is read by the careful way.
SESSION = re.compile(
    rf"<Session name={_A} sessionId={_A} originalSessionId=\"[^\"<&]*\" ownerLocked={_A}"
    rf" labelTrack={_A} dataTrack={_A} tags={_A}>{_GAP}"
    rf"<DataFile shape={_A} samplerate={_A} modified={_A} start={_A} length={_A}>{_T}</DataFile>{_GAP}"
    rf"<SessionFile>{_T}</SessionFile>{_GAP}"
    rf"<LabelFile modified={_A}>{_T}</LabelFile>{_GAP}"
    rf"{_list_of('Labels', _LABEL)}{_GAP}{_list_of('CustomColumnValues', _VALUE)}{_GAP}</Session>"
)
QUICK = {"DataSet/Session": SESSION}
_LABEL_ROW, _VALUE_ROW = re.compile(_LABEL), re.compile(_VALUE)
_HIDDEN = re.compile("_x[0-9A-F]{4}_")


class SessionFields(NamedTuple):
    """What a Session element says, as text, in the order in which the element says it."""

    name: str = ""
    id: str = ""
    locked: str = ""
    label_track: str = "label"
    data_track: str = "data"
    tags: str = "None"
    shape: str = ""
    rate: str = "0"
    data_modified: str = "0"
    start: str = "0"
    length: str = "0"
    data_file: str = ""
    session_file: str = ""
    labels_modified: str = "0"
    label_file: str = ""
    labels: tuple[tuple[str, str, str], ...] = ()
    custom: tuple[tuple[str, str], ...] = ()


def number(text: str) -> float:
    """A finite number, or 0 when the text is none."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def whole(text: str) -> int:
    """A whole number, or 0 when the text is none."""
    try:
        return int(text)
    except ValueError:
        return int(number(text))


@lru_cache(maxsize=256)
def shape_of(text: str) -> tuple[int, ...]:
    """The numbers of a shape like ``[2,3]``, none when it can't be understood."""
    parts = text.strip(" []").split(",")
    return tuple(int(p) for p in parts) if all(re.fullmatch(r"\s*[0-9]{1,18}\s*", p) for p in parts) else ()


def session_fields(text: str, element: Element) -> SessionFields:
    """The texts of one Session element."""
    match = element.quick
    if match is None:
        return _careful_fields(text, element)
    block = match[0]
    if "_x" in block and _HIDDEN.search(block):
        return _careful_fields(text, scan(text, element.start))
    groups = match.groups()
    labels = tuple(_LABEL_ROW.findall(groups[15])) if groups[15] else ()
    custom = tuple(_VALUE_ROW.findall(groups[16])) if groups[16] else ()
    return SessionFields(*groups[:15], labels, custom)  # type: ignore[arg-type,call-arg]


def _careful_fields(text: str, element: Element) -> SessionFields:
    own = attributes(text, element)
    data, label = element.first("DataFile"), element.first("LabelFile")
    of_data = attributes(text, data) if data else {}
    of_label = attributes(text, label) if label else {}
    totals, values = element.first("Labels"), element.first("CustomColumnValues")
    return SessionFields(
        own.get("name", ""),
        own.get("sessionId", ""),
        own.get("ownerLocked", ""),
        own.get("labelTrack", "label"),
        own.get("dataTrack", "data"),
        own.get("tags", "None"),
        of_data.get("shape", ""),
        of_data.get("samplerate", "0"),
        of_data.get("modified", "0"),
        of_data.get("start", "0"),
        of_data.get("length", "0"),
        content(text, data),
        content(text, element.first("SessionFile")),
        of_label.get("modified", "0"),
        content(text, label),
        tuple(total_row(text, row) for row in totals.all("Label")) if totals else (),
        tuple(value_row(text, row) for row in values.all("CustomColumnValue")) if values else (),
    )


def total_row(text: str, row: Element) -> tuple[str, str, str]:
    """Count, length and class of one total of a session."""
    of_row = attributes(text, row)
    return of_row.get("count", "0"), of_row.get("length", "0"), content(text, row)


def value_row(text: str, row: Element) -> tuple[str, str]:
    """Column id and value of one custom column's value."""
    return attributes(text, row).get("columnId", ""), content(text, row)


def _totals(rows: tuple[tuple[str, str, str], ...]) -> tuple[ClassTotal, ...]:
    return tuple(ClassTotal(name, whole(count), number(length)) for count, length, name in rows)


def _custom(rows: tuple[tuple[str, str], ...]) -> MappingProxyType[str, str]:
    values: dict[str, str] = {}
    for column, value in rows:
        values.setdefault(column, value)
    return MappingProxyType(values)


def session_of(fields: SessionFields, session_id: str, path: str) -> Session:
    """The session that the texts describe."""
    return Session(
        id=session_id,
        name=fields.name,
        path=path,
        data_file=clean(fields.data_file),
        session_file=clean(fields.session_file),
        label_file=clean(fields.label_file),
        data_track=fields.data_track,
        label_track=fields.label_track,
        locked=fields.locked.lower() == "true",
        shape=shape_of(fields.shape),
        rate_hz=number(fields.rate),
        start_s=number(fields.start),
        length_s=number(fields.length),
        data_modified=fields.data_modified,
        labels_modified=fields.labels_modified,
        tags=fields.tags,
        totals=_totals(fields.labels),
        custom=_custom(fields.custom),
    )


def read_sessions(text: str, elements: list[Element]) -> tuple[str, list[Session], list[str]]:
    """The data folder, the sessions of these elements, and warnings about what is odd.

    Sessions that share an id get their path behind it, so that each has one of its own.
    """
    rows = [session_fields(text, element) for element in elements]
    places = [(r.name, clean(r.data_file), clean(r.session_file)) for r in rows]
    data_folder = data_folder_of(data or session for _, data, session in places)
    paths = session_paths(places, data_folder)
    crowd = Counter(row.id for row in rows)
    shared = [path for row, path in zip(rows, paths, strict=True) if row.id and crowd[row.id] > 1]
    warnings = []
    if shared:
        warnings.append(f"{len(shared)} sessions share an id with another; one is {printable(shared[0])}.")
    taken: set[str] = set()
    sessions = []
    for number, (row, path) in enumerate(zip(rows, paths, strict=True)):
        alone = row.id and crowd[row.id] == 1
        session_id = row.id if alone else f"{row.id}#{path}"
        while session_id in taken:
            session_id += f"#{number}"
        taken.add(session_id)
        sessions.append(session_of(row, session_id, path))
    return data_folder, sessions, warnings


@dataclass(frozen=True, slots=True)
class SymbolRow:
    """A class as a Symbol element has it."""

    element: Element
    value: ClassDef


def read_symbols(text: str, symbol_map: Element | None) -> tuple[list[SymbolRow], set[str]]:
    """The classes of the SymbolMap in its order, and the names that are no classes (unlabelled)."""
    rows: list[SymbolRow] = []
    seen: set[str] = set()
    hidden: set[str] = set()
    for element in symbol_map.all("Symbol") if symbol_map else []:
        own = attributes(text, element)
        name, id_text = own.get("name", ""), own.get("id", "")
        if id_text.strip() == "0":
            hidden.add(name)
        elif name.strip() and name not in seen:
            seen.add(name)
            value = ClassDef(name, whole(id_text), number(own.get("weight", "1")))
            rows.append(SymbolRow(element, value))
    return [SymbolRow(row.element, value) for row, value in zip(rows, _numbered(rows), strict=True)], hidden


def _numbered(rows: list[SymbolRow]) -> list[ClassDef]:
    free = _free_ids({row.value.id for row in rows})
    return [row.value if row.value.id else replace(row.value, id=next(free)) for row in rows]


def _free_ids(used: set[int]) -> Iterator[int]:
    """The class ids that nobody has, from 1 up."""
    return (number for number in count(1) if number not in used)


def with_unlisted(symbols: list[ClassDef], names: list[str]) -> tuple[ClassDef, ...]:
    """All classes: those of the SymbolMap, and others that are named elsewhere at the place of their id."""
    known = {c.name for c in symbols}
    free = _free_ids({c.id for c in symbols})
    fresh = [ClassDef(n, next(free)) for n in dict.fromkeys(names) if n not in known and n.strip()]
    classes: list[ClassDef] = []
    waiting = fresh[::-1]
    for value in symbols:
        while waiting and waiting[-1].id < value.id:
            classes.append(waiting.pop())
        classes.append(value)
    return (*classes, *waiting[::-1])
