"""What the viewer's lanes show, made from a signal, a track and a view; free of widgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from labelloop.project.labels import Label, LabelTrack
from labelloop.rendering.format import MINUS, fit, shorten, span
from labelloop.rendering.lanes import Event
from labelloop.rendering.overview import activity
from labelloop.rendering.ruler import tick_label
from labelloop.rendering.waveform import value_range
from labelloop.screens.viewer.typed import name_and_unit
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.storage.signals import Signal
from labelloop.storage.timing import GAP
from labelloop.widgets.lanes import Channel
from labelloop.widgets.view import View

Floats = NDArray[np.floating]
_SPARSE = 3.0  # samples per dot column; below, the line between samples is drawn
_RANGE_COLUMNS = 512


def short_name(name: str, width: int) -> str:
    """A name in no more than ``width`` columns; the end tells channels apart better than the beginning.

    >>> short_name("lowerarm_acc_x", 9)
    '…rm_acc_x'
    """
    clean = shorten(name, 200)
    return (
        clean
        if len(clean) <= width
        else "…" + clean[len(clean) - width + 1 :]
        if width > 1
        else clean[:width]
    )


def column_edges(view: View, columns: int) -> NDArray[np.float64]:
    """The moments between columns."""
    return np.linspace(view.start, view.end, columns + 1)


def trace(signal: Signal, channel: int, edges: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Lowest and highest value per column; where samples are sparse, those of the line between them."""
    lo, hi = signal.envelope_at(channel, edges)
    first, past = signal.index_of(float(edges[0])), signal.index_of(float(edges[-1]))
    if past - first >= _SPARSE * (len(edges) - 1):
        return lo, hi
    i, j = max(0, first - 1), min(signal.n, past + 1)
    times, values = signal.times_of(i, j), signal.read_channel(channel, i, j)
    line = _line(times, values, edges, GAP / signal.rate_hz if signal.rate_hz else math.inf)
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    return np.fmin(lo, low), np.fmax(hi, high)


def _line(
    times: NDArray[np.float64], values: Floats, at: NDArray[np.float64], gap: float
) -> NDArray[np.float64]:
    """The straight line through samples at some moments; NaN in gaps and beyond the ends."""
    if len(times) < 2:
        return np.full(len(at), np.nan)
    line = np.interp(at, times, values, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(times, at, "left"), 1, len(times) - 1)
    line[times[after] - times[after - 1] > gap] = np.nan
    return line


def whole_range(signal: Signal, channel: int) -> tuple[float, float]:
    """The values at a lane's bottom and top: those of the recording, but for a few that stand far out."""
    lo, hi = signal.envelope(channel, 0, signal.n, _RANGE_COLUMNS)
    low, high = value_range(lo, hi)
    lo, hi = lo[np.isfinite(lo)], hi[np.isfinite(hi)]
    if len(lo) >= 32:
        inner_low, inner_high = float(np.quantile(lo, 0.02)), float(np.quantile(hi, 0.98))
        if 0 < (inner_high - inner_low) * 8 < high - low:
            margin = (inner_high - inner_low) / 2
            low, high = max(low, inner_low - margin), min(high, inner_high + margin)
    return low, high


def whole_activity(signal: Signal, channels: Sequence[int], view: View, columns: int) -> Floats:
    """How much happens in each column of the whole session, over some channels."""
    edges = np.linspace(view.first, view.first + view.whole, columns + 1)
    rows = [activity(*signal.envelope_at(k, edges), columns) for k in channels]
    if not rows:
        return np.full(columns, np.nan)
    stacked = np.stack(rows)
    known = np.isfinite(stacked)
    total = np.where(known, stacked, 0).sum(axis=0)
    count = known.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def labels_at_columns(
    track: LabelTrack, first: float, shown: float, columns: int, most: int
) -> list[tuple[int, Label, int]]:
    """For columns with labels: (column, one label, how many start there). Takes no longer for a million."""
    found = []
    step = shown / max(1, columns)
    places = track.indexes_at(first + np.arange(columns + 1) * step)
    for column, (low, high) in enumerate(pairwise(places)):
        if high > low:
            found.append((column, track[high - 1], min(high - low, most)))
        elif (label := track.at(first + column * step)) is not None:
            found.append((column, label, 0))
    return found


def overview_marks(
    track: LabelTrack, view: View, columns: int, signs: ClassSigns
) -> tuple[NDArray[np.intp], list[tuple[str, str]]]:
    """The kind of event in each column of the whole session, and the mark of each kind."""
    kinds = np.full(columns, -1, np.intp)
    marks: dict[tuple[str, str], int] = {}
    for column, label, _ in labels_at_columns(track, view.first, view.whole, columns, 1):
        sign = signs.of(label.name)
        style = sign.style if label.confirmed else f"{sign.style} unsure"
        kinds[column] = marks.setdefault((sign.letter, style), len(marks))
    return kinds, list(marks)


def events_in_view(
    track: LabelTrack, view: View, columns: int, signs: ClassSigns, target: Label | None = None
) -> list[Event]:
    """The labels of the shown stretch; where there are more than columns, one a column that says how many."""
    low, high = track.index_at(view.start), track.index_at(view.end)
    if high - low > 2 * columns:
        return _crowded(track, view, columns, signs)
    events = []
    for label in track.between(view.start, view.end):
        sign = signs.of(label.name)
        chosen = label is target or (target is not None and label == target)
        events.append(
            Event(label.start, label.end, sign.letter, sign.style, label.confirmed, label.confidence, chosen)
        )
    return events


def _crowded(track: LabelTrack, view: View, columns: int, signs: ClassSigns) -> list[Event]:
    step = view.seconds(columns)
    events = []
    for column, label, count in labels_at_columns(track, view.start, view.shown, columns, 10):
        sign = signs.of(label.name)
        start = view.start + (column + 0.25) * step
        letter = sign.letter if count <= 1 else str(count) if count < 10 else "+"
        events.append(Event(start, start + step / 2, letter, sign.style, label.confirmed, label.confidence))
    return events


def made_channel(
    signal: Signal, channel: int, edges: NDArray[np.float64], limits: tuple[float, float], width: int
) -> Channel:
    """One channel as a lane shows it."""
    lo, hi = trace(signal, channel, edges)
    name, unit = name_and_unit(signal.names[channel])
    return Channel(short_name(name, width), lo, hi, limits[0], limits[1], unit)


def moment(time: float) -> str:
    """A time to a thousandth of a second, as the ruler names it.

    >>> moment(12.4312), moment(83.4)
    ('12.431 s', '1:23.400')
    """
    return tick_label(time, 0.001, unit=True)


def stretch_text(start: float, end: float) -> str:
    """A stretch with its length.

    >>> stretch_text(12.01, 13.22), stretch_text(59.5, 61)
    ('12.010–13.220 s (1.21 s)', '59.500 s–1:01.000 (1.5 s)')
    """
    first, last = moment(start), moment(end)
    if last.endswith(" s"):
        first = first.removesuffix(" s")
    return f"{first}–{last} ({span(end - start)})"


def value_text(value: float) -> str:
    """A value in seven columns, so that only its digits change."""
    if not math.isfinite(value):
        return fit("–", 7, "right")
    size = abs(value)
    digits = 3 if size < 10 else 2 if size < 100 else 1 if size < 10_000 else 0
    text = f"{value:.{digits}f}" if size < 1e6 else f"{value:.1e}"
    return text.replace("-", MINUS).rjust(7)
