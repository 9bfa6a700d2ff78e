"""Writing a project file's lists: classes, columns, and the sets with their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labelloop.formats.dotnet import to_text
from labelloop.formats.improj.reading import SymbolRow, with_unlisted
from labelloop.formats.improj.writing import column_node, symbol_node
from labelloop.formats.xml.patch import Entry, Patch
from labelloop.formats.xml.scanner import Element, Node, attributes, content
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn


@dataclass(frozen=True, slots=True)
class Renaming:
    """What became of the classes: old names to new ones, names that are gone, names that are new."""

    renamed: dict[str, str]
    gone: set[str]
    added: list[str]

    @classmethod
    def between(cls, old: Sequence[ClassDef], new: Sequence[ClassDef]) -> Renaming:
        """Pair classes by name, then by number."""
        names, before = {c.name for c in new}, {c.name for c in old}
        lost = {c.id: c.name for c in old if c.name not in names}
        renamed = {lost.pop(c.id): c.name for c in new if c.name not in before and c.id in lost}
        found = set(renamed.values())
        return cls(renamed, set(lost.values()), [c.name for c in new if c.name not in before | found])


def _written(value: ClassDef) -> tuple[str, int, float]:
    return value.name, value.id, value.weight


def same_classes(old: Iterable[ClassDef], new: Iterable[ClassDef]) -> bool:
    """Whether two class lists say the same in a project file, which has no keys or colours."""
    return [_written(c) for c in old] == [_written(c) for c in new]


def symbols_to_write(
    symbols: Sequence[SymbolRow], old: Sequence[ClassDef], new: Sequence[ClassDef], unlisted: list[str]
) -> list[ClassDef]:
    """The classes that belong in the SymbolMap: those that are there, changed or new, all if need be.

    Classes that are only named elsewhere (in totals or predefined labels) stay out of it, as they were,
    when the list reads back the same without them.
    """
    listed = {row.value.name for row in symbols}
    before = {c.name: _written(c) for c in old}
    few = [c for c in new if c.name in listed or before.get(c.name) != _written(c)]
    plain = [ClassDef(*_written(c)) for c in few]
    return few if same_classes(with_unlisted(plain, unlisted), new) else list(new)


def change_symbols(
    patch: Patch, symbol_map: Element, rows: Sequence[SymbolRow], new: Sequence[ClassDef], names: Renaming
) -> None:
    """Bring the SymbolMap's elements in line; those that are no classes keep their place."""
    old_name = {after: before for before, after in names.renamed.items()}
    by_name = {row.value.name: row for row in rows}
    wanted = []
    for value in new:
        row = by_name.get(old_name.get(value.name, value.name))
        if row is None:
            wanted.append(Entry(None, patch.node(symbol_map, symbol_node(value))))
        else:
            wanted.append(Entry(row.element, _symbol_text(patch, row, value)))
    known = symbol_map.all("Symbol")
    classes = {id(row.element) for row in rows}
    first = next((i for i, e in enumerate(known) if id(e) in classes), len(known))
    others = [Entry(e, patch.text[e.start : e.end]) for e in known if id(e) not in classes]
    patch.entries(symbol_map, known, [*others[:first], *wanted, *others[first:]])


def _symbol_text(patch: Patch, row: SymbolRow, value: ClassDef) -> str:
    change = Patch(patch.text, patch.style)
    if row.value.name != value.name:
        change.attribute(row.element, "name", value.name)
    if row.value.id != value.id:
        change.attribute(row.element, "id", str(value.id))
    if row.value.weight != value.weight:
        change.attribute(row.element, "weight", to_text(value.weight))
    return change.apply(row.element.start, row.element.end)


def change_predefined(patch: Patch, predefined: Element, names: Renaming) -> None:
    """Rename, drop and add labels in PredefinedLabels; the element goes when its last label does."""
    known = predefined.all("Label")
    wanted = []
    there = set()
    for element in known:
        name = content(patch.text, element)
        if name in names.gone:
            continue
        change = Patch(patch.text, patch.style)
        if name in names.renamed:
            name = names.renamed[name]
            change.value(element, name)
        there.add(name)
        wanted.append(Entry(element, change.apply(element.start, element.end)))
    for name in names.added:
        if name not in there:
            wanted.append(Entry(None, patch.node(predefined, Node("Label", (), name))))
    if known and not wanted and len(known) == len(predefined.children):
        patch.remove(predefined)
    else:
        patch.entries(predefined, known, wanted)


def read_columns(text: str, element: Element | None) -> list[tuple[Element, CustomColumn]]:
    """The custom columns with their elements; those without an id are not ours to know."""
    found = []
    seen: set[str] = set()
    for child in element.all("CustomColumn") if element else []:
        own = attributes(text, child)
        if (column := own.get("id", "")) and column not in seen:
            seen.add(column)
            found.append((child, CustomColumn(column, own.get("name", ""), own.get("internalName", ""))))
    return found


def change_columns(patch: Patch, parent: Element, new: Sequence[CustomColumn]) -> None:
    """Bring the CustomColumns element in line with the columns; it goes when its last column does."""
    rows = {column.id: (element, column) for element, column in read_columns(patch.text, parent)}
    wanted = []
    for column in new:
        if column.id not in rows:
            wanted.append(Entry(None, patch.node(parent, column_node(column))))
            continue
        element, old = rows[column.id]
        change = Patch(patch.text, patch.style)
        if old.name != column.name:
            change.attribute(element, "name", column.name)
        if old.internal_name != column.internal_name:
            change.attribute(element, "internalName", column.internal_name)
        wanted.append(Entry(element, change.apply(element.start, element.end)))
    known = parent.all("CustomColumn")
    if not new and len(rows) == len(parent.children):
        patch.remove(parent)
        return
    ours = {id(element) for element, _ in rows.values()}
    others = [Entry(e, patch.text[e.start : e.end]) for e in known if id(e) not in ours]
    patch.entries(parent, known, [*wanted, *others] if others else wanted)
