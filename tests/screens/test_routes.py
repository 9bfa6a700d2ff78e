"""The ways from a screen to the others: each name leads to what can be made."""

from __future__ import annotations

from importlib import import_module

import pytest

from labelloop.screens import routes
from labelloop.screens.generate.runs import RunsScreen
from tests.screens.conftest import Driven


@pytest.mark.parametrize("name", routes.ROUTES)
def test_each_name_leads_to_something_that_makes_a_screen(name: str) -> None:
    module, _, kind = routes.ROUTES[name].partition(":")
    assert callable(getattr(import_module(module), kind))


async def test_a_screen_is_made_by_its_name(driven: Driven) -> None:
    async with driven():
        assert isinstance(routes.screen("runs"), RunsScreen)
