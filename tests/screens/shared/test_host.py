"""What screens ask of the app that shows them."""

from __future__ import annotations

from labelloop.screens.shared.host import Host
from tests.screens.conftest import Driven


async def test_the_app_has_all_that_screens_ask_for(driven: Driven) -> None:
    async with driven() as (app, _):
        request = {name for name in (*vars(Host), *Host.__annotations__) if not name.startswith("_")}
        assert {name for name in request if not hasattr(app, name)} == set()
