"""Channels, tracks and their comparison in the viewer."""

from __future__ import annotations

from labelloop.widgets.lanes import ChannelLanes
from tests.screens.conftest import Driven
from tests.screens.viewer.looking import opened, said


async def test_tracks_are_made_switched_compared_renamed_deleted(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        count = len(screen.pane.track)
        await press("T", *"duplicate", "space", *"two", "enter")
        assert screen.pane.track_name == "two"
        assert len(screen.pane.track) == count
        await press("n", "x", "tab")
        assert screen.pane.track_name == "label"
        await press("D")
        assert "1 difference" in said(app)
        await press("home", "d")
        assert "1 of 1: down only in label" in said(app)
        await press("escape", "T", *"rename", "space", *"two=three", "enter")
        assert screen.pane.track_names == ["label", "three"]
        assert len(app.project.track(screen.pane.session_id, "three")) == count - 1
        await press("T", *"delete", "space", *"three", "enter")
        assert screen.pane.track_names == ["label"]
        await press("T", *"delete", "space", *"label", "enter")
        assert "only label track" in said(app)
        await press("z", "z")
        assert screen.pane.track_names == ["label", "two"]


async def test_channels_lanes_overlay_and_scale(driven: Driven) -> None:
    async with driven() as (app, press):
        screen = await opened(app, press)
        assert len(screen.pane.lanes_in_view()) == 6
        await press("c", *"-gx", "space", *"-gy", "enter")
        assert len(screen.pane.lanes_in_view()) == 4
        await press("c", *"gz", "space", *"ax", "enter")
        assert [screen.pane.signal.names[k][:2] for k in screen.pane.lanes_in_view()] == ["gz", "ax"]  # type: ignore[union-attr]
        own = screen.query_one(ChannelLanes).text
        await press("O")
        assert screen.query_one(ChannelLanes).text != own
        await press("O", "o")
        assert "gz" in screen.query_one(ChannelLanes).text
        await press("o", "c", "enter", "+", "+", "down", "up", "_", "-")
        assert len(screen.pane.lanes_in_view()) == 6
        await press("c", *"nothing", "enter")
        assert "no channel nothing" in said(app)
