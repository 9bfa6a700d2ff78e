"""The sets and their names."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.project.sets import DEFAULT_SETS, DataSet, set_named


@pytest.mark.parametrize(
    ("text", "name"),
    [("train", "train"), (" TRA ", "train"), ("v", "validation"), ("te", "test"), ("u", "unassigned")],
)
def test_any_beginning_that_is_one_set_s(text: str, name: str) -> None:
    assert set_named(text) == name


@pytest.mark.parametrize("text", ["t", "", " ", "x", "trains"])
def test_what_is_no_set(text: str) -> None:
    with pytest.raises(UserError, match="There is no set"):
        set_named(text)


def test_titles() -> None:
    assert DataSet("train").title == "Train"
    assert DataSet("mine").title == "mine"
    assert sum(s.target for s in DEFAULT_SETS) == 1.0
