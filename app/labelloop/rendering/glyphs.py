"""The three sets of characters a terminal may have, and the plain ones that stand in for the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Glyphs(StrEnum):
    """What the terminal's font can show: braille dots, block elements, or ASCII alone."""

    BRAILLE = "braille"
    BLOCK = "block"
    ASCII = "ascii"


@dataclass(frozen=True, slots=True)
class Symbols:
    """The signs that drawing code needs by name. Each takes one column."""

    levels: str  # nothing to full, rising
    lengths: str  # nothing to full, growing to the right
    fill: str  # inside a confirmed label
    unsure: str  # inside a label that nobody confirmed
    quiet: str  # a lane where nothing is
    selected: str  # a marked stretch where nothing is
    caret: str  # the cursor on the ruler
    tick: str
    tick_first: str
    line: str


_UNICODE = Symbols(" ▁▂▃▄▅▆▇█", " ▏▎▍▌▋▊▉█", "═", "─", "·", "░", "▼", "┬", "├", "─")
_ASCII = Symbols(" .:-=+*#@", " .-#", "=", "-", ".", "~", "v", "+", "+", "-")


def symbols(glyphs: Glyphs) -> Symbols:
    """The signs of a glyph set."""
    return _ASCII if glyphs is Glyphs.ASCII else _UNICODE


_PLAIN = str.maketrans(
    dict(
        zip(
            "▸▾▴▹◂★✓✗–−…·═─│├┬┼╲┤█▏▎▍▌▋▊▉▁▂▃▄▅▆▇▼▲␣±≥≤→←↑↓░▒«»×└┘┌┐╌",
            ">v^><*+x--.:=-|+++\\|#.--==##_.-=+*#v^_~><><^v~%<>x++++-",
            strict=True,
        )
    )
)


def plain(text: str) -> str:
    """``text`` with our own signs replaced by ASCII ones of the same width; names from files stay.

    >>> plain("▸ down – 58 %")
    '> down - 58 %'
    """
    return text if text.isascii() else text.translate(_PLAIN)
