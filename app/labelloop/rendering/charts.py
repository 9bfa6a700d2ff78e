"""Curves that change once an epoch, drawn by plotext; the only module that imports it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from labelloop.rendering.cells import Row, fitted, merged
from labelloop.rendering.glyphs import Glyphs, plain

_MARKERS = {Glyphs.BRAILLE: "braille", Glyphs.BLOCK: "hd", Glyphs.ASCII: "dot"}
_SIGNS = {Glyphs.ASCII: ("*", "o", "x", "+")}
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
_COLOURS = 200  # 256-colour codes from here on stand for the series in their order


def curves(
    series: Mapping[str, Sequence[float]],
    width: int,
    height: int,
    glyphs: Glyphs = Glyphs.BRAILLE,
    limits: tuple[float, float] | None = None,
    length: int | None = None,
) -> list[Row]:
    """Curves over epochs 1, 2, ... in exactly ``height`` rows of ``width`` columns, a legend at the top.

    The n-th series has the style ``series.n``. Values that are not finite are gaps; ``length`` is the
    number of epochs to leave room for.
    """
    legend: Row = []
    for number, name in enumerate(series):
        legend += [
            (
                f"{'─' if glyphs is not Glyphs.ASCII else _SIGNS[Glyphs.ASCII][number % 4]} ",
                f"series.{number}",
            )
        ]
        legend += [(f"{name}   ", "dim")]
    points = {name: _finite(values) for name, values in series.items()}
    if not any(xs for xs, _ in points.values()) or width < 16 or height < 4:
        empty: Row = [("no epoch is done yet" if width >= 20 else "", "dim")]
        return [fitted(row, width) for row in [legend, empty, *([[]] * height)][:height]]
    text = _build(points, width, height - 1, glyphs, limits, length)
    lines = text.rstrip("\n").split("\n")[: height - 1]
    rows = [_parsed(line, glyphs) for line in lines] + [[]] * (height - 1 - len(lines))
    return [fitted(row, width) for row in [legend, *rows]]


def _finite(values: Sequence[float]) -> tuple[list[int], list[float]]:
    pairs = [(i, float(v)) for i, v in enumerate(values, 1) if v is not None and math.isfinite(v)]
    return [i for i, _ in pairs], [v for _, v in pairs]


def _build(
    points: Mapping[str, tuple[list[int], list[float]]],
    width: int,
    height: int,
    glyphs: Glyphs,
    limits: tuple[float, float] | None,
    length: int | None,
) -> str:
    import plotext

    figure: Any = plotext
    figure.clear_figure()
    figure.plot_size(width, height)
    figure.theme("clear")
    figure.frame(False)
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    figure.yfrequency(3 if height < 9 else 5)
    for number, (xs, ys) in enumerate(points.values()):
        if xs:
            marker = _SIGNS[glyphs][number % 4] if glyphs in _SIGNS else _MARKERS[glyphs]
            figure.plot(xs, ys, marker=marker, color=_COLOURS + number)
    last = max([length or 1, *(xs[-1] for xs, _ in points.values() if xs)])
    figure.xlim(1, max(2, last))
    figure.xticks(_epoch_ticks(last))
    if limits is not None:
        figure.ylim(*limits)
    return str(figure.build())


def _epoch_ticks(last: int) -> list[int]:
    """A few whole epochs from the first to the last."""
    step = max(1, round(last / 4))
    ticks = list(range(1, max(2, last) + 1, step))
    if ticks[-1] != last:
        ticks[-1] = last
    return ticks


def _parsed(line: str, glyphs: Glyphs) -> Row:
    """Runs from a line with colour sequences; only our series' colours mean something."""
    row: Row = []
    style = "axis"
    position = 0
    for found in _SEQUENCE.finditer(line):
        row.append((_text(line[position : found.start()], glyphs), style))
        style = _style(found.group(1))
        position = found.end()
    row.append((_text(line[position:], glyphs), style))
    return merged(row)


def _text(text: str, glyphs: Glyphs) -> str:
    text = text.replace("⠀", " ")
    return plain(text) if glyphs is Glyphs.ASCII else text


def _style(code: str) -> str:
    parts = code.split(";")
    if parts[:2] == ["38", "5"] and len(parts) == 3 and parts[2].isdigit() and int(parts[2]) >= _COLOURS:
        return f"series.{int(parts[2]) - _COLOURS}"
    return "axis"
