"""The app and screen that all of ours derive from: styles by name, glyphs, and economical writing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from rich.style import Style
from textual import events
from textual.app import App
from textual.screen import Screen, ScreenResultType

from labelloop.assets import asset
from labelloop.rendering.glyphs import Glyphs
from labelloop.widgets.driver import driver_class
from labelloop.widgets.frame_diff import Frame, FrameCompositor, FrameUpdate

OPENING_S = 2.0  # a key waits for a screen to open at most so long
CYCLES = {"label": 10, "wave": 8, "series": 4}
STYLE_NAMES = (
    *("axis", "dim", "accent", "title", "key", "good", "warn", "error", "rule", "strong"),
    *("cursor", "selection", "selected", "unsure", "score", "overview", "wave", "mark", "ticked"),
    *(f"{name}.{i}" for name, count in CYCLES.items() for i in range(count)),
)


def component_class(name: str) -> str:
    """The class in the style sheets that a style name stands for.

    >>> component_class("label.12"), component_class("dim")
    ('style--label-2', 'style--dim')
    """
    base, dot, index = name.partition(".")
    if dot and index.isdigit() and base in CYCLES:
        return f"style--{base}-{int(index) % CYCLES[base]}"
    return f"style--{base}"


def style_files() -> list[Path]:
    """The style sheets, in a checkout or in the installed package."""
    return sorted(asset("styles").glob("*.tcss"))


@runtime_checkable
class TakesKeys(Protocol):
    """What takes keys before the bindings do: typed text."""

    def take_key(self, event: events.Key) -> bool:
        """Deal with a key; whether it was taken."""
        ...


class TerminalApp(App[Any]):
    """An app that remembers what the terminal shows and draws with one set of glyphs."""

    CSS_PATH = style_files()  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, glyphs: Glyphs = Glyphs.BRAILLE) -> None:
        self.frame = Frame()
        super().__init__(ansi_color=True, driver_class=driver_class())
        self._disable_tooltips = True
        self.glyphs = glyphs

    def on_mount(self) -> None:
        """Draw everything anew after the terminal was handed back to us."""
        self.app_resume_signal.subscribe(self, lambda _: self.redraw_all())

    def input_ended(self) -> None:
        """The terminal is gone: end. Apps that have something to save do that first."""
        self.exit(return_code=128 + signal.SIGHUP)

    def input_failed(self, error: BaseException) -> None:
        """Input can't be read because of an error of the program: end with a code that says so."""
        self.exit(return_code=1, message=f"Input failed: {type(error).__name__}.")

    def on_resize(self, _: events.Resize) -> None:
        """The terminal may have moved what it showed."""
        self.frame.forget()

    async def on_event(self, event: events.Event) -> None:
        """Keys are dealt with one after the other, each in full before the next.

        Textual forwards a key to the focused widget and looks at the next before the first has acted; what is
        typed ahead over a slow line would then act on the wrong widget, screen or place.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._one_key(event)
        else:
            await super().on_event(event)

    async def _one_key(self, event: events.Key) -> None:
        self.app_focus = True
        screen = self.screen
        if isinstance(screen, TerminalScreen) and not screen.ready.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(screen.ready.wait(), OPENING_S)
        if await self._check_bindings(event.key, priority=True):
            return
        for target in (self.focused, self.screen):
            if isinstance(target, TakesKeys) and target.take_key(event):
                return
        if not await self._check_bindings(event.key) and isinstance(self.screen, TerminalScreen):
            self.screen.unused_key(event.character if event.is_printable and event.character else event.key)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is not None and not isinstance(renderable, FrameUpdate):
            self.frame.forget()
        super()._display(screen, renderable)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """None: our screens cover each other, though the terminal's own background counts as transparent."""
        return []

    @property
    def writing(self) -> bool:
        """Whether the terminal has yet to take what was written, as over a slow line."""
        queue = getattr(getattr(self._driver, "_writer_thread", None), "_queue", None)
        return queue is not None and queue.qsize() > 0

    def redraw_all(self) -> None:
        """Write the whole screen again, for a terminal that something else has drawn on."""
        self.frame.forget()
        self.screen.refresh()


class TerminalScreen(Screen[ScreenResultType]):
    """A screen whose component classes are the styles of everything on it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {component_class(name) for name in STYLE_NAMES}
    AUTO_FOCUS: ClassVar[str | None] = None
    FILLED_LATER: ClassVar[bool] = False

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._styles_by_name: dict[str, Style] = {}
        self.ready = asyncio.Event()  # keys wait for it: the screen is there and filled
        if isinstance(self.app, TerminalApp):
            self._compositor = FrameCompositor(self.app.frame)

    def on_mount(self) -> None:
        """Take keys from now on; a screen that has to be filled first sets ``ready`` itself."""
        if not self.FILLED_LATER:
            self.call_after_refresh(self.ready.set)

    def unused_key(self, key: str) -> None:
        """A key was pressed that nothing is bound to."""

    def style_named(self, names: str) -> Style:
        """The style that one or more names, separated by spaces, have together."""
        style = self._styles_by_name.get(names)
        if style is None:
            style = Style.null()
            for name in names.split():
                style += self.get_component_rich_style(
                    component_class(name), partial=True, default=Style.null()
                )
            self._styles_by_name[names] = style
        return style

    def notify_style_update(self) -> None:
        """Read the styles anew after the style sheets changed."""
        self._styles_by_name.clear()
        super().notify_style_update()
