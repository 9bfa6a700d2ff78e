"""The file formats that labels can be read from and written to, behind one registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from labelloop.errors import UserError, printable
from labelloop.formats.labels.session_labels import SessionLabels

Reader = Callable[[bytes, str], list[SessionLabels]]
Writer = Callable[[Sequence[SessionLabels]], bytes]


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A kind of label file: how users name it, its file ending, and the module that reads and writes it.

    The module has ``read``, which takes the content and the name for messages, and ``write``. ``together``
    says that one file holds all sessions; else each has a file, named after the session.
    """

    name: str
    title: str
    ending: str
    module: str
    together: bool = False

    @property
    def read(self) -> Reader:
        """What makes labels of a file's content."""
        reader: Reader = import_module(f"{_HOME}.{self.module}").read
        return reader

    @property
    def write(self) -> Writer:
        """What makes a file's content of labels."""
        writer: Writer = import_module(f"{_HOME}.{self.module}").write
        return writer


_HOME = "labelloop.formats.labels"
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


register(LabelFormat("audacity", "Audacity labels", ".txt", "audacity"))
register(LabelFormat("praat", "Praat TextGrid", ".TextGrid", "textgrid"))
register(LabelFormat("studio", "DEEPCRAFT Studio labels", ".label", "studio"))
register(LabelFormat("csv", "a table of all sessions", ".csv", "csv_table", together=True))
register(LabelFormat("json", "all sessions as JSON", ".json", "json_file", together=True))
register(LabelFormat("dcase", "DCASE and sed_eval event list", ".tsv", "dcase", together=True))
