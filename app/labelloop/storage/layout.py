"""Where the arrays of a cached signal lie in its file, so that it can be read without h5py."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from typing import Any

from labelloop.contract.values import parsed

VERSION = 1
FACTOR = 16  # samples to a cell of the first pyramid level, cells to a cell of the next
SMALLEST_LEVEL = 64  # cells; a level with fewer would save nothing
_PAGE = 4096
_COUNTS = ("rows", "n", "size", "times", "samples", "marks", "steps", "check")
MARK_EVERY = 1024  # samples between two time marks


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the min/max pyramid: float32 (channels, 2, cells), least and greatest of full cells."""

    factor: int
    cells: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """What a cached signal holds and the byte offsets of its arrays.

    ``rows`` are allocated and set the distance between channels, the first ``n`` of them are valid; the
    recording has no more when it is ``whole``.
    ``times`` float64 (rows), ``samples`` float32 (channels, rows), ``marks`` float64: every 1024th time,
    ``steps`` float64: the greatest step within each full 1024. ``window_s`` is the duration in the second
    time column of prediction tracks, 0 elsewhere. ``check`` is the CRC-32 of a small file, which is not
    forced to the disk; 0 for a large one, which is.
    """

    names: tuple[str, ...]
    rows: int
    n: int = 0
    rate_hz: float = 0.0
    timecoded: bool = False
    window_s: float = 0.0
    warnings: tuple[str, ...] = ()
    size: int = 0
    times: int = 0
    samples: int = 0
    marks: int = 0
    steps: int = 0
    levels: tuple[Level, ...] = ()
    check: int = 0
    whole: bool = False

    @property
    def mark_count(self) -> int:
        """Time marks that are allocated."""
        return -(-self.rows // MARK_EVERY)

    @property
    def step_count(self) -> int:
        """Greatest steps that are allocated."""
        return (self.rows - 1) // MARK_EVERY

    def valid(self, n: int) -> Layout:
        """The same with the first ``n`` rows valid."""
        return replace(self, n=n)

    def to_json(self) -> dict[str, Any]:
        """A JSON value that ``from_json`` reads back."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Layout:
        """Read a layout back. Raises ValueError, KeyError or TypeError for anything else."""
        if data.pop("version") != VERSION:
            raise ValueError("another version")
        data["levels"] = tuple(Level(**level) for level in data["levels"])
        data["names"], data["warnings"] = tuple(data["names"]), tuple(data["warnings"])
        layout = cls(**data)
        if not layout.is_possible():
            raise ValueError("impossible values")
        return layout

    def is_possible(self) -> bool:
        """Whether all values have their kinds and all arrays lie inside the file."""
        counts = [getattr(self, name) for name in _COUNTS]
        counts += [level.offset for level in self.levels]
        return (
            all(type(count) is int and count >= 0 for count in counts)
            and all(type(text) is str for text in self.names + self.warnings)
            and len(self.names) > 0
            and all(isinstance(x, float) and math.isfinite(x) for x in (self.rate_hz, self.window_s))
            and 0 < self.n <= self.rows
            and tuple(replace(level, offset=0) for level in self.levels) == levels_for(self.rows)
            and self.end() <= self.size
        )

    def end(self) -> int:
        """The first byte after the last array."""
        channels = len(self.names)
        ends = [
            self.times + 8 * self.rows,
            self.samples + 4 * self.rows * channels,
            self.marks + 8 * self.mark_count,
            self.steps + 8 * self.step_count,
        ]
        return max(ends + [level.offset + 8 * level.cells * channels for level in self.levels])


def parse_layout(text: bytes) -> Layout | None:
    """The layout in a file beside a cached signal, or None when it is not one of ours."""
    try:
        return Layout.from_json(parsed(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def levels_for(rows: int) -> tuple[Level, ...]:
    """The pyramid levels that a signal of ``rows`` samples gets."""
    levels, factor = [], FACTOR
    while rows // factor >= SMALLEST_LEVEL:
        levels.append(Level(factor, rows // factor))
        factor *= FACTOR
    return tuple(levels)


def place(layout: Layout) -> Layout:
    """Offsets one after the other, for a signal that is kept in memory."""
    channels = len(layout.names)
    sizes = [8 * layout.rows, 4 * layout.rows * channels, 8 * layout.mark_count, 8 * layout.step_count]
    levels = levels_for(layout.rows)
    sizes += [8 * level.cells * channels for level in levels]
    *ends, size = accumulate((-(-size // _PAGE) * _PAGE for size in sizes), initial=0)
    times, samples, marks, steps, *rest = ends
    placed = tuple(replace(level, offset=at) for level, at in zip(levels, rest, strict=True))
    return replace(layout, times=times, samples=samples, marks=marks, steps=steps, levels=placed, size=size)
