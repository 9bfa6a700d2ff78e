"""The units of a preprocessor by Studio, read from its XML as plain values, window after window."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from labelloop.errors import printable

MOST_NUMBERS = 10**7  # of a window
MOST_FILTERS = 4096


class UnsupportedError(ValueError):
    """A unit, or a setting of one, that is not known here; the text names it."""


@dataclass(slots=True)
class _Stream:
    """What flows between units: ``width`` numbers ``rate_hz`` times a second, windows of ``shape``."""

    rate_hz: float
    width: int
    shape: tuple[int, ...] = ()
    levels: list[dict[str, Any]] = field(default_factory=list)

    def window(self, shape: Sequence[int], stride: int) -> None:
        """Cut windows of this shape out of the flat stream, ``stride`` numbers apart."""
        if not (1 <= math.prod(shape) <= MOST_NUMBERS and 1 <= stride <= MOST_NUMBERS):
            raise UnsupportedError(f"a window of {list(shape)} numbers every {stride}")
        self.levels.append({"shape": list(shape), "stride": stride, "ops": []})
        self.rate_hz = self.rate_hz * self.width / stride
        self.shape, self.width = tuple(shape), math.prod(shape)

    def op(self, name: str, **values: Any) -> None:
        """Do something to each window."""
        if not self.levels:
            raise UnsupportedError(f"{name} before any window")
        self.levels[-1]["ops"].append({"op": name, **values})

    def resized(self, size: int) -> None:
        """The last axis of each window has another length from here on."""
        self.shape = (*self.shape[:-1], size)
        self.width = math.prod(self.shape)


def read_units(node: Element) -> dict[str, Any]:
    """A Preprocessor element as ``{"rate_hz", "channels", "levels"}``.

    Each level cuts windows of ``shape`` every ``stride`` numbers out of the numbers of the level before it,
    in order, and does its ``ops`` to each.

    Raises:
        UnsupportedError: a unit is not known.
        ValueError, KeyError: a setting is missing or no number.
    """
    rate = float(node.get("infreq") or 0)
    channels = math.prod(_shape(node.get("inshape") or ""))
    if not (rate > 0 and 0 < channels < 10**5):
        raise ValueError("sizes")
    stream = _Stream(rate, channels)
    for unit in node.findall("Unit"):
        name = unit.get("id", "?")
        values = {str(a.get("param")): (a.text or "").strip() for a in unit.findall("Argument")}
        reader = _READERS.get(name)
        if reader is None:
            raise UnsupportedError(f"its preprocessor uses {printable(name)}")
        reader(stream, values)
    if not stream.levels:
        raise UnsupportedError("its preprocessor has no window")
    return {"rate_hz": rate, "channels": channels, "levels": stream.levels}


def _shape(text: str) -> list[int]:
    found = [int(v) for v in text.strip("[]() ").split(",") if v.strip()]
    if not found or any(v < 1 for v in found):
        raise ValueError("shape")
    return found


Values = Mapping[str, str]


def _sliding(stream: _Stream, values: Values) -> None:
    stream.window(_shape(values["window_shape"]), max(1, int(values["stride"])))


def _contextual(stream: _Stream, values: Values) -> None:
    length = max(1, round(float(values["contextual_length_sec"]) * stream.rate_hz))
    stride = max(1, round(stream.rate_hz / float(values["prediction_freq"])))
    stream.window([length, stream.width], stride * stream.width)


def _taper(kind: str) -> Any:
    def read(stream: _Stream, values: Values) -> None:
        stream.op(kind, sym=values.get("sym", "True").casefold() != "false", axis=_axis(values))

    return read


def _axis(values: Values) -> int:
    axis = int(values.get("axis") or 0)
    if not 0 <= axis < 8:
        raise UnsupportedError(f"axis {axis}")
    return axis


def _fft(stream: _Stream, values: Values) -> None:
    if not stream.levels:
        raise UnsupportedError("a Fourier transform before any window")
    if len(stream.shape) != 1:
        raise UnsupportedError("a Fourier transform of windows with several axes")
    if stream.shape[-1] > 1 << 20:
        raise UnsupportedError(f"a Fourier transform of {stream.shape[-1]} numbers")
    stream.op("rfft")
    stream.resized(stream.shape[-1] // 2 + 1)


def _norm(stream: _Stream, values: Values) -> None:
    if [op["op"] for op in stream.levels[-1]["ops"]][-1:] != ["rfft"]:
        raise UnsupportedError("Core.Math.Norm of something else than a Fourier transform")
    stream.op("abs")


def _mel(stream: _Stream, values: Values) -> None:
    if values.get("htk", "True").casefold() == "false" or values.get("librosa", "False").casefold() == "true":
        raise UnsupportedError("mel filters of another kind than HTK's")
    filters, rate = int(values["num_filters"]), float(values["sample_rate"])
    low, high = float(values["f_low"]), float(values["f_high"])
    _add_mel(stream, filters, rate, low, high)


def _add_mel(stream: _Stream, filters: int, rate: float, low: float, high: float) -> None:
    if not (1 <= filters <= MOST_FILTERS and 0 <= low < high and rate > 0):
        raise UnsupportedError(f"{filters} mel filters from {low:g} to {high:g} Hz")
    stream.op("mel", filters=filters, rate=rate, low=low, high=high, bins=stream.shape[-1])
    stream.resized(filters)


def _clip(stream: _Stream, values: Values) -> None:
    stream.op("clip", min=float(values["min"]), max=float(values["max"]))


def _log(stream: _Stream, values: Values) -> None:
    stream.op("log", base=float(values.get("base") or 0))


def _add(stream: _Stream, values: Values) -> None:
    stream.op("add", value=float(values["A"]))


def _scale(stream: _Stream, values: Values) -> None:
    stream.op("multiply", value=float(values["A"]))


def _flatten(stream: _Stream, values: Values) -> None:
    stream.shape = (stream.width,)


def _speech(stream: _Stream, values: Values) -> None:
    """Windows of 512 samples, Hamming, magnitudes, mel filters, 1 added, natural logarithm, 0 to 4."""
    rate = stream.rate_hz
    stride = max(1, round(rate / float(values["output_freq"])))
    stream.window([512], stride * stream.width)
    stream.op("hamming", sym=True, axis=0)
    _fft(stream, values)
    stream.op("abs")
    low, high = float(values["low_cut_freq"]), float(values["high_cut_freq"])
    _add_mel(stream, int(values["output_features"]), rate, low, high)
    stream.op("add", value=1.0)
    stream.op("log", base=0.0)
    stream.op("clip", min=0.0, max=4.0)


_READERS: dict[str, Any] = {
    "Core.Queues.SlidingWindow": _sliding,
    "Core.Packages.ContextualWindow": _contextual,
    "Core.Packages.SpeechAudio": _speech,
    "Core.Math.Hann": _taper("hann"),
    "Core.Math.Hamming": _taper("hamming"),
    "Core.Math.Fft.RealFft": _fft,
    "Core.Math.Norm": _norm,
    "Core.Signal.MelFilterbank": _mel,
    "Core.Math.Clip": _clip,
    "Core.Math.Log": _log,
    "Core.Math.AddI": _add,
    "Core.Math.MulI": _scale,
    "Core.Math.Flatten": _flatten,
}
