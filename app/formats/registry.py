"""The file formats that labels can be read from and written to, behind one registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.errors import UserError, printable
from app.project.labels import Label

Reader = Callable[[bytes, str], list[Label]]
Writer = Callable[[Sequence[Label]], bytes]


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A kind of label file: how people name it, its file endings, and what reads and writes it.

    ``read`` takes the content and the name for messages; it or ``write`` is None where we can't.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    read: Reader | None = None
    write: Writer | None = None


_formats: dict[str, LabelFormat] = {}


def register(label_format: LabelFormat) -> LabelFormat:
    """Make a format known. A name belongs to one format."""
    if label_format.name in _formats:
        raise ValueError(f"there is a format {label_format.name} already")
    _formats[label_format.name] = label_format
    return label_format


def as_list() -> list[LabelFormat]:
    """All formats, by name."""
    return [_formats[name] for name in sorted(_formats)]


def by_name(name: str) -> LabelFormat:
    """The format of that name.

    Raises:
        UserError: there is none.
    """
    try:
        return _formats[name]
    except KeyError:
        known = ", ".join(sorted(_formats))
        raise UserError(f"There is no format {printable(name)}; use one of {known}.") from None


def by_file(file_name: str) -> LabelFormat:
    """The format that a file's ending tells.

    Raises:
        UserError: none of them ends like that, or several do.
    """
    found = [f for f in as_list() if file_name.lower().endswith(f.endings)]
    if len(found) == 1:
        return found[0]
    why = "several formats end like that" if found else "no format ends like that"
    raise UserError(f"{printable(file_name)} does not say its format ({why}); name it with --format.")


def _read_studio(data: bytes, where: str) -> list[Label]:
    from app.formats.label import parse_labels

    return parse_labels(data, where).labels


def _write_studio(labels: Sequence[Label]) -> bytes:
    from app.formats.label import EMPTY_LABELS, parse_labels

    return parse_labels(EMPTY_LABELS, "new").render(labels)


register(LabelFormat("studio", "DEEPCRAFT Studio labels", (".label",), _read_studio, _write_studio))
