"""The Generate Labels wizard: seven steps, back and forth without losing input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError
from labelloop.labeling.threshold import parse_rule
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.generate.state import (
    FOR_CLASS,
    METHOD,
    METHODS,
    PROGRESS,
    RESULT,
    SETTINGS,
    SOURCE,
    STEPS,
    SUMMARY,
    TARGET,
)
from labelloop.screens.generate.steps import WizardSteps
from labelloop.services.generating.generate import Target, check_target
from labelloop.services.generating.request import start
from labelloop.services.generating.signal import same_class


class WizardScreen(WizardSteps):
    """The wizard on some sessions, or on those that wait for labels when none are given."""

    GROUP: ClassVar[Group] = Group.WIZARD

    def first_show(self) -> None:
        """Show the step, and have the model's process ready before it is asked."""
        self.refresh_all()
        if self.state.step > METHOD:
            self.say("Going on where the wizard was left; backspace goes back.")
        if self.state.method == "model":
            self.guarded(self._scorer.start)
        self.set_interval(0.15, self._catch_up)

    def _catch_up(self) -> None:
        if self._unkept:
            self._unkept = False
            self.host.keep_view()
        if not self.is_current or self.preview.tally.finished:
            return
        if self.state.step == SETTINGS:
            self.preview.tick()
        elif self.state.step == SUMMARY:
            self.preview.tally.go_on()
            self._show_counts()

    def refresh_all(self) -> None:
        """Show the step anew."""
        shown = {METHOD: "list", SOURCE: "list", TARGET: "form", SETTINGS: "form", RESULT: "list"}
        name = "form" if self._asks_rule else shown.get(self.state.step, "text")
        for part in ("list", "form", "text"):
            self.query_one(f"#{part}").display = part == name
        self.preview.display = self.state.step == SETTINGS
        makers: dict[int, Callable[[], None]] = {
            METHOD: self._show_methods,
            SOURCE: self._show_sources,
            TARGET: self._show_target,
            SETTINGS: self._show_settings,
            SUMMARY: self._show_summary,
            PROGRESS: self._show_progress,
            RESULT: self._show_result,
        }
        makers[self.state.step]()
        self.set_focus(self.body_focus() if name != "text" else None)
        self.refresh_bars()

    def header(self) -> tuple[Row, Row]:
        """The steps, the present one marked; in a narrow window the others by number only."""
        right: Row = [(plural(len(self.state.sessions), "session") + " ", "dim")]
        row = self._steps(dict(STEPS))
        if width_of([*row, *right]) > self.size.width:
            row = self._steps({n: title if n == self.state.step else "" for n, title in STEPS.items()})
        return row, right

    def _steps(self, titles: Mapping[int, str]) -> Row:
        row: Row = [(" Generate   ", "title")]
        for number, title in titles.items():
            here = number == self.state.step
            row.append((f"{'▸' if here else ''}{number} {title}".rstrip(), "accent" if here else "dim"))
            row.append(("  ", ""))
        return row

    def context(self) -> Context:
        """What is missing in the step, and whether a run is on."""
        base = self.host.context()
        typed = self.state.step in (TARGET, SETTINGS) or self._asks_rule
        waiting = self._run.outcome.added if self._run and self.state.step == RESULT else 0
        running = self._run is not None and self.state.step == PROGRESS
        return replace(
            base,
            step=self.state.step,
            problem=self._problem(),
            form=typed,
            examples=self._ticks_examples,
            running=running,
            unconfirmed=waiting,
        )

    @property
    def _ticks_examples(self) -> bool:
        return self.state.step == SOURCE and self.state.method == "similar"

    def _problem(self) -> str:
        """Why the next step can't be entered yet."""
        state = self.state
        if state.step == PROGRESS:
            return "Wait for the end, or cancel with x."
        if self.host.store.read_only and state.step == SUMMARY:
            return self.host.context().read_only
        if state.step == SOURCE and state.method == "model" and not self.models:
            return "There is no trained model yet: train one first (q, then t)."
        if not state.sessions:
            return "No session is chosen: q, tick some with space, g again."
        if state.step == TARGET and not state.track:
            return "The sessions have no label track in common: choose a new one."
        return ""

    # Steps

    def do_wizard_toggle(self, _: str) -> None:
        """Tick or untick the example under the cursor."""
        if not self._examples:
            return
        chosen = dict.fromkeys(self.state.source.splitlines())
        word = self._examples[self.choices.cursor][0]
        if word in chosen:
            del chosen[word]
        else:
            chosen[word] = None
        self.state = self.state.with_source("\n".join(chosen))
        at = self.choices.cursor
        self._show_examples()
        self.choices.go(at + 1)

    # Commands

    def do_wizard_next(self, _: str) -> None:
        """Take the step's answer and go on."""
        state = self.state
        if state.step == RESULT:
            self.finish()
            return
        if state.step == METHOD:
            self.state = state = replace(state, method=list(METHODS)[self.choices.cursor])
        elif state.step == SOURCE:
            self._take_source()
        elif state.step == TARGET:
            target = Target.parse(f"{state.target_kind}:{state.track}")
            check_target(self.host.store, self._sessions(), target)
        if state.step == SUMMARY:
            self._start()
            return
        names = self.host.project.class_names
        if state.method == "threshold" and not state.settings.get("classes") and names:
            name = self.host.active_class or names[0]
            self.state = self.state.with_setting("classes", name)
        self.state = replace(self.state, step=state.step + (2 if self._skips_source(state.step + 1) else 1))
        self._entered()

    def _skips_source(self, step: int) -> bool:
        return step == SOURCE and self.state.method == "session"

    def _take_source(self) -> None:
        if self.state.method == "threshold":
            parse_rule(self.state.source, self._channel_names())
            return
        if self.state.method == "similar":
            if not self.state.source and self._examples:
                self.state = self.state.with_source(self._examples[self.choices.cursor][0])
            if not self.state.source:
                raise UserError("There is no confirmed event to be an example: label one first.")
            same_class(self.host.store, self.state.source.splitlines())
            return
        names = [m.source for m in self.models] if self.state.method == "model" else self._tracks()
        if not names:
            raise UserError("There is nothing to choose from.")
        self.state = self.state.with_source(names[self.choices.cursor])

    def _entered(self) -> None:
        self.say("")
        self.host.view.wizard = self.state.to_json()
        self.host.keep_view()
        self.refresh_all()

    def do_wizard_previous(self, _: str) -> None:
        """Go a step back, or leave from the first one."""
        if self.state.step in (METHOD, RESULT):
            self.finish()
        elif self.state.step == PROGRESS:
            self.say("It is running: wait for the end, or cancel with x.", "warn")
        else:
            step = self.state.step - (2 if self._skips_source(self.state.step - 1) else 1)
            self.state = replace(self.state, step=step)
            self._entered()

    def do_wizard_less(self, _: str) -> None:
        """The field's value a step down."""
        self.form.step(-1)
        self._answered()

    def do_wizard_more(self, _: str) -> None:
        """The field's value a step up."""
        self.form.step(1)
        self._answered()

    def do_wizard_type(self, _: str) -> None:
        """Ask for the field's value."""
        field = self.form.current
        if field is None:
            return
        self.ask("value", f" {field.title}", self._put, field.value, field.hint, field.problem, field.choices)

    def do_wizard_sample(self, _: str) -> None:
        """Preview another session."""
        self.preview.step()

    def do_wizard_defaults(self, _: str) -> None:
        """All settings as they come."""
        self.state = self.state.with_settings({})
        self.refresh_all()

    def _put(self, value: str) -> None:
        self.form.put(value)
        self._answered()

    def _answered(self) -> None:
        """Keep the answer under the cursor at once: the next key may be here already."""
        field = self.form.current
        if field is None:
            return
        if self._asks_rule:
            self.state = self.state.with_source(field.value)
        elif self.state.step == TARGET:
            answer = {field.id: field.value}
            if field.id == "target_kind":
                answer["track"] = ""
            self.state = replace(self.state, **answer)  # type: ignore[arg-type]
            self._show_target()
        else:
            self.state = self.state.with_setting(field.id, field.value)
            if field.id == FOR_CLASS:
                self._show_settings()
            else:
                self._show_preview()
        self.host.view.wizard = self.state.to_json()
        self._unkept = True

    # Running

    def _start(self) -> None:
        self._run = start(self.host.store, self.state.request())
        self.state = replace(self.state, step=PROGRESS, run=self._run.outcome.run)
        self._scorer.stop()
        self.host.view.wizard = {}
        self.refresh_all()
        self._timer = self.set_interval(0.1, self._poll)

    def _poll(self) -> None:
        if self._run is None:
            return
        before = len(self._run.outcome.sessions)
        try:
            over = self._run.poll()
        except UserError as error:
            self.say(str(error), "error")
            over = True
        if over or not before:
            self.host.autosave()  # the first labels are wanted on disk, and all at the end
        if over:
            if self._timer is not None:
                self._timer.stop()
            self.state = replace(self.state, step=RESULT)
            self.host.forget_step()
            self.refresh_all()
        elif self.is_current:
            self._show_progress()

    def do_wizard_cancel(self, _: str) -> None:
        """Stop the run; whole sessions are kept."""
        if self._run is not None:
            self._run.cancel()
            self.say("Cancelling; sessions that are whole are kept.")

    def do_wizard_review(self, _: str) -> None:
        """Open the review queue over the sessions that got labels."""
        rows = [r.session.id for r in (self._run.outcome.sessions if self._run else []) if r.added]
        if rows:
            self.app.switch_screen(routes.screen("review", rows))

    def show_change(self, touched: object) -> None:
        """What the run changes is shown by its own progress."""

    def on_unmount(self) -> None:
        """Let the model's process end."""
        self._scorer.stop()

    def finish(self) -> None:
        """Leave the wizard."""
        self.close()

    def do_back(self, key: str) -> None:
        """Leave, with all answers kept; a run goes on only while the wizard is open, so it is waited for."""
        if self.help_open:
            self.show_help(key)
        elif self.state.step == PROGRESS:
            self.say("It is running: wait for the end, or cancel with x.", "warn")
        else:
            self.finish()

    def do_escape(self, key: str) -> None:
        """A step back; out from the first one."""
        if self.help_open:
            self.show_help(key)
        else:
            self.do_wizard_previous(key)
