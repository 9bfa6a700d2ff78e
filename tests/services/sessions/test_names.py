"""Lists of names, with commas in them and mistakes."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.services.sessions import names as module
from labelloop.services.sessions.names import check_known, joined, names_in


def test_examples() -> None:
    assert doctest.testmod(module).failed == 0


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1), max_size=4))
def test_a_list_is_read_back(names: list[str]) -> None:
    assert names_in(joined(names), []) == tuple(names)


def test_a_name_that_there_is_not_is_told_with_the_nearest() -> None:
    check_known(["up"], ["up", "down"], "--offset")
    with pytest.raises(UserError, match=r"--offset names the class 'dowm', .*did you mean 'down'\?"):
        check_known(["dowm"], ["up", "down"], "--offset")
    with pytest.raises(UserError, match=r"there is not\. \(none\)"):
        check_known(["x"], [], "--rename")
