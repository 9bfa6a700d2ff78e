"""Values of a file are of the types that classes declare, or are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from labelloop.project.fitting import field_fits, fits
from labelloop.project.label import Label
from labelloop.project.session import Session


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (str, "a", 1),
        (int, 3, True),
        (int, 10**15, 10**16),
        (float, 3, "3"),
        (float, float("nan"), 1.7e308),
        (bool, True, 1),
        (type(None), None, 0),
        (float | None, None, "x"),
        (tuple[str, ...], ("a", "b"), ("a", 1)),
        (tuple[str, ...], (), []),
        (tuple[str, int], ("a", 1), ("a", 1, 1)),
        (frozenset[str], frozenset("ab"), frozenset([1])),
        (Mapping[str, int], {"a": 1}, {"a": "b"}),
        (Mapping[str, int], {}, []),
        (Label, Label(1, 2, "up"), Label("1", 2, "up")),  # type: ignore[arg-type]
        (Label, Label(1, 2, "up"), ("up",)),
    ],
)
def test_a_value_fits_its_type_and_another_does_not(kind: Any, good: object, bad: object) -> None:
    assert fits(kind)(good)
    assert not fits(kind)(bad)


def test_a_field_takes_its_own_type_only() -> None:
    assert field_fits(Session, "locked", True)
    assert not field_fits(Session, "locked", "yes")
    assert not field_fits(Session, "no such field", True)
