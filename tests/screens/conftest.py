"""The app on a copy of the demo, driven by keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from labelloop.app import LabelloopApp
from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore

Press = Callable[..., Awaitable[None]]
Driven = Callable[..., AbstractAsyncContextManager[tuple[LabelloopApp, Press]]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectStore]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    opened = open_project(copy_demo(tmp_path / "demo"), "a test")
    yield opened
    opened.close()


@pytest.fixture
def driven(store: ProjectStore) -> Driven:
    """``async with driven(size=(80, 24)) as (app, press)``: the running app, and what presses keys."""

    @asynccontextmanager
    async def run(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[LabelloopApp, Press]]:
        app = LabelloopApp(store)
        async with app.run_test(size=size) as pilot:

            async def press(*keys: str) -> None:
                for key in keys:
                    await pilot.press(key)
                await pilot.pause()

            await pilot.pause(0.2)
            yield app, press

    return run


async def until(true: Callable[[], bool], limit: float = 10.0) -> None:
    """Wait for something to become true."""
    for _ in range(round(limit / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")
