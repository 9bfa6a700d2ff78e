"""Channels are found by their names, and what is missing is named."""

from __future__ import annotations

import pytest

from labelloop.contract.channels import is_generic, key_of, listed, matched, places
from labelloop.errors import UserError

THEIRS = "the model m was trained on"


def test_names_are_alike_whatever_their_dress() -> None:
    assert key_of("Accel X [m/s²]") == key_of("accel_x")
    assert key_of("(x)") == key_of("x")
    assert key_of("ax") != key_of("ay")


def test_another_order_and_extra_channels() -> None:
    assert places(["x", "y", "z"], ["x", "y", "z"]) == [0, 1, 2]
    assert places(["z", "Y", "x"], ["x", "y", "z"]) == [2, 1, 0]
    assert matched(["t", "z", "y", "x"], ["x", "y"], "s", THEIRS) == [3, 2]
    assert places(["x", "X"], ["x"]) is None, "two of one name are none"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(UserError, match=r"^s lacks z: the model m was trained on x, y, z, and it has x, y"):
        matched(["x", "y"], ["x", "y", "z"], "s", THEIRS)


def test_as_many_of_other_names_ask() -> None:
    with pytest.raises(UserError, match=r"names its channels a, b, but .* x, y: .*--channels-by-position"):
        matched(["a", "b"], ["x", "y"], "s", THEIRS)
    assert matched(["a", "b"], ["x", "y"], "s", THEIRS, by_position=True) == [0, 1]
    with pytest.raises(UserError, match=r"s has 3 channels, but .* 2 \(x, y\)"):
        matched(["a", "b", "c"], ["x", "y"], "s", THEIRS, by_position=True)


def test_names_that_only_count_are_matched_by_position() -> None:
    assert is_generic(["channel 1", "Channel_2"])
    assert not is_generic(["channel 1", "x"])
    assert matched(["a", "b"], ["channel 1", "channel 2"], "s", THEIRS) == [0, 1]


def test_names_of_files_are_shown_as_text() -> None:
    with pytest.raises(UserError, match="␛"):
        matched(["\x1b[31m"], ["x"], "s", THEIRS)
    assert listed(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"
