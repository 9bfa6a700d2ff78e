"""Whether a model file asks for no more memory and time than a model needs, looked at before it is built."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

MOST_UNITS = 1 << 16  # filters, units, steps, kernels, pools of one layer
MOST_REACH = 1 << 20  # samples that a dilated kernel spans
MOST_CELLS = 1 << 27  # numbers that a layer puts out for one window
MOST_FRONT = 1 << 24  # any number of a front end: samples, bands, transforms
MOST_LAYERS = 2000
_COUNTED = ("filters", "units", "kernel_size", "strides", "dilation_rate", "pool_size")
_SPANNED = ("kernel_size", "dilation_rate")


class TooLargeError(ValueError):
    """A model that would take more memory or time than any of its kind does; the text says what of it."""


def check_layers(layers: Iterable[Mapping[str, Any]]) -> None:
    """Look at the settings of layers, ``{"layer", "config"}`` each.

    Raises:
        TooLargeError: a number is beyond what a layer can have.
    """
    for count, row in enumerate(layers):
        if count >= MOST_LAYERS:
            raise TooLargeError(f"it has more than {MOST_LAYERS} layers")
        config = row["config"]
        for key in _COUNTED:
            for value in _numbers(config.get(key)):
                if not 1 <= value <= MOST_UNITS:
                    raise TooLargeError(f"a layer's {key} is {value:g}")
        reach = math.prod(
            max(_numbers(config.get(key)), default=1) for key in ("kernel_size", "dilation_rate")
        )
        if reach > MOST_REACH:
            raise TooLargeError(f"a layer reaches over {reach:g} samples")


def check_outputs(window: int, channels: int, layers: Iterable[Mapping[str, Any]]) -> None:
    """Follow a window of (window, channels) through a row of layers of Studio.

    Raises:
        TooLargeError: a layer puts out more numbers than a model can need.
    """
    length, width = window, channels
    for row in layers:
        config = row["config"]
        step = int(math.prod(_numbers(config.get("strides" if "filters" in config else "pool_size", 1)))) or 1
        length = -(-length // step) if "strides" in config or "pool_size" in config else length
        width = int(config.get("filters") or config.get("units") or width)
        if length * width > MOST_CELLS or window * channels > MOST_CELLS:
            raise TooLargeError(f"a layer puts out {length * width:,} numbers for one window")


def check_front(value: Any) -> None:
    """Look at all numbers of a front end. Raises TooLargeError when one is beyond any use."""
    for number in _numbers(value):
        if abs(number) > MOST_FRONT:
            raise TooLargeError(f"its preprocessing has the number {number:g}")


def _numbers(value: Any) -> list[float]:
    """All numbers in a value of lists and objects. Raises TooLargeError for one that is none."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return []
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise TooLargeError("a number in it is not finite")
        return [value]
    if isinstance(value, Mapping):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in _numbers(item)]
    return []
