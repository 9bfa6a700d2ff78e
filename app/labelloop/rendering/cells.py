"""Rows of styled text: what every renderer gives back. Style names say what a thing is, never its colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labelloop.rendering.format import cell_width, clip

Run = tuple[str, str]
Row = list[Run]

DEFAULT = ""


def text_of(row: Iterable[Run]) -> str:
    """A row's text without its styles."""
    return "".join(text for text, _ in row)


def width_of(row: Iterable[Run]) -> int:
    """The terminal columns a row takes."""
    return sum(cell_width(text) for text, _ in row)


def merged(runs: Iterable[Run]) -> Row:
    """The same row with empty runs dropped and neighbours of equal style joined.

    >>> merged([("a", "x"), ("", "y"), ("b", "x"), ("c", "")])
    [('ab', 'x'), ('c', '')]
    """
    row: Row = []
    for text, style in runs:
        if not text:
            continue
        if row and row[-1][1] == style:
            row[-1] = (row[-1][0] + text, style)
        else:
            row.append((text, style))
    return row


def fitted(runs: Iterable[Run], width: int) -> Row:
    """A row cut or filled with spaces to exactly ``width`` columns."""
    row: Row = []
    left = width
    for text, style in runs:
        size = cell_width(text)
        if size > left:
            text = clip(text, left)
            size = left
        if text:
            row.append((text, style))
        left -= size
        if left <= 0:
            return row
    row.append((" " * left, DEFAULT))
    return row


def row_of_cells(cells: Sequence[str], styles: Sequence[str]) -> Row:
    """A row from one text and one style per column, equal neighbours joined."""
    return merged(zip(cells, styles, strict=True))


def spread(left: Iterable[Run], right: Iterable[Run], width: int) -> Row:
    """``left`` at the left and ``right`` at the right edge; the left part gives way, keeping two columns."""
    tail = list(right)
    room = width - width_of(tail)
    if room < 4:
        return fitted(left, width)
    head = list(left)
    if tail and width_of(head) > room - 2:
        return [*fitted(head, room - 2), ("  ", DEFAULT), *tail]
    return [*fitted(head, room), *tail]
