"""Horizontal bars that grow by eighths of a column."""

from __future__ import annotations

import math
from collections.abc import Mapping

from labelloop.rendering.cells import Row, fitted, merged
from labelloop.rendering.format import fit
from labelloop.rendering.glyphs import Glyphs, symbols


def bar(share: float, width: int, glyphs: Glyphs = Glyphs.BRAILLE) -> str:
    """A bar over ``share`` of ``width`` columns, as long as it is (no filling); nothing is a thin line.

    >>> bar(1.0, 4), bar(0.4, 8), bar(0, 8), bar(0.5, 4, Glyphs.ASCII)
    ('████', '███▎', '▏', '##')
    """
    signs = symbols(glyphs).lengths
    steps = len(signs) - 1
    share = min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0
    units = round(share * width * steps)
    if share > 0:
        units = max(1, units)
    full, part = divmod(units, steps)
    text = signs[-1] * full + (signs[part] if part else "")
    return text or signs[1]


def counted_bar(value: float, most: float, width: int, style: str, glyphs: Glyphs, text: str = "") -> Row:
    """A bar with its number behind it in exactly ``width`` columns; ``most`` fills the room there is."""
    number = text or f"{value:g}"
    room = max(1, width - len(number) - 2)
    drawn = bar(value / most if most > 0 else 0.0, room, glyphs)
    return fitted(merged([(drawn, style if value else "dim"), (f" {number}", "" if value else "dim")]), width)


def bar_table(
    rows: Mapping[str, tuple[list[float], str]],
    titles: list[str],
    width: int,
    name_width: int,
    glyphs: Glyphs = Glyphs.BRAILLE,
) -> list[Row]:
    """A title row, then a row per class (its values per title, its style), all bars on one scale."""
    columns = max(1, len(titles))
    size = max(6, (width - name_width) // columns)
    most = max((value for values, _ in rows.values() for value in values), default=0.0)
    head: Row = [(" " * name_width, ""), *((fit(title, size), "dim") for title in titles)]
    table = [fitted(head, width)]
    for name, (values, style) in rows.items():
        row: Row = [(fit(name, name_width - 1) + " ", style)]
        for value in values:
            row += counted_bar(value, most, size, style, glyphs)
        table.append(fitted(row, width))
    return table
