"""XML that is edited in place: a scanner that keeps positions, and patches that touch nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from labelloop.errors import UserError, printable

BOM = b"\xef\xbb\xbf"
SPACE = " \t\r\n"  # what XML calls white space

_TOKEN = re.compile(
    r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
    r"|(?P<close>/)?(?P<name>[^\s/>!?][^\s/>]*)(?:[^>\"'/]++|\"[^\"]*\"|'[^']*'|/(?!>))*+(?P<empty>/)?>)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot|apos);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_MARKUP = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>|<[^>]*>", re.DOTALL)
_HIDDEN = re.compile(r"_x([0-9A-F]{4})_")  # characters that XML can't hold, as .NET's XmlConvert writes them
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EDGES = re.compile(r"^[ \t\n]+|[ \t\n]+$")


class Element:
    """Where an element stands in the text: its tags, and the elements directly inside it.

    ``quick`` is the match of the pattern that recognised the whole element; it has no ``children`` then.
    """

    __slots__ = ("children", "close_start", "end", "name", "open_end", "quick", "start")

    def __init__(self, name: str, start: int, open_end: int) -> None:
        self.name = name
        self.start = start
        self.open_end = open_end
        self.close_start = open_end
        self.end = open_end
        self.children: list[Element] = []
        self.quick: re.Match[str] | None = None

    def all(self, name: str) -> list[Element]:
        """The direct children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        """The first direct child of that name."""
        for child in self.children:
            if child.name == name:
                return child
        return None


def decode_xml(data: bytes, where: str) -> str:
    """The text of a well-formed XML file without document type or entities of its own.

    Raises:
        UserError: it is empty, not UTF-8, not XML, or declares entities.
    """
    where = printable(where)
    body = data.removeprefix(BOM)
    if not body.strip():
        raise UserError(f"{where} is empty, so there is nothing to read; restore it from a copy.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{where} is not UTF-8 text, so it can't be read as XML.") from None
    parser = expat.ParserCreate("utf-8")

    def refuse(*_: object) -> None:
        raise UserError(f"{where} has a document type with entities, which is refused for safety.")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise UserError(f"{where}, line {error.lineno}: this is not well-formed XML ({why}).") from None
    return text


def scan(text: str, start: int = 0, quick: Mapping[str, re.Pattern[str]] | None = None) -> Element:
    """The element that begins at or after ``start``, with the positions of everything inside.

    The text must be well-formed. ``quick`` has patterns for whole elements by "Parent/Name"; where one
    matches, the scanner steps over the element.
    """
    stack: list[Element] = []
    position = start
    while match := _TOKEN.search(text, position):
        position = match.end()
        name = match["name"]
        if name is None:
            continue
        if match["close"]:
            element = stack.pop()
            element.close_start, element.end = match.start(), position
        else:
            element = Element(name, match.start(), position)
            if stack:
                stack[-1].children.append(element)
                pattern = quick.get(f"{stack[-1].name}/{name}") if quick else None
                if pattern and (whole := pattern.match(text, match.start())):
                    element.quick, position = whole, whole.end()
                    element.close_start = element.end = position
                    continue
            if not match["empty"]:
                stack.append(element)
        if not stack:
            return element
    raise UserError("The XML ends before its elements do.")


def attributes(text: str, element: Element) -> dict[str, str]:
    """The element's attributes with their references resolved."""
    tag = text[element.start + 1 + len(element.name) : element.open_end]
    return {name: unescape(_flat(a or b)) for name, a, b in ATTRIBUTE.findall(tag)}


def _flat(raw: str) -> str:
    return re.sub(r"\r\n|[\t\r\n]", " ", raw) if "\n" in raw or "\t" in raw or "\r" in raw else raw


def content(text: str, element: Element | None) -> str:
    """The text inside an element, without the white space around it."""
    if element is None:
        return ""
    raw = text[element.open_end : element.close_start].strip(SPACE)
    if "<" not in raw:
        return unescape(raw)
    parts, position = [], 0
    for match in _MARKUP.finditer(raw):
        parts += [unescape(raw[position : match.start()]), match[1] or ""]
        position = match.end()
    return "".join([*parts, unescape(raw[position:])])


def unescape(raw: str) -> str:
    """Text as it is meant, from text as XML writes it."""
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in raw:
        raw = _REFERENCE.sub(_referenced, raw)
    if "_x" in raw:
        raw = _HIDDEN.sub(_shown, raw)
    return raw


def _referenced(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


def _shown(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if _FORBIDDEN.match(char) else match[0]


def escape(text: str) -> str:
    """Text for inside an element; white space at its edges and control characters survive."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    text = _FORBIDDEN.sub(lambda m: f"_x{ord(m[0]):04X}_", text)
    return _EDGES.sub(lambda m: "".join(f"&#x{ord(c):X};" for c in m[0]), text)


def escape_attribute(text: str, quote: str = '"') -> str:
    """Text for inside an attribute's quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace(quote, "&quot;" if quote == '"' else "&apos;")
    text = _FORBIDDEN.sub(lambda m: f"_x{ord(m[0]):04X}_", text)
    return re.sub("[\t\r\n]", lambda m: f"&#x{ord(m[0]):X};", text)


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is laid out: line ending and indent (both empty on one line), end of an empty tag."""

    newline: str = "\n"
    unit: str = "  "
    empty_end: str = " />"

    @classmethod
    def of(cls, text: str, root: Element) -> Style:
        """The style that the document's own beginning shows."""
        empty = re.search(r"(\s?)/>", text)
        empty_end = (empty[1] and " ") + "/>" if empty else " />"
        if not root.children:
            return cls("\r\n" if "\r\n" in text else "\n", "  ", empty_end)
        lead = re.match(r"(\r?\n)([ \t]*)", text[root.open_end : root.children[0].start])
        return cls(lead[1], lead[2], empty_end) if lead else cls("", "", empty_end)


@dataclass(frozen=True, slots=True)
class Node:
    """An element to be written: its attributes in order and either text or elements inside.

    ``open`` writes an empty element as two tags on two lines, as Studio does for some.
    """

    name: str
    attributes: Sequence[tuple[str, str]] = ()
    text: str | None = None
    children: Sequence[Node] = field(default=())
    open: bool = False

    def lines(self, style: Style) -> Iterator[str]:
        """The element's lines, indented below its own first one."""
        head = self.name + "".join(f' {k}="{escape_attribute(v)}"' for k, v in self.attributes)
        if self.children or self.open:
            yield f"<{head}>"
            for child in self.children:
                for line in child.lines(style):
                    yield style.unit + line
            yield f"</{self.name}>"
        elif self.text:
            yield f"<{head}>{escape(self.text)}</{self.name}>"
        else:
            yield f"<{head}{style.empty_end}"

    def render(self, style: Style, indent: str) -> str:
        """The element as text for a place with that indent; its first line has none."""
        return (style.newline + (indent if style.newline else "")).join(self.lines(style))
