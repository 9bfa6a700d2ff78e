"""The Generate Labels wizard: seven steps, back and forth without losing input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError
from labelloop.labeling.threshold import parse_rule
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.generate.preview import PreviewPane
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
    Source,
)
from labelloop.screens.generate.steps import Steps
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.generating.merging import Target, check_target
from labelloop.services.generating.methods import start
from labelloop.services.generating.similar import same_class
from labelloop.widgets.form import Form
from labelloop.widgets.list_table import ListTable
from labelloop.widgets.rows import Block, RowsView


class WizardScreen(ProjectScreen):
    """The wizard on some sessions, or on those that wait for labels when none are given."""

    GROUP: ClassVar[Group] = Group.WIZARD

    def __init__(self, session_ids: Sequence[str], source: str = "") -> None:
        super().__init__()
        self.steps = Steps(self, session_ids, source)

    def compose_body(self) -> ComposeResult:
        """One of a list, a form or text, by the step."""
        yield ListTable(id="list")
        yield Form(id="form")
        yield PreviewPane(self.host, self.steps.scorer)
        yield Block(id="text")

    def body_focus(self) -> RowsView | None:
        """What the step shows."""
        if self.steps.state.step in (METHOD, SOURCE, RESULT) and not self.steps.asks_rule:
            return self.steps.choices
        return self.steps.form

    def first_show(self) -> None:
        """Show the step, and have the model's process ready before it is asked."""
        self.refresh_all()
        if self.steps.state.step > METHOD:
            self.report("Going on where the wizard was left; backspace goes back.")
        if self.steps.state.row.source is Source.MODEL:
            self.guarded(self.steps.scorer.start)
        self.set_interval(0.15, self._catch_up)

    def _catch_up(self) -> None:
        if self.steps.unkept:
            self.steps.unkept = False
            self.host.keep_view()
        if not self.is_current or self.steps.preview.tally.finished:
            return
        if self.steps.state.step == SETTINGS:
            self.steps.preview.tick()
        elif self.steps.state.step == SUMMARY:
            self.steps.preview.tally.go_on()
            self.steps.show_counts()

    def refresh_all(self) -> None:
        """Show the step anew."""
        shown = {METHOD: "list", SOURCE: "list", TARGET: "form", SETTINGS: "form", RESULT: "list"}
        name = "form" if self.steps.asks_rule else shown.get(self.steps.state.step, "text")
        for part in ("list", "form", "text"):
            self.query_one(f"#{part}").display = part == name
        self.steps.preview.display = self.steps.state.step == SETTINGS
        makers: dict[int, Callable[[], None]] = {
            METHOD: self.steps.show_methods,
            SOURCE: self.steps.show_sources,
            TARGET: self.steps.show_target,
            SETTINGS: self.steps.show_settings,
            SUMMARY: self.steps.show_summary,
            PROGRESS: self.steps.show_progress,
            RESULT: self.steps.show_result,
        }
        makers[self.steps.state.step]()
        self.set_focus(self.body_focus() if name != "text" else None)
        self.refresh_bars()

    def header(self) -> tuple[Row, Row]:
        """The steps, the present one marked; in a narrow window the others by number only."""
        right: Row = [(plural(len(self.steps.state.sessions), "session") + " ", "dim")]
        row = self._steps(dict(STEPS))
        if width_of([*row, *right]) > self.size.width:
            row = self._steps({n: title if n == self.steps.state.step else "" for n, title in STEPS.items()})
        return row, right

    def _steps(self, titles: Mapping[int, str]) -> Row:
        row: Row = [(" Generate   ", "title")]
        for number, title in titles.items():
            here = number == self.steps.state.step
            row.append((f"{'▸' if here else ''}{number} {title}".rstrip(), "accent" if here else "dim"))
            row.append(("  ", ""))
        return row

    def context(self) -> Context:
        """What is missing in the step, and whether a run is on."""
        base = self.host.context()
        typed = self.steps.state.step in (TARGET, SETTINGS) or self.steps.asks_rule
        waiting = self.steps.run.outcome.added if self.steps.run and self.steps.state.step == RESULT else 0
        running = self.steps.run is not None and self.steps.state.step == PROGRESS
        return replace(
            base,
            step=self.steps.state.step,
            problem=self._problem(),
            form=typed,
            examples=self._ticks_examples,
            running=running,
            unconfirmed=waiting,
        )

    @property
    def _ticks_examples(self) -> bool:
        return self.steps.state.step == SOURCE and self.steps.state.row.source is Source.EXAMPLES

    def _problem(self) -> str:
        """Why the next step can't be entered yet."""
        state = self.steps.state
        if state.step == PROGRESS:
            return "Wait for the end, or cancel with x."
        if self.host.store.read_only and state.step == SUMMARY:
            return self.host.context().read_only
        if state.step == SOURCE and state.row.source is Source.MODEL and not self.steps.models:
            return "There is no trained model yet: train one first (q, then t)."
        if not state.sessions:
            return "No session is chosen: q, tick some with space, g again."
        if state.step == TARGET and not state.track:
            return "The sessions have no label track in common: choose a new one."
        return ""

    # Steps

    def toggle_example(self, _: str) -> None:
        """Tick or untick the example under the cursor."""
        if not self.steps.examples:
            return
        chosen = dict.fromkeys(self.steps.state.source.splitlines())
        word = self.steps.examples[self.steps.choices.cursor][0]
        if word in chosen:
            del chosen[word]
        else:
            chosen[word] = None
        self.steps.state = self.steps.state.with_source("\n".join(chosen))
        at = self.steps.choices.cursor
        self.steps.show_examples()
        self.steps.choices.go(at + 1)

    # Commands

    def next_step(self, _: str) -> None:
        """Take the step's answer and go on."""
        state = self.steps.state
        if state.step == RESULT:
            self.finish()
            return
        if state.step == METHOD:
            self.steps.state = state = replace(state, method=list(METHODS)[self.steps.choices.cursor])
        elif state.step == SOURCE:
            self._take_source()
        elif state.step == TARGET:
            target = Target.parse(f"{state.target_kind}:{state.track}")
            check_target(self.host.store, self.steps.sessions(), target)
        if state.step == SUMMARY:
            self._start()
            return
        names = self.host.project.class_names
        if state.row.source is Source.RULE and not state.settings.get("classes") and names:
            name = self.host.active_class or names[0]
            self.steps.state = self.steps.state.with_setting("classes", name)
        following = state.step + (2 if self._skips_source(state.step + 1) else 1)
        self.steps.state = replace(self.steps.state, step=following)
        self._entered()

    def _skips_source(self, step: int) -> bool:
        return step == SOURCE and self.steps.state.row.source is Source.NOTHING

    def _take_source(self) -> None:
        steps = self.steps
        source = steps.state.row.source
        if source is Source.RULE:
            parse_rule(steps.state.source, steps.channel_names())
            return
        if source is Source.EXAMPLES:
            if not steps.state.source and steps.examples:
                steps.state = steps.state.with_source(steps.examples[steps.choices.cursor][0])
            if not steps.state.source:
                raise UserError("There is no confirmed event to be an example: label one first.")
            same_class(self.host.store, steps.state.source.splitlines())
            return
        names = [m.source for m in steps.models] if source is Source.MODEL else steps.tracks()
        if not names:
            raise UserError("There is nothing to choose from.")
        steps.state = steps.state.with_source(names[steps.choices.cursor])

    def _entered(self) -> None:
        self.report("")
        self.host.view.wizard = self.steps.state.to_json()
        self.host.keep_view()
        self.refresh_all()

    def previous_step(self, _: str) -> None:
        """Go a step back, or leave from the first one."""
        if self.steps.state.step in (METHOD, RESULT):
            self.finish()
        elif self.steps.state.step == PROGRESS:
            self.report("It is running: wait for the end, or cancel with x.", "warn")
        else:
            step = self.steps.state.step - (2 if self._skips_source(self.steps.state.step - 1) else 1)
            self.steps.state = replace(self.steps.state, step=step)
            self._entered()

    def less(self, _: str) -> None:
        """The field's value a step down."""
        self.steps.form.step(-1)
        self._answered()

    def more(self, _: str) -> None:
        """The field's value a step up."""
        self.steps.form.step(1)
        self._answered()

    def type_value(self, _: str) -> None:
        """Ask for the field's value."""
        field = self.steps.form.current
        if field is None:
            return
        self.ask("value", f" {field.title}", self._put, field.value, field.hint, field.problem, field.choices)

    def next_sample(self, _: str) -> None:
        """Preview another session."""
        self.steps.preview.step()

    def defaults(self, _: str) -> None:
        """All settings at their defaults."""
        self.steps.state = self.steps.state.with_settings({})
        self.refresh_all()

    def _put(self, value: str) -> None:
        self.steps.form.put(value)
        self._answered()

    def _answered(self) -> None:
        """Keep the answer under the cursor at once: the next key may be here already."""
        field = self.steps.form.current
        if field is None:
            return
        if self.steps.asks_rule:
            self.steps.state = self.steps.state.with_source(field.value)
        elif self.steps.state.step == TARGET:
            answer = {field.id: field.value}
            if field.id == "target_kind":
                answer["track"] = ""
            self.steps.state = replace(self.steps.state, **answer)  # type: ignore[arg-type]
            self.steps.show_target()
        else:
            self.steps.state = self.steps.state.with_setting(field.id, field.value)
            if field.id == FOR_CLASS:
                self.steps.show_settings()
            else:
                self.steps.show_preview()
        self.host.view.wizard = self.steps.state.to_json()
        self.steps.unkept = True

    # Running

    def _start(self) -> None:
        self.steps.run = start(self.host.store, self.steps.state.request())
        self.steps.state = replace(self.steps.state, step=PROGRESS, run=self.steps.run.outcome.run)
        self.steps.scorer.stop()
        self.host.view.wizard = {}
        self.refresh_all()
        self.steps.timer = self.set_interval(0.1, self._poll)

    def _poll(self) -> None:
        if self.steps.run is None:
            return
        before = len(self.steps.run.outcome.sessions)
        try:
            over = self.steps.run.poll()
        except UserError as error:
            self.report(str(error), "error")
            over = True
        if over or not before:
            self.host.autosave()  # the first labels are wanted on disk, and all at the end
        if over:
            if self.steps.timer is not None:
                self.steps.timer.stop()
            self.steps.state = replace(self.steps.state, step=RESULT)
            self.host.forget_step()
            self.refresh_all()
        elif self.is_current:
            self.steps.show_progress()

    def cancel_run(self, _: str) -> None:
        """Stop the run; whole sessions are kept."""
        if self.steps.run is not None:
            self.steps.run.cancel()
            self.report("Cancelling; sessions that are whole are kept.")

    def review_run(self, _: str) -> None:
        """Open the review queue over the sessions that got labels."""
        rows = [r.session.id for r in (self.steps.run.outcome.sessions if self.steps.run else []) if r.added]
        if rows:
            self.app.switch_screen(routes.screen("review", rows))

    def show_change(self, touched: object) -> None:
        """What the run changes is shown by its own progress."""

    def on_unmount(self) -> None:
        """Let the model's process end."""
        self.steps.scorer.stop()

    def finish(self) -> None:
        """Leave the wizard."""
        self.close()

    def leave_wizard(self, key: str) -> None:
        """Leave, with all answers kept; a run goes on only while the wizard is open, so it is waited for."""
        if self.help_open:
            self.show_help(key)
        elif self.steps.state.step == PROGRESS:
            self.report("It is running: wait for the end, or cancel with x.", "warn")
        else:
            self.finish()

    def step_back(self, key: str) -> None:
        """A step back; out from the first one."""
        if self.help_open:
            self.show_help(key)
        else:
            self.previous_step(key)

    ACTIONS: ClassVar[Commands] = {
        "back": leave_wizard,
        "escape": step_back,
        "wizard.toggle": toggle_example,
        "wizard.next": next_step,
        "wizard.previous": previous_step,
        "wizard.less": less,
        "wizard.more": more,
        "wizard.type": type_value,
        "wizard.sample": next_sample,
        "wizard.defaults": defaults,
        "wizard.cancel": cancel_run,
        "wizard.review": review_run,
    }
