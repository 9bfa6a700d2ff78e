"""Text attributes of model files, however they were written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from labelloop.formats.model.info import attribute


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (b"a\xff", "a\ufffd"),
        (np.array(["a", "b"]), "a"),
        (np.array([[b"x"]]), "x"),
        (np.array([]), ""),
        (np.bytes_(b"n"), "n"),
        (3, "3"),
    ],
)
def test_a_scalar_or_an_array_of_one(value: Any, text: str) -> None:
    assert attribute(SimpleNamespace(attrs={"name": value}), "name") == text


def test_what_is_missing_is_none() -> None:
    assert attribute(SimpleNamespace(attrs={}), "name") is None
