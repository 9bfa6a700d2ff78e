"""What is known of a dense model before it is trained: how samples become its features, and its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

EVENT_FRAMES = 16  # frames in an event of the usual length
SHORT_FRAMES = 6  # frames in the shortest tenth of events, at least
CHANGES = 3  # kinds of change: from sample to sample, its strength, and over several frames
MOST_SUB = 4  # means per frame and channel
WIDTHS = {"small": 32, "medium": 48, "large": 72}  # filters
BLOCKS = 6  # residual blocks, each with twice the dilation of the one before


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """How samples become features. All in samples but the scales; JSON by ``to_json`` and ``from_json``.

    stride: samples a frame. sub: means a frame. fft: length of the analysis window, 0 for no energies.
    hop: distance of analysis windows, a divisor of stride. bands: edges of the bands in FFT bins.
    centre, scale: of each channel in Train. energy: mean energy of each (band, channel) in Train.
    changes: usual size of each (kind of change, channel) in Train, where changes are looked at.
    """

    stride: int
    sub: int
    fft: int
    hop: int
    bands: tuple[int, ...]
    centre: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    energy: tuple[float, ...] = ()
    changes: tuple[float, ...] = ()

    @property
    def groups(self) -> int:
        """Features per frame and channel."""
        return self.sub + max(0, len(self.bands) - 1) + (CHANGES if self.changes else 0)

    def frames(self, samples: int) -> int:
        """How many frames cover that many samples."""
        return -(-samples // self.stride)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FrontEnd:
        """Read back what ``to_json`` made."""
        stride, sub, fft, hop = (int(data[k]) for k in ("stride", "sub", "fft", "hop"))
        bands = tuple(int(v) for v in data["bands"])
        centre, scale, energy = (tuple(float(v) for v in data[k]) for k in ("centre", "scale", "energy"))
        changes = tuple(float(v) for v in data.get("changes") or ())
        return cls(stride, sub, fft, hop, bands, centre, scale, energy, changes)


def choose_front_end(rate_hz: float, lengths_s: Sequence[float], channels: int) -> FrontEnd:
    """A front end that fits the events' lengths (seconds), the rate and the number of channels."""
    lengths = np.asarray(lengths_s, dtype=np.float64) * rate_hz
    stride = int(max(1, min(np.median(lengths) / EVENT_FRAMES, np.quantile(lengths, 0.1) / SHORT_FRAMES)))
    if stride > MOST_SUB:
        stride -= stride % MOST_SUB
    sub = min(stride, MOST_SUB)
    if stride < MOST_SUB:
        return FrontEnd(stride, sub, 0, stride, ())
    fft = 1 << int(np.clip(np.ceil(np.log2(2 * stride)), 4, 9))
    hop = next(h for h in range(min(stride, fft // 2), 0, -1) if stride % h == 0)
    return FrontEnd(stride, sub, fft, hop, _band_edges(fft, int(np.clip(96 // channels, 4, 40))))


def _band_edges(fft: int, most: int) -> tuple[int, ...]:
    """Edges of bands over the bins 1 to fft / 2: even at low frequencies, growing above, like a mel scale."""
    top = fft // 2
    knee = top / 8
    warped = np.linspace(np.log1p(1 / knee), np.log1p((top + 1) / knee), most + 1)
    edges = np.round(np.expm1(warped) * knee).astype(int)
    return tuple(int(e) for e in np.unique(np.clip(edges, 1, top + 1)))


def dense_layers() -> int:
    """Layers of a dense network, its input not counted: see app.learning's description of it."""
    return 2 + 6 * BLOCKS + 5


def dense_parameters(features: int, classes: int, width: int) -> int:
    """Weights of a dense network with so many features a frame, classes and filters.

    Convolutions are three frames wide. A block normalises, convolves and mixes its filters; behind the blocks
    come a last normalisation, the classes and "none", and two boundary scores from half the filters.
    """
    half = width // 2
    block = 2 * width + (3 * width + 1) * width + (width + 1) * width
    ends = 2 * width + (width + 1) * (classes + 1) + (3 * width + 1) * half + (half + 1) * 2
    return (3 * features + 1) * width + BLOCKS * block + ends
