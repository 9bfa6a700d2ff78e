"""The viewer on odd recordings, and what it costs a slow line."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from textual.drivers import headless_driver

from labelloop.app import LabelloopApp
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.services.labels import classes
from labelloop.services.projects.create import new_project
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from labelloop.widgets.lanes import ChannelLanes
from labelloop.widgets.rows import Line
from tests.screens.conftest import until
from tests.widgets.conftest import CountingDriver

HEAD = "Time (seconds),x,y\n"


def rows(times: np.ndarray, *columns: np.ndarray) -> str:
    lines = (
        ",".join(f"{v:.6g}" if np.isfinite(v) else "" for v in row)
        for row in zip(times, *columns, strict=True)
    )
    return HEAD + "\n".join(lines) + "\n"


def one_sample() -> str:
    return HEAD + "0,1,2\n"


def constant() -> str:
    times = np.arange(200) / 20
    return rows(times, np.full(200, 3.0), np.sin(times))


def holes() -> str:
    times = np.concatenate([np.arange(100) / 20, 30 + np.arange(100) / 20])
    values = np.sin(times)
    values[20:40] = np.nan
    return rows(times, values, np.full(200, np.nan))


def slow() -> str:
    times = np.arange(3600.0)
    return rows(times, np.sin(times / 60), np.cos(times / 60))


def epoch() -> str:
    times = 1_700_000_000 + np.arange(500) / 50
    lines = (f"{t:.3f},{np.sin(t)},{np.cos(t)}" for t in times)
    return HEAD + "\n".join(lines) + "\n"


ODD: dict[str, Callable[[], str]] = {f.__name__: f for f in (one_sample, constant, holes, slow, epoch)}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], ProjectStore]:
    """A project of what lies in a folder, with two classes."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def make(folder: Path) -> ProjectStore:
        store = open_project(new_project(folder).project, "a test")
        classes.add(store, "down")
        classes.add(store, "up\x1b[31mred" if folder.name == "hostile" else "up")
        return store

    return make


def sound(path: Path, seconds: float = 20.0, rate: int = 16000) -> None:
    times = np.arange(round(seconds * rate)) / rate
    data = (np.sin(times * 2000) * 20000 * (np.sin(times) > 0.5)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data.tobytes())


async def viewer(app: LabelloopApp) -> ViewerScreen:
    await until(lambda: len(app.screen_stack) > 1)
    session = next(s for s in app.project.sessions() if not s.broken)
    app.push_screen(ViewerScreen(session.id, [s.id for s in app.project.sessions()]))
    await until(
        lambda: (
            isinstance(app.screen, ViewerScreen)
            and app.screen.ready.is_set()
            and not app.screen.opener.waiting
        )
    )
    assert isinstance(app.screen, ViewerScreen)
    return app.screen


KEYS = ("space", "right", "right", "right", "1", "right", "1", "n", "h", "L", "s", "plus", "plus", "minus")


MORE = (
    "underscore",
    "pagedown",
    "pageup",
    "end",
    "home",
    "u",
    "U",
    "e",
    "E",
    "o",
    "O",
    "S",
    "1",
    "x",
    "z",
    "Z",
)


@pytest.mark.parametrize("name", [*ODD, "sound"])
async def test_odd_recordings_are_drawn_and_labelled(
    tmp_path: Path, made: Callable[[Path], ProjectStore], name: str
) -> None:
    folder = tmp_path / name / "rec"
    folder.mkdir(parents=True)
    if name == "sound":
        sound(folder / "sound.wav")
    else:
        (folder / "data.csv").write_text(ODD[name]())
    store = made(folder.parent)
    app = LabelloopApp(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await viewer(app)
        await pilot.pause()
        assert screen.pane.signal is not None
        drawn = screen.query_one(ChannelLanes).text
        if name != "one_sample":
            assert any("\u2801" <= c <= "\u28ff" for c in drawn)
        await pilot.press(*KEYS, *MORE)
        await pilot.pause()
        for label in screen.pane.track:
            assert screen.pane.ends.start <= label.start
            assert label.end <= screen.pane.ends.end
        if name not in ("one_sample",):
            assert len(screen.pane.track) > 0
    store.close()


async def test_names_with_escape_sequences_are_inert(
    tmp_path: Path, made: Callable[[Path], ProjectStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "hostile" / "rec"
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("Time (seconds),a\u001b[2Jb,[red]y\n" + constant()[len(HEAD) :])
    store = made(folder.parent)
    app = LabelloopApp(store)
    monkeypatch.setattr(headless_driver, "HeadlessDriver", CountingDriver)
    async with app.run_test(size=(120, 24)) as pilot:
        screen = await viewer(app)
        bad = Label(1.0, 2.0, "up\x1b]0;owned\x07[bold]", comment="\x1b[31m")
        store.editor.apply(EditLabels(screen.pane.session_id, screen.pane.track_name, (), (bad,)))
        await pilot.press("n", "right", "T", "escape", "enter", "escape", "'", "escape", "x", "z")
        await pilot.pause()
        assert isinstance(app._driver, CountingDriver)
        written = "".join(app._driver.written)
        assert "\x1b[2Jb" not in written
        assert "\x1b]0;owned" not in written
        assert "\x1b[31mred" not in written
        assert "[bold]" in app.screen.query_one("#status", Line).text
    store.close()


async def test_a_recording_deleted_while_shown_stays_on_the_screen(
    tmp_path: Path, made: Callable[[Path], ProjectStore]
) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "p" / name
        folder.mkdir(parents=True)
        (folder / "data.csv").write_text(constant())
    store = made(tmp_path / "p")
    app = LabelloopApp(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await viewer(app)
        store.inside(screen.pane.session.data_file, "").unlink()
        await pilot.press("plus", "right", "space", "right", "1", "minus")
        await pilot.pause()
        assert len(screen.pane.track) == 1
        await pilot.press("J", "K")
        await until(lambda: not screen.opener.waiting)
        await pilot.pause()
        assert "can't be" in screen.query_one("#status", Line).text or "not exist" in screen.pane.said[0]
        await pilot.press("end", "N", "x")
        assert len(screen.pane.track) == 0
    store.close()


@pytest.mark.parametrize("glyphs", list(Glyphs))
async def test_bytes_of_the_usual_keys(
    tmp_path: Path,
    made: Callable[[Path], ProjectStore],
    monkeypatch: pytest.MonkeyPatch,
    glyphs: Glyphs,
) -> None:
    folder = tmp_path / "bytes" / "rec"
    folder.mkdir(parents=True)
    times = np.arange(6000) / 50
    columns = [np.sin(times * k) + 0.1 * np.sin(times * 37 * k) for k in range(1, 7)]
    lines = "\n".join(",".join(f"{v:.4f}" for v in row) for row in zip(times, *columns, strict=True))
    (folder / "data.csv").write_text("Time (seconds),a,b,c,d,e,f\n" + lines + "\n")
    store = made(folder.parent)
    app = LabelloopApp(store, glyphs)
    monkeypatch.setattr(headless_driver, "HeadlessDriver", CountingDriver)
    async with app.run_test(size=(200, 50)) as pilot:
        await viewer(app)
        driver = app._driver
        assert isinstance(driver, CountingDriver)

        async def cost(*keys: str) -> float:
            await pilot.pause()
            driver.written.clear()
            await pilot.press(*keys)
            await pilot.pause()
            return len("".join(driver.written).encode()) / len(keys)

        await pilot.pause(0.3)
        assert await cost(*["right"] * 20) < 1000
        await pilot.press("space", *["right"] * 10)
        assert await cost("1") < 3000
        assert await cost("x") < 3000
        assert await cost("z") < 3000
        assert await cost("plus", "plus", "minus", "minus") < 14_000
        assert await cost("pagedown", "pagedown", "pageup") < 14_000
        await pilot.pause(0.2)
        driver.written.clear()
        await pilot.pause(0.7)
        assert "".join(driver.written) == ""
    store.close()


async def test_many_keys_become_few_repaints(
    tmp_path: Path, made: Callable[[Path], ProjectStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "queue" / "rec"
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text(constant())
    store = made(folder.parent)
    app = LabelloopApp(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await viewer(app)
        await pilot.pause()
        painted = []
        monkeypatch.setattr(screen.pane, "painter", lambda parts: painted.append(parts))
        monkeypatch.setattr(LabelloopApp, "writing", True)
        await pilot.press(*["right"] * 20)
        assert painted == []
        monkeypatch.setattr(LabelloopApp, "writing", False)
        await until(lambda: bool(painted))
        assert len(painted) <= 2
    store.close()
