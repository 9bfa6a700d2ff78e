"""A small project for the tests of what is done with projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelloop.project.session import Session
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project

Named = Callable[[str], Session]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[ProjectStore]:
    """Four sessions, up/up_00, down/down_01, up/up_02, down/down_03, with three labels each."""
    opened = open_project(make_project(tmp_path / "made"), "a test")
    yield opened
    opened.close()


@pytest.fixture
def named(made: ProjectStore) -> Named:
    """The session of this name, as it is now."""
    return lambda name: next(s for s in made.project.sessions() if s.name == name)
