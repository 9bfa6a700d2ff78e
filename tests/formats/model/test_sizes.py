"""What no model needs is refused by its number, what real ones have is not."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.formats.model.sizes import TooLargeError, check_front, check_layers, check_outputs


def conv(**config: Any) -> dict[str, Any]:
    return {"layer": "Conv1D", "config": {"filters": 16, "kernel_size": 3} | config}


def test_what_real_models_have_passes() -> None:
    check_layers([conv(dilation_rate=64, strides=2), {"layer": "Dense", "config": {"units": 8}}])
    check_outputs(1600, 6, [conv(strides=2), {"layer": "MaxPooling1D", "config": {"pool_size": 2}}])
    check_front({"rate_hz": 16000.0, "bands": [1, 2, None], "name": "x", "on": True})


@pytest.mark.parametrize(
    "config",
    [
        {"strides": 10**9},
        {"strides": 0},
        {"dilation_rate": 10**9},
        {"kernel_size": 60000, "dilation_rate": 60000},
        {"filters": -1},
        {"filters": float("inf")},
        {"kernel_size": [3, 10**7]},
    ],
)
def test_numbers_beyond_any_layer(config: dict[str, Any]) -> None:
    with pytest.raises(TooLargeError):
        check_layers([conv(**config)])


def test_very_many_layers() -> None:
    with pytest.raises(TooLargeError, match="layers"):
        check_layers([conv()] * 2001)


@pytest.mark.parametrize(
    ("window", "channels", "filters"), [(10**6, 1, 60000), (10**9, 1, 1), (10**5, 10**5, 1)]
)
def test_outputs_that_fill_the_memory(window: int, channels: int, filters: int) -> None:
    with pytest.raises(TooLargeError, match="for one window"):
        check_outputs(window, channels, [conv(filters=filters)])


@pytest.mark.parametrize("value", [{"fft": 2**30}, [[1e12]], {"a": {"b": float("nan")}}])
def test_front_ends_beyond_use(value: object) -> None:
    with pytest.raises(TooLargeError):
        check_front(value)
