"""What all screens share: header, status row, prompt, help, key bar, and the way from a key to a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Protocol, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Vertical

from labelloop.commands.catalogue import BY_ID, bar_items, by_id
from labelloop.commands.command import Command, Context, Group
from labelloop.commands.keymap import key_clash
from labelloop.errors import Stuck, UserError
from labelloop.project.changes import Touched
from labelloop.project.editor import ProjectEditor
from labelloop.rendering.cells import Row
from labelloop.screens import routes
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.parts import Commands, Part, collected, own_handlers
from labelloop.services.labels import history
from labelloop.services.labels.history import Reversed
from labelloop.widgets.bindings import bindings_for
from labelloop.widgets.keybar import KeyBar
from labelloop.widgets.panel import HelpPanel
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Line, RowsView, Rule
from labelloop.widgets.terminal import TerminalScreen

Then = Callable[[str], None]
NOT_REPEATED = frozenset({"undo", "redo", "repeat", "help", "palette", "back", "quit", "escape", "glyphs"})


class Body(Protocol):
    """What fills a screen and paints by itself, header and status row included."""

    def opened(self) -> None:
        """The screen is about to be shown for the first time."""
        ...

    def paint_bars(self) -> None:
        """Header and key bar show other facts."""
        ...

    def paint_all(self) -> None:
        """Show everything anew."""
        ...

    def changed(self, touched: Touched) -> None:
        """Show what a change touched."""
        ...

    def report(self, text: str, style: str = "", right: Row | None = None) -> None:
        """Put a sentence in the status row."""
        ...


class ProjectScreen(TerminalScreen[None]):
    """A screen on the shared project. A key runs a command of the catalogue.

    The functions that run stand in ``ACTIONS`` of the screen's classes and in ``COMMANDS`` of its parts. A
    screen whose ``body`` paints by itself leaves header, status row and changes to it, and its questions take
    the status row's place, so that nothing else moves.
    """

    GROUP: ClassVar[Group]
    FILLED_LATER: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._bindings = BindingsMap(bindings_for(self.GROUP, self.host.keymap))
        self.handlers = own_handlers(self, "ACTIONS")
        self.body: Body | None = None
        self._then: dict[str, Then] = {}
        self._stale: Touched | None = None

    @property
    def host(self) -> Host:
        """The app, as screens see it."""
        return cast(Host, self.app)

    def use(self, *parts: Part) -> None:
        """Take the commands of these parts. Raises ValueError when a command has a handler already."""
        for command, handler in collected(parts).items():
            if command in self.handlers:
                raise ValueError(f"{command} has two handlers")
            self.handlers[command] = handler

    # Parts

    def compose(self) -> ComposeResult:
        """Header, body, help in its place when asked for, status, prompt, key bar."""
        yield Line(id="header")
        yield Rule()
        with Vertical(id="body"):
            yield from self.compose_body()
        yield HelpPanel(id="help")
        yield Rule()
        yield Line(id="status")
        yield Prompt(id="prompt")
        yield KeyBar(id="keys")

    def compose_body(self) -> ComposeResult:
        """The screen's own part."""
        raise NotImplementedError

    def body_focus(self) -> RowsView | None:
        """The widget of the body that takes keys of its own."""
        return None

    def on_mount(self) -> None:
        """Show everything once."""
        self.query_one("#help").display = False
        self.set_focus(self.body_focus())
        self.call_after_refresh(self._first_show)

    def _first_show(self) -> None:
        if self.body is not None:
            self.body.opened()
        self.guarded(self.first_show)
        self.ready.set()

    def first_show(self) -> None:
        """Fill the screen for the first time."""
        self.refresh_all()

    def on_screen_resume(self) -> None:
        """Catch up with what changed while another screen was in front."""
        if self._stale is not None:
            touched, self._stale = self._stale, None
            self.show_change(touched)
        if self.body is not None:
            self.body.paint_all()
        self.refresh_bars()

    # What is shown

    def header(self) -> tuple[Row, Row]:
        """Left and right part of the header."""
        return self.host.header()

    def context(self) -> Context:
        """The facts of this moment that decide which commands can run."""
        return self.host.context()

    def refresh_all(self) -> None:
        """Show the project anew."""
        if self.body is not None:
            self.body.paint_all()
        else:
            self.refresh_bars()

    def refresh_bars(self) -> None:
        """Header and key bar; a screen that is not put together yet shows them when it is."""
        if self.body is not None:
            self.body.paint_bars()
            return
        if not self.query("#keys"):
            return
        self.query_one("#header", Line).show(*self.header())
        items = bar_items(self.GROUP, self.context(), self.host.keymap)
        self.query_one("#keys", KeyBar).show(items)

    def show_change(self, touched: Touched) -> None:
        """Repaint what a change touched; screens narrow this down."""
        if self.body is not None:
            self.body.changed(touched)
        else:
            self.refresh_all()

    def project_changed(self, touched: Touched) -> None:
        """A change was applied: show it now, or when this screen is in front again."""
        if self.is_current:
            self.show_change(touched)
        else:
            self._stale = touched if self._stale is None else self._stale | touched

    def report(self, text: str, style: str = "", right: Row | None = None) -> None:
        """Put a sentence in the status row; a long one takes more rows."""
        if self.body is not None:
            self.body.report(text, style, right)
            return
        self.query_one("#status", Line).report(text, style, right or [])

    def unused_key(self, key: str) -> None:
        """Say that a key does nothing here: silence would leave what was said before as the answer."""
        self.report(f"{key} does nothing here; ? shows every key.", "dim")

    # Asking

    def ask(
        self,
        purpose: str,
        title: str,
        then: Then,
        value: str = "",
        hint: str = "enter takes it, escape leaves",
        check: Callable[[str], str | None] | None = None,
        choices: Sequence[str] = (),
    ) -> None:
        """Ask for a line of text in place; ``then`` gets it."""
        self.question_opens()
        self._then[purpose] = then
        prompt = self.query_one("#prompt", Prompt)
        prompt.ask(purpose, title + " ", value, hint, check, choices, self.on_prompt_submitted)

    def choose(
        self, purpose: str, title: str, answers: Mapping[str, str], then: Then, patience_s: float = 0.0
    ) -> None:
        """Ask for one of several answers, each a single key; ``then`` gets the key."""
        self.question_opens()
        self._then[purpose] = then
        prompt = self.query_one("#prompt", Prompt)
        prompt.choose(purpose, title, answers, self.on_prompt_submitted, patience_s)

    def question_opens(self) -> None:
        """A question is about to be asked; the status row of a screen with a body gives its place to it."""
        if self.body is not None:
            self.query_one("#status").add_class("-asking")

    def on_prompt_cancelled(self, _: Prompt.Cancelled) -> None:
        """Bring the status row back."""
        self._answered()

    def _answered(self) -> None:
        if not self.query_one("#prompt", Prompt).asking:
            self.query_one("#status").remove_class("-asking")

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return self.query_one("#prompt", Prompt).asking

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Bring the status row back and hand the text on."""
        self._answered()
        then = self._then.pop(event.purpose, None)
        if then is not None:
            self.guarded(lambda: then(event.value))
            self.refresh_bars()

    def guarded(self, action: Callable[[], None]) -> None:
        """Run something; an expected failure is told in the status row."""
        try:
            action()
        except UserError as error:
            self.report(str(error), "error")

    # Commands

    def take_key(self, event: events.Key) -> bool:
        """A key of its own that a class has, where no command has it, stands for that class's digit."""
        key, command = event.character or "", BY_ID.get(f"{self.GROUP.name.lower()}.class")
        looks = self.host.project.state.looks.values()
        if not key or key.isdigit() or command is None or self.help_open:
            return False
        if all(look.key != key for look in looks) or key_clash(key, self.host.keymap, (self.GROUP,)):
            return False
        self.action_command(command.id, key)
        return True

    def action_command(self, command_id: str, key: str) -> None:
        """Run a command if it can run now, else say why it can't."""
        command = by_id(command_id)
        if self.help_open and command_id not in ("help", "back", "escape", "quit"):
            return
        if why := command.enabled(self.context()):
            self.report(why, "warn")
            return
        before = self.host.store.journal.last_seq
        self.guarded(lambda: self.run_command(command, key))
        if self.host.store.journal.last_seq != before and command_id not in NOT_REPEATED:
            self.host.last_edit = (command, key)
        if self.is_mounted and self.is_current:
            self.refresh_bars()

    def run_command(self, command: Command, key: str) -> None:
        """Call the command's handler: that of a part, or the screen's own."""
        self.handlers[command.id](key)

    @property
    def help_open(self) -> bool:
        """Whether the help covers the body."""
        return bool(self.query_one("#help").display)

    def show_help(self, _: str) -> None:
        """Show or hide the help."""
        panel, body = self.query_one("#help", HelpPanel), self.query_one("#body")
        show = not panel.display
        panel.display, body.display = show, not show
        if show:
            panel.show_group(self.GROUP, self.host.keymap)
        self.set_focus(panel if show else self.body_focus())

    def open_palette(self, _: str) -> None:
        """Find a command by its name."""
        self.app.push_screen(routes.screen("palette", self.GROUP), self._run_found)

    def _run_found(self, command_id: str | None) -> None:
        if command_id is not None:
            command = by_id(command_id)
            self.action_command(command_id, command.keys[0] if command.keys else "")

    def undo(self, _: str) -> None:
        """Take the last change back and bring it into view."""
        if (done := self._reverse(history.undo)) is not None:
            self.report(f"Undone: {done.title}", right=[("Z does it again ", "dim")])

    def redo(self, _: str) -> None:
        """Do again what was undone."""
        if (done := self._reverse(history.redo)) is not None:
            self.report(f"Done again: {done.title}")

    def _reverse(self, step: Callable[[ProjectEditor], Reversed]) -> Reversed | None:
        try:
            done = step(self.host.store.editor)
        except Stuck as stuck:
            self._ask_to_skip(stuck)
            return None
        self.bring_into_view(done)
        return done

    def _ask_to_skip(self, stuck: Stuck) -> None:
        """A change that doesn't fit any more would bar all that came before it."""

        def skip(_: str) -> None:
            self.host.store.editor.skip(stuck.undoing)
            self.report(f"Skipped, and left as it is: {stuck.title}")

        self.report(str(stuck), "warn")
        title = stuck.title if len(stuck.title) <= 40 else stuck.title[:39] + "…"
        self.choose("stuck", f"'{title}' doesn't fit", {"s": "skip it"}, skip)

    def bring_into_view(self, done: Reversed) -> None:
        """Show where an undo or redo acted."""

    def repeat_last(self, _: str) -> None:
        """Do the last edit again on what is meant now."""
        last = self.host.last_edit
        if last is None:
            return
        command, key = last
        if command.group is not self.GROUP:
            self.report(
                f"The last edit ({command.title}) was made on another screen; repeat it there.", "warn"
            )
            return
        self.action_command(command.id, key)

    def next_glyphs(self, _: str) -> None:
        """The next set of glyphs."""
        self.host.next_glyphs()
        self.report(f"Drawn with {self.host.glyphs.value} characters.")

    def back(self, key: str) -> None:
        """Close the help, or go to the screen before; from the first one quit."""
        if self.help_open:
            self.show_help(key)
        else:
            self.close()

    def close(self) -> None:
        """Back to the screen before; from the first one quit."""
        self.leave()
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        else:
            self.host.leave()

    def leave_app(self, _: str) -> None:
        """Leave the program."""
        self.host.leave()

    def escape_or_back(self, key: str) -> None:
        """Close what is open; where nothing is, go back but never quit."""
        if self.help_open:
            self.show_help(key)
        elif not self.escape() and len(self.app.screen_stack) > 2:
            self.back(key)

    def escape(self) -> bool:
        """Leave a mode of the screen; whether there was one."""
        return False

    def leave(self) -> None:
        """The screen is about to be closed by its user."""

    ACTIONS: ClassVar[Commands] = {
        "help": show_help,
        "palette": open_palette,
        "undo": undo,
        "redo": redo,
        "repeat": repeat_last,
        "glyphs": next_glyphs,
        "back": back,
        "quit": leave_app,
        "escape": escape_or_back,
    }
