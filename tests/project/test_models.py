"""What the next training job makes."""

from __future__ import annotations

import pytest

from labelloop.errors import Refused
from labelloop.project.entries import ModelEntry
from labelloop.project.models import SetFactory, SetModels, SetWindows
from tests.project.made_up import project

ONE, TWO = ModelEntry("a", "1", "<a/>"), ModelEntry("b", "2", "<b/>")


def test_another_list_and_back() -> None:
    made = project()
    change = SetModels((), (ONE, TWO))
    change.check(made)
    change.apply(made)
    assert made.state.models == (ONE, TWO)
    with pytest.raises(Refused):
        change.check(made)
    change.inverse().check(made)
    change.inverse().apply(made)
    assert not made.state.models


@pytest.mark.parametrize(
    ("before", "after"), [((), (ONE,)), ((ONE,), ()), ((ONE,), (TWO,)), ((ONE, TWO), (TWO, ONE))]
)
def test_something_is_said_of_every_list(
    before: tuple[ModelEntry, ...], after: tuple[ModelEntry, ...]
) -> None:
    assert "model" in SetModels(before, after).describe(project())


def test_the_wizard_s_settings() -> None:
    made = project()
    change = SetFactory(made.state.factory, (("Epochs", "5"),))
    change.check(made)
    change.apply(made)
    assert made.state.factory == (("Epochs", "5"),)
    with pytest.raises(Refused):
        change.check(made)
    change.inverse().apply(made)
    assert not made.state.factory
    assert change.describe(made)


def test_windows() -> None:
    made = project()
    change = SetWindows(None, (1.5, 4.0))
    change.check(made)
    change.apply(made)
    assert made.state.windows == (1.5, 4.0)
    with pytest.raises(Refused):
        change.check(made)
    change.inverse().apply(made)
    assert made.state.windows is None
    assert change.describe(made) != change.inverse().describe(made)


@pytest.mark.parametrize("windows", [(0.0, 1.0), (1.0, 0.0), (float("nan"), 1.0), (1.0, float("inf"))])
def test_windows_that_can_not_be(windows: tuple[float, float]) -> None:
    with pytest.raises(Refused):
        SetWindows(None, windows).check(project())


def test_the_files_that_hold_them() -> None:
    assert SetModels((), ()).touched().documents == SetFactory((), ()).touched().documents
    assert SetWindows(None, None).touched().documents != SetModels((), ()).touched().documents
