"""What keys cost on the line, and that the terminal shows what the app means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from textual.widget import Widget

from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.lanes import Event
from labelloop.widgets.lanes import (
    Channel,
    ChannelLanes,
    LabelLanes,
    OverviewLane,
    RulerRows,
    ScoreLane,
    TrackLane,
)
from labelloop.widgets.list_table import Column, ListTable
from labelloop.widgets.rows import Line
from labelloop.widgets.view import View

TIMES = np.arange(6000) / 50
SIGNALS = [
    np.sin(TIMES * (k + 1)) * np.exp(-(((TIMES % 7) - 2) ** 2))
    + np.random.default_rng(k).normal(0, 0.02, 6000)
    for k in range(6)
]
EVENTS = [Event(7 * k + 1.2, 7 * k + 2.9, "d", "label.0", k % 3 != 2, 0.5) for k in range(17)]


def viewer() -> Iterable[Widget]:
    yield Line(id="header")
    yield OverviewLane()
    yield RulerRows()
    yield ChannelLanes()
    yield ScoreLane()
    yield LabelLanes()


def paint(app: Any, view: View, events: list[Event], window: bool) -> None:
    ruler = app.screen.query_one(RulerRows)
    ruler.show(view)
    now = f"{view.cursor:.3f}"
    app.screen.query_one("#header", Line).show([(f" down_02   {now} s   ax {now}", "")])
    labels = app.screen.query_one(LabelLanes)
    if not window:
        labels.show(view)
        return
    lanes = app.screen.query_one(ChannelLanes)
    at = np.clip(np.searchsorted(TIMES, np.linspace(view.start, view.end, lanes.dots + 1)), 0, 5999)
    channels = [
        Channel(f"a{k}", np.minimum.reduceat(s, at)[:-1], np.maximum.reduceat(s, at)[:-1], -1.1, 1.1, "g")
        for k, s in enumerate(SIGNALS)
    ]
    lanes.show(channels)
    app.screen.query_one(OverviewLane).show(view, np.full(ruler.columns, 0.5))
    app.screen.query_one(ScoreLane).show("score", np.abs(np.sin(np.arange(ruler.columns) / 9)), 0.5)
    seen = [e for e in events if e.end > view.start and e.start < view.end]
    labels.show(view, [TrackLane("label", seen, True), TrackLane("other", seen[::2])])


@pytest.mark.parametrize(
    ("size", "step_limit", "page_limit"), [((200, 50), 250, 14_000), ((80, 24), 200, 6_000)]
)
async def test_viewer_budget(
    widget_app: Any, terminal: Any, size: tuple[int, int], step_limit: int, page_limit: int
) -> None:
    app = widget_app(viewer)
    view = View.of_session(0, 120, 12, 50)
    async with app.run_test(size=size, headless=False) as pilot:
        await pilot.pause()
        columns = app.screen.query_one(RulerRows).columns
        screen = terminal(*size)
        paint(app, view, EVENTS, True)
        await pilot.pause()
        screen.feed(app)
        for _ in range(12):
            view = view.step(1, columns)
            paint(app, view, EVENTS, False)
            await pilot.pause()
            assert screen.feed(app) < step_limit
            assert screen.rows == [row.rstrip() for row in app.shown()]
        for change in (view.page(1), view.page(1).zoom(2), view.page(1).zoom(0.5), view.fit()):
            paint(app, change, EVENTS, True)
            await pilot.pause()
            assert screen.feed(app) < page_limit
            assert screen.rows == [row.rstrip() for row in app.shown()]
        paint(app, view, EVENTS, True)
        await pilot.pause()
        screen.feed(app)
        more = sorted([*EVENTS, Event(4.0, 5.0, "u", "label.1")], key=lambda e: e.start)
        paint(app, view, more, True)
        await pilot.pause()
        assert 0 < screen.feed(app) < 300
        assert screen.rows == [row.rstrip() for row in app.shown()]
        paint(app, view, more, True)
        await pilot.pause(0.1)
        assert app.taken() == 0


@pytest.mark.parametrize("glyphs", list(Glyphs))
async def test_glyph_sets(widget_app: Any, glyphs: Glyphs) -> None:
    app = widget_app(viewer, glyphs)
    async with app.run_test(size=(80, 24), headless=False) as pilot:
        await pilot.pause()
        paint(app, View.of_session(0, 120, 12, 50).step(3, 61).marked(1.0), EVENTS, True)
        await pilot.pause()
        text = "\n".join(app.shown())
        assert "[d" in text
        if glyphs is Glyphs.ASCII:
            assert text.isascii()


def table() -> Iterable[Widget]:
    yield ListTable()


COLUMNS = [
    Column("name", "session", 16, flexible=True),
    Column("set", "set", 6),
    Column("length", "length", 8, "right"),
    Column("rate", "rate", 7, "right", rank=2),
    Column("down", "down", 5, "right"),
]


def provider(index: int) -> list[tuple[str, str]]:
    name, events = f"down_{index:05d}", str(index % 30)
    return [(name, ""), ("Train", ""), ("2:04.1", ""), ("52 Hz", "dim"), (events, "label.0")]


async def test_table_cursor_budget(widget_app: Any, terminal: Any) -> None:
    app = widget_app(table)
    async with app.run_test(size=(200, 50), headless=False) as pilot:
        screen = terminal(200, 50)
        await pilot.pause()
        view = app.screen.query_one(ListTable)
        view.show(10_000, provider, COLUMNS, {3, 4}.__contains__)
        view.focus()
        await pilot.pause()
        screen.feed(app)
        costs = []
        for _ in range(100):
            await pilot.press("down")
            costs.append(screen.feed(app))
            assert screen.rows == [row.rstrip() for row in app.shown()]
        assert view.cursor == 100
        assert max(costs[:45]) < 200
        assert sum(costs) / len(costs) < 500


async def test_another_screen_and_back(widget_app: Any, terminal: Any) -> None:
    """A screen that is not ours draws without telling; ours is then written whole."""
    from textual.screen import Screen

    app = widget_app(table)
    async with app.run_test(size=(60, 10), headless=False) as pilot:
        screen = terminal(60, 10)
        await pilot.pause()
        app.screen.query_one(ListTable).show(5, provider, COLUMNS)
        await pilot.pause()
        screen.feed(app)
        ours = screen.rows
        await app.push_screen(Screen())
        await pilot.pause()
        screen.feed(app)
        assert screen.rows != ours
        app.pop_screen()
        await pilot.pause()
        screen.feed(app)
        assert screen.rows == ours == [row.rstrip() for row in app.shown()]


async def test_resize(widget_app: Any, terminal: Any) -> None:
    app = widget_app(table)
    async with app.run_test(size=(80, 20), headless=False) as pilot:
        await pilot.pause()
        app.screen.query_one(ListTable).show(50, provider, COLUMNS)
        await pilot.pause()
        app.taken()
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        screen = terminal(20, 5)
        screen.feed(app)
        assert screen.rows == [row.rstrip() for row in app.shown()]
        assert "down_0" in screen.rows[1]
