"""The Generate Labels wizard: seven steps, back and forth without losing input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from app.commands.command import Context, Group
from app.errors import UserError, printable
from app.labeling.threshold import parse_rule
from app.labeling.tracks import POLICIES
from app.project.session import Session
from app.rendering.cells import Row
from app.rendering.format import plural
from app.screens.base import ProjectScreen
from app.screens.wizard_preview import PreviewPane
from app.screens.wizard_rows import EXAMPLE_COLUMNS, examples, method_fields, model_rows, summary_text
from app.screens.wizard_state import (
    METHOD,
    METHODS,
    PROGRESS,
    RESULT,
    SETTINGS,
    SOURCE,
    STEPS,
    SUMMARY,
    TARGET,
    WizardState,
)
from app.services.generate import EXISTING, NEW
from app.services.generate_request import Run, start
from app.services.models import KnownModel, known_models
from app.services.preview import Scorer
from app.services.select import select
from app.widgets.form import Field, Form
from app.widgets.list_table import Cell, Column, ListTable
from app.widgets.rows import Block, RowsView

POLICY_WORDS = {
    "keep": "confirmed labels stay, unconfirmed ones of these classes are replaced",
    "replace-class": "all labels of these classes are replaced, confirmed ones too",
    "replace-all": "every label of the track is replaced, confirmed ones too",
}
SUMMARY_COLUMNS = (
    Column("session", "session", 20, flexible=True),
    Column("added", "added", 8, "right"),
    Column("kept", "kept", 8, "right"),
    Column("removed", "removed", 8, "right"),
    Column("problem", "", 24, flexible=True, style="error"),
)


class WizardScreen(ProjectScreen):
    """The wizard on some sessions, or on all unlabelled ones when none are given."""

    GROUP: ClassVar[Group] = Group.WIZARD

    def __init__(self, session_ids: Sequence[str], source: str = "") -> None:
        super().__init__()
        project = self.labelloop.project
        paths = tuple(project.session(sid).path for sid in session_ids if sid in project)
        saved = WizardState.from_json(self.labelloop.view.wizard, paths) if not source else None
        self.state = saved or WizardState(sessions=paths or self._unlabelled())
        if source:
            self.state = replace(self.state, method="model").with_source(source)
        self._models: list[KnownModel] = []
        self._run: Run | None = None
        self._timer: Timer | None = None
        self._scorer = Scorer(self.labelloop.store)
        self._examples: list[tuple[str, Sequence[Cell]]] = []

    def _unlabelled(self) -> tuple[str, ...]:
        return tuple(s.path for s in select(self.labelloop.project, ["unlabelled"]) if not s.broken)

    # Parts

    def compose_body(self) -> ComposeResult:
        """One of a list, a form or text, by the step."""
        yield ListTable(id="list")
        yield Form(id="form")
        yield PreviewPane(self.labelloop, self._scorer)
        yield Block(id="text")

    def body_focus(self) -> RowsView | None:
        """What the step shows."""
        if self.state.step in (METHOD, SOURCE, RESULT) and not self._asks_rule:
            return self.query_one("#list", ListTable)
        return self.query_one("#form", Form)

    @property
    def _asks_rule(self) -> bool:
        """Whether the source is a rule, which is typed."""
        return self.state.step == SOURCE and self.state.method == "threshold"

    @property
    def choices(self) -> ListTable:
        """The list of methods, sources or results."""
        return self.query_one("#list", ListTable)

    @property
    def form(self) -> Form:
        """The form of target and settings."""
        return self.query_one("#form", Form)

    @property
    def preview(self) -> PreviewPane:
        """The live preview of the settings."""
        return self.query_one(PreviewPane)

    def first_show(self) -> None:
        """Show the step, and have the model's process ready before it is asked."""
        self.refresh_all()
        if self.state.step > METHOD:
            self.say("Going on where the wizard was left; backspace goes back.")
        if self.state.method == "model":
            self.guarded(self._scorer.start)
        self.set_interval(0.15, self._catch_up)

    def _catch_up(self) -> None:
        if self.state.step == SETTINGS and self.is_current and not self.preview.complete:
            self.preview.tick()

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
        self.call_after_refresh(makers[self.state.step])
        self.set_focus(self.body_focus() if name != "text" else None)
        self.refresh_bars()

    def header(self) -> tuple[Row, Row]:
        """The steps, the present one marked."""
        row: Row = [(" Generate   ", "title")]
        for number, title in STEPS.items():
            if number > max(SUMMARY, self.state.step):
                break  # progress and result are named when they are reached
            here = number == self.state.step
            row += [(f"{'▸' if here else ''}{number} {title}  ", "accent" if here else "dim")]
        return row, [(plural(len(self.state.sessions), "session") + " ", "dim")]

    def context(self) -> Context:
        """What is missing in the step, and whether a run is on."""
        base = self.labelloop.context()
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
        if self.labelloop.store.read_only and state.step == SUMMARY:
            return self.labelloop.context().read_only
        if state.step == SOURCE and state.method == "model" and not self._models:
            return "There is no trained model yet: train one first (q, then t)."
        if not state.sessions:
            return "No session is chosen: q, tick some with space, g again."
        if state.step == TARGET and not state.track:
            return "The sessions have no label track in common: choose a new one."
        return ""

    # Steps

    def _show_methods(self) -> None:
        rows = list(METHODS.items())
        columns = (Column("method", "method", 28), Column("what", "", 40, flexible=True, style="dim"))
        at = list(METHODS).index(self.state.method) if self.state.method in METHODS else 0
        self.choices.show(
            len(rows), lambda i: ((rows[i][1][0], ""), (rows[i][1][1], "dim")), columns, cursor=at
        )

    def _show_sources(self) -> None:
        if self.state.method == "model":
            if not self._models:
                self._models = [m for m in known_models(self.labelloop.store) if m.info]
            columns, provider = model_rows(self._models)
            names = [m.source for m in self._models]
            empty = "no trained model yet: train one first (q, then t)"
            self._show_choices(names, columns, provider, empty)
            return
        if self.state.method == "threshold":
            hint = "e types it: gx > 100, norm(1,2,3) > 1.5/1.2, diff(ax) > 5, band(gx,2-8) > 30"
            self.form.show([Field("rule", "rule", self.state.source, hint=hint)])
            return
        if self.state.method == "similar":
            self._show_examples()
            return
        tracks = self._tracks()
        columns = (Column("track", "label track", 30, flexible=True),)
        self._show_choices(tracks, columns, lambda i: ((printable(tracks[i]), ""),), "no track in common")

    def _show_examples(self) -> None:
        self._examples = examples(self.labelloop.store, self.labelloop.active_class)
        chosen = set(self.state.source.splitlines())
        self.choices.show(
            len(self._examples),
            lambda i: self._examples[i][1],
            EXAMPLE_COLUMNS,
            lambda i: self._examples[i][0] in chosen,
            empty="no confirmed event yet: label one first",
        )
        self.say("space ticks an example; several of one class find more.")

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

    def _show_choices(
        self,
        names: Sequence[str],
        columns: Sequence[Column],
        provider: Callable[[int], Sequence[tuple[str, str]]],
        empty: str,
    ) -> None:
        at = names.index(self.state.source) if self.state.source in names else 0
        self.choices.show(len(names), provider, columns, cursor=at, empty=empty)

    def _sessions(self) -> list[Session]:
        wanted = set(self.state.sessions)
        return [s for s in self.labelloop.project.sessions() if s.path in wanted]

    def _tracks(self) -> list[str]:
        """The label tracks that all chosen sessions have, the active one first."""
        lists = [self.labelloop.project.label_tracks_of(s.id) for s in self._sessions()]
        first, *rest = lists or [[]]
        return [name for name in first if all(name in other for other in rest)]

    def _show_target(self) -> None:
        state, tracks = self.state, self._tracks()
        kinds = (EXISTING, NEW) if tracks else (NEW,)
        kind = state.target_kind if state.target_kind in kinds else kinds[0]
        track = state.track if (kind == NEW) != (state.track in tracks) and state.track else ""
        track = track or (tracks[0] if kind == EXISTING else "auto")
        self.state = replace(state, target_kind=kind, track=track)
        choices = tuple(tracks) if kind == EXISTING else ()
        hint = "" if kind == EXISTING else "e types a name"
        self.form.show(
            [
                Field("target_kind", "target", kind, kinds, hint="a track that exists, or a new one"),
                Field("track", "track", track, choices, hint=hint),
                Field(
                    "existing", "labels there", state.existing, POLICIES, hint=POLICY_WORDS[state.existing]
                ),
            ]
        )
        self.refresh_bars()

    def _show_settings(self) -> None:
        model = next((m for m in self._models if m.source == self.state.source), None)
        fields = method_fields(self.labelloop.store, self.state, model)
        self.form.show(fields)
        self.form.styles.height = len(fields)
        self.call_after_refresh(self._show_preview)

    def _show_preview(self) -> None:
        if self.state.step == SETTINGS:
            self.guarded(lambda: self.preview.show(self.state.request(), self._sessions()))

    def _show_summary(self) -> None:
        try:
            rows = summary_text(self.labelloop.store, self.state, self._models)
        except UserError as error:
            rows = [[(f" {error}", "error")]]
        self.query_one("#text", Block).show(lambda *_: rows)

    def _show_progress(self) -> None:
        run = self._run
        if run is None:
            return
        done, total = len(run.outcome.sessions), len(self.state.sessions)
        message = run.status.message if run.status else "starting"
        rows: list[Row] = [
            [],
            [("   ", ""), (message, "accent")],
            [
                ("   ", ""),
                (f"{done} of {plural(total, 'session')} done, {run.outcome.added} labels added", ""),
            ],
            [],
            [("   x cancels; sessions that are whole keep their labels", "dim")],
        ]
        self.query_one("#text", Block).show(lambda *_: rows)

    def _show_result(self) -> None:
        outcome = self._run.outcome if self._run else None
        rows = outcome.sessions if outcome else []

        def cells(index: int) -> Sequence[tuple[str, str]]:
            row = rows[index]
            numbers = [(str(n), "") for n in (row.added, row.kept, row.removed)]
            return [(printable(row.session.path), ""), *numbers, (row.problem, "error")]

        self.choices.show(len(rows), cells, SUMMARY_COLUMNS, cursor=0, empty="nothing was done")
        if outcome:
            found = f"{outcome.added} labels added in {plural(len(rows), 'session')}, run {outcome.run}"
            nothing = " Nothing was found; a lower threshold finds more." if not outcome.added else ""
            self.say(f"{found}.{nothing}", "good" if outcome.added else "warn", [("z takes it back ", "dim")])

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
        if state.step == SUMMARY:
            self._start()
            return
        names = self.labelloop.project.class_names
        if state.method == "threshold" and not state.settings.get("classes") and names:
            name = self.labelloop.active_class or names[0]
            self.state = replace(self.state, settings={**self.state.settings, "classes": name})
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
            return
        names = [m.source for m in self._models] if self.state.method == "model" else self._tracks()
        if not names:
            raise UserError("There is nothing to choose from.")
        self.state = self.state.with_source(names[self.choices.cursor])

    def _channel_names(self) -> tuple[str, ...]:
        """The channels of the first chosen session; none when it was not read yet."""
        sessions = self._sessions()
        path = self.labelloop.project.data_path(sessions[0]) if sessions else None
        signal = self.labelloop.signals.cached(path) if path else None
        return tuple(signal.names) if signal else ()

    def _entered(self) -> None:
        self.say("")
        self.labelloop.view.wizard = self.state.to_json()
        self.labelloop.keep_view()
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

    def do_wizard_more(self, _: str) -> None:
        """The field's value a step up."""
        self.form.step(1)

    def do_wizard_type(self, _: str) -> None:
        """Ask for the field's value."""
        field = self.form.current
        if field is None:
            return
        self.ask(
            "value", f" {field.title}", self.form.put, field.value, field.hint, field.problem, field.choices
        )

    def do_wizard_sample(self, _: str) -> None:
        """Preview another session."""
        self.preview.step()

    def do_wizard_defaults(self, _: str) -> None:
        """All settings as they come."""
        self.state = replace(self.state, settings={})
        self.refresh_all()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Keep the answer."""
        field = event.field
        if self._asks_rule:
            self.state = self.state.with_source(field.value)
        elif self.state.step == TARGET:
            answer = {field.id: field.value}
            if field.id == "target_kind":
                answer["track"] = ""
            self.state = replace(self.state, **answer)  # type: ignore[arg-type]
            self._show_target()
        else:
            settings = {**self.state.settings, field.id: field.value}
            self.state = replace(self.state, settings={k: v for k, v in settings.items() if v})
            self._show_preview()
        self.labelloop.view.wizard = self.state.to_json()

    # Running

    def _start(self) -> None:
        self._run = start(self.labelloop.store, self.state.request())
        self.state = replace(self.state, step=PROGRESS, run=self._run.outcome.run)
        self.labelloop.view.wizard = {}
        self.refresh_all()
        self._timer = self.set_interval(0.1, self._poll)

    def _poll(self) -> None:
        if self._run is None:
            return
        try:
            over = self._run.poll()
        except UserError as error:
            self.say(str(error), "error")
            over = True
        if over:
            if self._timer is not None:
                self._timer.stop()
            self.state = replace(self.state, step=RESULT)
            self.labelloop.forget_step()
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
        from app.screens.review import ReviewScreen

        rows = [r.session.id for r in (self._run.outcome.sessions if self._run else []) if r.added]
        if rows:
            self.app.switch_screen(ReviewScreen(rows))

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
            self.do_help(key)
        elif self.state.step == PROGRESS:
            self.say("It is running: wait for the end, or cancel with x.", "warn")
        else:
            self.finish()

    def do_escape(self, key: str) -> None:
        """A step back; out from the first one."""
        if self.help_open:
            self.do_help(key)
        else:
            self.do_wizard_previous(key)
