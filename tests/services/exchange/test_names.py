"""Which session another program's file means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.services.exchange.names import SessionNames
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


@pytest.mark.parametrize(
    "word",
    [
        "up/up_00",
        "up_00",
        "up_00.wav",
        " /up/up_00/ ",
        "up\\up_00",
        "Data/up/up_00/data.csv",
        "up/up_00/data",
    ],
)
def test_names_of_one_session(made: ProjectStore, word: str) -> None:
    session = SessionNames(made.project).named(word)
    assert session is not None
    assert session.name == "up_00"


def test_a_name_that_nobody_has(made: ProjectStore) -> None:
    assert SessionNames(made.project).named("nobody") is None


def test_a_name_that_two_have(made: ProjectStore, named: Named) -> None:
    made.project.replace_session(replace(named("down_01"), name="up_00"))
    names = SessionNames(made.project)
    with pytest.raises(UserError, match="2 sessions are named up_00"):
        names.named("up_00")
    found = names.named("up/up_00")
    assert found is not None
    assert found.path == "up/up_00"


def test_as_much_of_a_file_s_path_as_fits(made: ProjectStore) -> None:
    names = SessionNames(made.project)
    found = names.of_file(Path("/elsewhere/up/up_02.TextGrid"), ".TextGrid")
    assert found is not None
    assert found.path == "up/up_02"
    alone = names.of_file(Path("/x/down_03.txt"), ".txt")
    assert alone is not None
    assert alone.name == "down_03"
    assert names.of_file(Path("/x/y.txt"), ".txt") is None
