"""Changes to a scanned XML text, each touching only its own characters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from labelloop.formats.xml.scanner import ATTRIBUTE, SPACE, Element, Node, Style, escape, escape_attribute


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a list to be: where it came from (None: new), its text, and what stands before it."""

    origin: Element | None
    raw: str
    lead: str | None = None


def leads(text: str, parent: Element, known: Sequence[Element]) -> tuple[list[str], str]:
    """What stands before each known child since the one before, and what follows the last."""
    found, position = [], parent.open_end
    for child in known:
        found.append(text[position : child.start])
        position = child.end
    return found, text[position : parent.close_start]


class Patch:
    """A set of edits on one text; nothing overlaps, and what is not named stays as it is."""

    def __init__(self, text: str, style: Style) -> None:
        self.text = text
        self.style = style
        self._edits: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, new: str) -> None:
        """Put ``new`` in the place of a stretch of the text."""
        if self.text[start:end] != new:
            self._edits.append((start, end, new))

    def attribute(self, element: Element, name: str, value: str) -> None:
        """Set an attribute, in its place and quotes when it exists, else behind the others."""
        first = element.start + 1 + len(element.name)
        for match in ATTRIBUTE.finditer(self.text, first, element.open_end):
            if match[1] == name:
                group = 2 if match[2] is not None else 3
                new = escape_attribute(value, '"' if group == 2 else "'")
                self.replace(*match.span(group), new)
                return
        at = self._tag_end(element)
        self._edits.append((at, at, f' {name}="{escape_attribute(value)}"'))

    def _tag_end(self, element: Element) -> int:
        """Where the opening tag's last attribute ends."""
        tag = self.text[element.start : element.open_end]
        return element.start + len(tag.removesuffix(">").removesuffix("/").rstrip(SPACE))

    def value(self, element: Element, text: str) -> None:
        """Set the text inside an element."""
        self.inner(element, escape(text))

    def inner(self, element: Element, inner: str) -> None:
        """Set the raw inside of an element; opens an empty tag, closes one that becomes empty."""
        if element.close_start == element.open_end == element.end:
            if inner:
                self.replace(self._tag_end(element), element.end, f">{inner}</{element.name}>")
        elif inner:
            self.replace(element.open_end, element.close_start, inner)
        elif element.open_end != element.close_start:
            self.replace(self._tag_end(element), element.end, self.style.empty_end)

    def indent_of(self, element: Element) -> str:
        """The white space that begins the element's line, none in a document of one line."""
        if not self.style.newline:
            return ""
        before = self.text[self.text.rfind("\n", 0, element.start) + 1 : element.start]
        return before[: len(before) - len(before.lstrip(SPACE))]

    def default_lead(self, parent: Element) -> str:
        """What stands before a new element inside ``parent``."""
        if not self.style.newline:
            return ""
        return self.style.newline + self.indent_of(parent) + self.style.unit

    def node(self, parent: Element, node: Node) -> str:
        """A new element's text for inside ``parent``."""
        return node.render(self.style, self.indent_of(parent) + self.style.unit)

    def entries(
        self, parent: Element, known: Sequence[Element], wanted: Sequence[Entry], moved: Collection[int] = ()
    ) -> None:
        """Make ``wanted`` the list of elements in ``parent`` in place of ``known``.

        An element brings what stood before it along; what stood before a dropped one (a comment) stays,
        unless its ``id`` is in ``moved``: it went to another list, with what stood before it.
        """
        if [e.origin for e in wanted] == list(known):
            for entry, child in zip(wanted, known, strict=True):
                self.replace(child.start, child.end, entry.raw)
            return
        before, tail = leads(self.text, parent, known)
        own = {id(child): lead for child, lead in zip(known, before, strict=True) if id(child) not in moved}
        parts: list[str] = []
        for entry in wanted:
            lead = entry.lead if entry.lead is not None else own.pop(id(entry.origin), None)
            parts += [self.default_lead(parent) if lead is None else lead, entry.raw]
        parts += [lead.rstrip(SPACE) for lead in own.values() if lead.strip(SPACE)]
        if not parts and not tail.strip(SPACE):
            self.inner(parent, "")
        else:
            closing = self.style.newline + self.indent_of(parent) if self.style.newline else ""
            self.inner(parent, "".join(parts) + (tail or closing))

    def insert(self, parent: Element, new: Iterable[Node], order: Sequence[str]) -> None:
        """Add elements at the places that ``order`` of names gives them among the children."""
        nodes = sorted(new, key=lambda node: order.index(node.name))
        if not nodes:
            return
        lead = self.default_lead(parent)
        texts = [lead + self.node(parent, node) for node in nodes]
        if not parent.children:
            inside = self.text[parent.open_end : parent.close_start].rstrip(SPACE)
            closing = self.style.newline + self.indent_of(parent) if self.style.newline else ""
            self.inner(parent, inside + "".join(texts) + closing)
            return
        for node, text in zip(nodes, texts, strict=True):
            earlier = set(order[: order.index(node.name) + 1])
            before = [child for child in parent.children if child.name in earlier]
            later = [child for child in parent.children if child.name in order and child not in before]
            if before or not later:
                at = (before or parent.children)[-1].end
                self._edits.append((at, at, text))
            else:
                at = later[0].start
                self._edits.append((at, at, text.removeprefix(lead) + lead))

    def remove(self, element: Element) -> None:
        """Take an element out with the white space before it."""
        kept = len(self.text[: element.start].rstrip(SPACE))
        self._edits.append((kept, element.end, ""))

    def apply(self, start: int = 0, end: int | None = None) -> str:
        """The text from ``start`` to ``end`` with all edits made."""
        end = len(self.text) if end is None else end
        parts, position = [], start
        for first, last, new in sorted(self._edits, key=lambda edit: edit[:2]):
            if first < position:
                raise AssertionError(f"two edits overlap at {first}")
            parts += [self.text[position:first], new]
            position = last
        return "".join([*parts, self.text[position:end]])
