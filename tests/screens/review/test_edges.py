"""Keys that move the edges of the item that is judged."""

from __future__ import annotations

from tests.screens.conftest import Driven
from tests.screens.review.looking import SURE, item, opened, track


async def test_edges_are_nudged_and_set_and_the_label_is_then_confirmed(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        event = item(screen).event
        await press("h", "L", "a")
        label = next(x for p in SURE for x in track(app, p) if x.confirmed)
        assert label.start < event.start
        assert label.end > event.end
        event = item(screen).event
        await press("right", "right", "right", "[")
        await press("a")
        assert sum(x.start > event.start and x.confirmed for p in SURE for x in track(app, p)) >= 1
