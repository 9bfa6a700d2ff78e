"""An app whose terminal counts what is written to it and can be read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyte
import pytest
from textual.app import ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widget import Widget

from labelloop.rendering.glyphs import Glyphs
from labelloop.widgets.terminal import TerminalApp, TerminalScreen


class CountingDriver(HeadlessDriver):
    """Keeps what would have gone to the terminal."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)


class WidgetScreen(TerminalScreen[None]):
    def __init__(self, make: Callable[[], Iterable[Widget]]) -> None:
        super().__init__()
        self._make = make

    def compose(self) -> ComposeResult:
        yield from self._make()


class WidgetApp(TerminalApp):
    """Shows some widgets, one above the other."""

    def __init__(self, make: Callable[[], Iterable[Widget]], glyphs: Glyphs = Glyphs.BRAILLE) -> None:
        super().__init__(glyphs)
        self.driver_class = CountingDriver
        self._make = make

    def get_default_screen(self) -> TerminalScreen[None]:
        return WidgetScreen(self._make)

    @property
    def written(self) -> list[str]:
        assert isinstance(self._driver, CountingDriver)
        return self._driver.written

    def taken(self) -> int:
        """Bytes written since this was last asked."""
        size = len("".join(self.written).encode())
        self.written.clear()
        return size

    def shown(self) -> list[str]:
        """The rows that the app means to show."""
        return [strip.text for strip in self.screen._compositor.render_strips()]


class Terminal:
    """A terminal emulator fed with what the app wrote."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)

    def feed(self, app: WidgetApp) -> int:
        """Take what was written; the bytes it was."""
        text = "".join(app.written)
        self._stream.feed(text)
        return app.taken()

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.screen.display]


@pytest.fixture
def widget_app() -> type[WidgetApp]:
    return WidgetApp


@pytest.fixture
def terminal() -> type[Terminal]:
    return Terminal
