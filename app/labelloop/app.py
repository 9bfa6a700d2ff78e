"""The terminal app: one store, the screens on it, saving in the background, leaving in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial

from textual import work

from labelloop.commands.command import Command, Context
from labelloop.commands.keymap import load_keymap
from labelloop.errors import UserError, printable
from labelloop.project.changes import PROJECT_DOC, Touched, labels_doc
from labelloop.project.editor import Applied
from labelloop.project.project import Project
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.rendering.glyphs import Glyphs
from labelloop.screens import routes
from labelloop.screens.shared.conflicts import Conflicts
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.generating.merging import Run
from labelloop.services.generating.model import orphaned_runs
from labelloop.services.projects.conflicts import merge_project
from labelloop.services.projects.next_step import next_step, progress
from labelloop.services.projects.settings import load_settings, save_settings
from labelloop.services.projects.view_state import load_view, save_view
from labelloop.services.projects.watch import Paths, Watch, paths_of, take_in
from labelloop.storage.saving import SaveBatch, Saver, SaveReport
from labelloop.storage.signals import SignalStore
from labelloop.storage.store import ProjectStore
from labelloop.widgets.terminal import TerminalApp

SAVE_EVERY_S = 2.0
RUNS_EVERY_S = 0.2
WATCH_EVERY_S = 3.0
FIRST_FRAME_S = 0.1  # after this the first frame is out, and what takes longer may begin
CARD_S = 0.3  # the list is seen before the card of the first start covers it
HARD_EXIT_S = 2.0
_SWITCH_S = 0.001  # a thread that reads or saves makes a key wait no longer


class LabelloopApp(TerminalApp):
    """labelloop on one project."""

    TITLE = "labelloop"

    def __init__(
        self,
        store: ProjectStore,
        glyphs: Glyphs = Glyphs.BRAILLE,
        first: Callable[[], ProjectScreen] | None = None,
        ask_glyphs: bool = False,
    ) -> None:
        super().__init__(glyphs)
        self._ask_glyphs = ask_glyphs
        self._first = first
        self.store = store
        self.saver = Saver(store)
        self.signals = SignalStore(store.layout.cache)
        self.view = load_view(store.layout.view)
        self.last_edit: tuple[Command, str] | None = None
        keymap = load_keymap()
        self.keymap = keymap.keys
        self.notices = [*keymap.problems, *store.warnings]
        store.warnings.clear()  # later ones are told as they come
        self._saving = False
        self._watch = Watch()
        self._watching = False
        self.conflicts = Conflicts(self, self.saver)
        self.unsaved: list[str] = []  # what could not be saved at the end
        self._orphans: list[Run] = []
        self._step: str | None = None
        self._counted = False
        self.waiting = 0  # labels that nobody confirmed, as of the last count

    @property
    def project(self) -> Project:
        """The shared project model."""
        return self.store.project

    @property
    def active_class(self) -> str:
        """The class that the user works on; empty for all."""
        name = self.view.active_class
        return name if name in self.project.class_names else ""

    # Start and end

    def on_mount(self) -> None:
        """Open the first screen, start saving, listen to signals."""
        self.store.editor.subscribe(self.applied)
        self.push_screen(self._first() if self._first else routes.screen("sessions"))
        self.set_interval(SAVE_EVERY_S, self.autosave)
        self.set_interval(WATCH_EVERY_S, self.look_around)
        self.set_timer(FIRST_FRAME_S, self.count_step)
        if self._ask_glyphs:
            self.set_timer(CARD_S, self.show_glyph_card)
        if not self.store.read_only:
            self.set_timer(FIRST_FRAME_S, self.take_over)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, partial(self.hung_up, number))
            except (ValueError, RuntimeError):
                break  # not in the main thread, as in tests

    def hung_up(self, number: int) -> None:
        """The terminal is gone or the system wants us to end: save, exit, never hang on a dead terminal."""
        timer = threading.Timer(HARD_EXIT_S, os._exit, (128 + number,))
        timer.daemon = True
        timer.start()
        self.leave(128 + number)

    def input_ended(self) -> None:
        """The terminal is gone though no signal said so."""
        self.hung_up(signal.SIGHUP)

    def keep_view(self) -> None:
        """Save where the user is."""
        save_view(self.store.layout.view, self.view)

    async def action_quit(self) -> None:
        """What Textual's own quit key does: leave in good order, too."""
        self.leave()

    def action_help_quit(self) -> None:
        """Ctrl+C ends nothing by accident."""
        self.report("q goes back and quits from the sessions, ctrl+q quits anywhere; every edit is on disk.")

    def leave(self, code: int = 0) -> None:
        """Save everything and end."""
        report = self.save_now()
        self.unsaved = report.problems if report else []
        if held := sorted(self.saver.held & self.store.editor.dirty.keys()):
            count = plural(len(held), "file")
            self.unsaved.append(f"{count} that another program changed: nobody said which version to keep.")
        self.keep_view()
        self.exit(return_code=code)

    def take_over(self) -> None:
        """Go on with generation runs of which not all that they found is in the tracks."""
        known = {orphan.outcome.run for orphan in self._orphans}
        self._orphans += [orphan for orphan in orphaned_runs(self.store) if orphan.run.id not in known]
        if self._orphans and not known:
            self._adopt()

    def go_on_with(self, run: Run) -> None:
        """Poll a generation run to its end, whatever screen is in front."""
        first = not self._orphans
        self._orphans.append(run)
        if first:
            self._adopt()

    def polls(self, run_id: str) -> bool:
        """Whether a generation run is being polled to its end."""
        return any(orphan.outcome.run == run_id for orphan in self._orphans)

    def _adopt(self) -> None:
        for orphan in list(self._orphans):
            try:
                over = orphan.poll()
            except UserError as error:
                over = True
                self.report(str(error), "error")
            if over:
                self._orphans.remove(orphan)
                if added := orphan.outcome.added:
                    self.report(
                        f"Run {orphan.outcome.run} was finished: {plural(added, 'label')} came in.", "good"
                    )
        if self._orphans:
            self.set_timer(RUNS_EVERY_S, self._adopt)

    # Saving

    def save_now(self) -> SaveReport | None:
        """Bring the files up to date, waiting for it."""
        if self.store.read_only:
            return None
        return self.saver.save()

    def autosave(self) -> None:
        """Save in the background what is unsaved."""
        if self._saving or self.store.read_only or not self.store.editor.dirty:
            return
        batch = self.saver.prepare()
        if batch:
            self._saving = True
            self._write(batch)
        elif batch.problems:
            self.report(f"Not saved yet: {batch.problems[0]}", "error")
        if self.store.warnings:
            self.report(self.store.warnings[-1], "warn")
            self.store.warnings.clear()

    @work(thread=True, exclusive=False, group="save", exit_on_error=False, description="save")
    def _write(self, batch: SaveBatch) -> None:
        report = self.saver.write(batch)
        self.call_from_thread(self._written, batch, report)

    def _written(self, batch: SaveBatch, report: SaveReport) -> None:
        self._saving = False
        self.saver.commit(batch, report)
        for problem in report.problems:
            self.report(f"Not saved yet: {problem}", "error")
        self.conflicts.add(report.conflicts)
        self.conflicts.ask(self.screen)

    # Other programs

    def look_around(self) -> None:
        """Look in the background for files that others changed."""
        if self.store.lock is not None:
            self.store.lock.renew()
        self._look_at_project()
        self.conflicts.ask(self.screen)
        if not self._watching:
            self._watching = True
            self._look(paths_of(self.store))

    @work(thread=True, exclusive=False, group="watch", exit_on_error=False)
    def _look(self, paths: Paths) -> None:
        self.call_from_thread(self._looked, *self._watch.look(paths))

    def _looked(self, labels: list[str], recordings: list[str]) -> None:
        self._watching = False
        if not labels and not recordings:
            return
        try:
            noticed = take_in(self.store, labels, recordings)
        except UserError as error:
            self.report(str(error), "error")
            return
        self.conflicts.add(labels_doc(s.id, s.label_track) for s in noticed.conflicts)
        if noticed.reread or noticed.recordings:
            self.changed(noticed.touched)
            names = ", ".join(printable(s.name) for s in (noticed.reread + noticed.recordings)[:3])
            self.report(f"Changed by another program and read again: {names}.", "warn")
        self.conflicts.ask(self.screen)

    def _look_at_project(self) -> None:
        """Take in a project file that another program changed; ask when edits wait for it."""
        if self._saving or PROJECT_DOC in self.saver.held or not self.store.project_file.changed_outside():
            return
        if PROJECT_DOC in self.store.editor.dirty:
            self.conflicts.add([PROJECT_DOC])
            return
        try:
            merge_project(self.store, self.saver)
        except UserError as error:
            self.report(str(error), "error")
            return
        self.changed(Touched(sessions=frozenset(self.project.state.sessions), classes=True))
        self.report("The project file was changed by another program and read again.", "warn")

    # Telling

    def report(self, text: str, style: str = "") -> None:
        """Say something on the screen in front."""
        if self.screen_stack and isinstance(self.screen, ProjectScreen):
            self.screen.report(text, style)

    def applied(self, done: Applied) -> None:
        """A change was applied: every screen shows what it touched."""
        self.changed(done.touched)

    def changed(self, touched: Touched) -> None:
        """Something of the project changed: every screen shows it."""
        self._step = None
        for screen in self.screen_stack:
            if isinstance(screen, ProjectScreen):
                screen.project_changed(touched)

    def next_step(self) -> str:
        """The loop's next step with its key; counted once a change."""
        if not self._counted:
            return ""  # the first frame does not wait for it
        if self._step is None:
            now = progress(self.store, self.active_class)
            self.waiting = now.unconfirmed
            self._step = next_step(now, len(self.project.classes), self.model_count())
        return self._step

    def model_count(self) -> int:
        """How many training jobs have a best model."""
        from labelloop.services.training.jobs import finished, jobs

        return len(finished(run for run in jobs(self.store) if run.id.startswith("t")))

    def count_step(self) -> None:
        """Count the next step and show it, once the first frame is out."""
        self._counted = True
        if self.screen_stack and isinstance(self.screen, ProjectScreen):  # none is left when the app ends
            self.screen.refresh_bars()

    def forget_step(self) -> None:
        """Count the next step anew when it is shown next."""
        self._step = None

    def header(self) -> tuple[Row, Row]:
        """Project, class, next step; at the right who holds it when it can't be changed."""
        name = printable(self.project.name)
        cls = f"class {self._shown_class()}" if self.active_class else "all classes"
        left: Row = [(f" {name}", "title"), (f"   {cls}   ", ""), (self.next_step(), "accent")]
        right: Row = [("read only ", "warn")] if self.store.read_only else []
        return left, right

    def _shown_class(self) -> str:
        """The active class, and its key where the user chose one."""
        own = self.project.state.looks.get(self.active_class)
        return printable(self.active_class) + (f" ({own.key})" if own and own.key else "")

    def context(self) -> Context:
        """What holds on every screen."""
        store = self.store
        held = (
            f"It is open for reading only: held by {store.holder}."
            if store.holder
            else "Opened for reading only."
        )
        written = "change" if store.journal.last_seq else ""
        history = store.editor.history if written else None
        done = history.last_done() if history else None
        undone = history.last_undone() if history else None
        return Context(
            read_only=held if store.read_only else "",
            sessions=len(self.project),
            classes=len(self.project.classes),
            undo=done.title if done else "",
            redo=undone.title if undone else "",
            repeat=self.last_edit[0].title if self.last_edit else "",
        )

    def show_glyph_card(self) -> None:
        """Ask, at the very first start, which characters to draw with."""
        screen = self.screen
        if isinstance(screen, ProjectScreen) and len(self.screen_stack) == 2 and not screen.asking:
            self.push_screen(
                routes.screen("glyph_card"), lambda chosen: self.draw_with(chosen or self.glyphs)
            )

    def next_glyphs(self) -> None:
        """Draw with the next set of glyphs and remember it."""
        order = list(Glyphs)
        self.draw_with(order[(order.index(self.glyphs) + 1) % len(order)])

    def draw_with(self, glyphs: Glyphs) -> None:
        """Draw with a set of glyphs and remember it."""
        self.glyphs = glyphs
        settings = load_settings()
        settings.glyphs = self.glyphs.value
        save_settings(settings)
        self.redraw_all()
        for screen in self.screen_stack:
            if isinstance(screen, ProjectScreen):
                screen.refresh_all()


def _screen(first: str, session_ids: Sequence[str]) -> Callable[[], ProjectScreen] | None:
    if first == "review":
        return lambda: routes.screen("review", session_ids)
    if first == "wizard":
        return lambda: routes.screen("generate", session_ids)
    return None


def run_app(
    store: ProjectStore,
    glyphs: Glyphs,
    mouse: bool,
    first: str = "",
    session_ids: Sequence[str] = (),
    ask_glyphs: bool = False,
) -> int:
    """Run the app to its end and return the exit code.

    ``first`` names the screen to open alone, ``review`` or ``wizard``, over some sessions;
    ``ask_glyphs`` shows the card of the first start.

    Raises:
        UserError: the terminal can't carry it.
    """
    app = LabelloopApp(store, glyphs, _screen(first, session_ids), ask_glyphs)
    sys.setswitchinterval(_SWITCH_S)
    app.run(mouse=mouse)
    if app.return_code and app.return_code < 128:
        raise UserError("The app ended because of an error; every edit is in the journal.")
    if app.unsaved:
        what = " ".join(app.unsaved)
        raise UserError(f"Not all was saved: {what} It is in the journal, and tried again at the next start.")
    return app.return_code or 0
