"""What each step of the Generate Labels wizard shows, from the answers so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual.timer import Timer

from labelloop.errors import UserError, printable
from labelloop.labeling.tracks import POLICIES
from labelloop.project.session import Session
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.screens.generate.preview import PreviewPane
from labelloop.screens.generate.rows import (
    EXAMPLE_COLUMNS,
    example_rows,
    method_fields,
    model_rows,
    summary_command,
    summary_counts,
    summary_head,
)
from labelloop.screens.generate.state import METHODS, SETTINGS, SOURCE, Source, WizardState
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.generating.merging import EXISTING, NEW, Run
from labelloop.services.generating.scorer import Scorer
from labelloop.services.sessions.select import to_generate
from labelloop.services.sessions.signal_of import channels_of
from labelloop.services.training.models import KnownModel, known_models
from labelloop.widgets.form import Field, Form
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import Block

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


def _none(_: int) -> bool:
    """No row is ticked."""
    return False


class Steps:
    """The answers so far, and the steps as they are shown."""

    def __init__(self, screen: ProjectScreen, session_ids: Sequence[str], source: str = "") -> None:
        self.screen = screen
        self.host = screen.host
        project = self.host.project
        paths = tuple(project.session(sid).path for sid in session_ids if sid in project)
        saved = WizardState.from_json(self.host.view.wizard, paths) if not source else None
        waiting = () if paths else tuple(s.path for s in to_generate(self.host.store))
        self.state = saved or WizardState(sessions=paths or waiting)
        if source:
            self.state = replace(self.state, method="model").with_source(source)
        self._models: list[KnownModel] = []
        self.run: Run | None = None
        self.timer: Timer | None = None
        self.scorer = Scorer(self.host.store)
        self.examples: list[tuple[str, Sequence[Cell]]] = []
        self.unkept = False  # whether an answer is not on disk yet
        self._summary: tuple[list[Row], list[Row]] = ([], [])

    @property
    def asks_rule(self) -> bool:
        """Whether the source is a rule, which is typed."""
        return self.state.step == SOURCE and self.state.row.source is Source.RULE

    @property
    def choices(self) -> ListTable:
        """The list of methods, sources or results."""
        return self.screen.query_one("#list", ListTable)

    @property
    def form(self) -> Form:
        """The form of target and settings."""
        return self.screen.query_one("#form", Form)

    @property
    def preview(self) -> PreviewPane:
        """The live preview of the settings."""
        return self.screen.query_one(PreviewPane)

    @property
    def models(self) -> list[KnownModel]:
        """The models there are, best first; looked for when first asked for."""
        if not self._models:
            self._models = [m for m in known_models(self.host.store) if m.info]
        return self._models

    def show_methods(self) -> None:
        """The methods to choose from."""
        rows = list(METHODS.values())
        columns = (Column("method", "method", 28), Column("what", "", 40, flexible=True, style="dim"))
        at = list(METHODS).index(self.state.method) if self.state.method in METHODS else 0
        self.choices.show(
            len(rows), lambda i: ((rows[i].title, ""), (rows[i].what, "dim")), columns, _none, cursor=at
        )

    def show_sources(self) -> None:
        """What the method can start from: models, tracks, examples, or a rule."""
        if self.state.row.source is Source.MODEL:
            columns, provider = model_rows(self.models)
            names = [m.source for m in self.models]
            empty = "no trained model yet: train one first (q, then t)"
            self.show_choices(names, columns, provider, empty)
            return
        if self.state.row.source is Source.RULE:
            hint = "e types it: gx > 100, norm(1,2,3) > 1.5/1.2, diff(ax) > 5, band(gx,2-8) > 30"
            self.form.show([Field("rule", "rule", self.state.source, hint=hint)])
            return
        if self.state.row.source is Source.EXAMPLES:
            self.show_examples()
            return
        tracks = self.tracks()
        columns = (Column("track", "label track", 30, flexible=True),)
        self.show_choices(tracks, columns, lambda i: ((printable(tracks[i]), ""),), "no track in common")

    def show_examples(self) -> None:
        """Confirmed events that can be examples."""
        self.examples = example_rows(self.host.store, self.host.active_class)
        chosen = set(self.state.source.splitlines())
        at = next((i for i, (word, _) in enumerate(self.examples) if word in chosen), 0)
        self.choices.show(
            len(self.examples),
            lambda i: self.examples[i][1],
            EXAMPLE_COLUMNS,
            lambda i: self.examples[i][0] in chosen,
            cursor=at,
            empty="no confirmed event yet: label one first",
        )
        self.screen.report("space ticks an example; several of one class find more.")

    def show_choices(
        self,
        names: Sequence[str],
        columns: Sequence[Column],
        provider: Callable[[int], Sequence[tuple[str, str]]],
        empty: str,
    ) -> None:
        """A list of names, the chosen one under the cursor."""
        at = names.index(self.state.source) if self.state.source in names else 0
        self.choices.show(len(names), provider, columns, _none, cursor=at, empty=empty)

    def sessions(self) -> list[Session]:
        """The sessions to generate for."""
        wanted = set(self.state.sessions)
        return [s for s in self.host.project.sessions() if s.path in wanted]

    def tracks(self) -> list[str]:
        """The label tracks that all chosen sessions have, the active one first."""
        lists = [self.host.project.label_tracks_of(s.id) for s in self.sessions()]
        first, *rest = lists or [[]]
        return [name for name in first if all(name in other for other in rest)]

    def show_target(self) -> None:
        """The track that gets the labels, and what becomes of those there."""
        state, tracks = self.state, self.tracks()
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
        self.screen.refresh_bars()

    def show_settings(self) -> None:
        """The method's settings, with a live preview."""
        model = next((m for m in self.models if m.source == self.state.source), None)
        fields = method_fields(self.host.store, self.state, model)
        self.form.show(fields)
        self.form.styles.height = len(fields)
        self.screen.call_after_refresh(self.show_preview)

    def show_preview(self) -> None:
        """The preview of the settings as they are."""
        if self.state.step == SETTINGS:
            self.screen.guarded(lambda: self.preview.show(self.state.request(), self.sessions()))

    def show_summary(self) -> None:
        """What will change, where, and the command; the counts follow by themselves."""
        store, tally = self.host.store, self.preview.tally
        try:
            self._summary = summary_head(store, self.state, self.models), summary_command(store, self.state)
            tally.ask(self.state.request(), self.sessions())
            tally.go_on()
        except UserError as error:
            self._summary = [[(f" {error}", "error")]], []
        self.show_counts()

    def show_counts(self) -> None:
        """The summary with the counts that are known by then."""
        head, command = self._summary
        counts = summary_counts(self.preview.tally) if command else []
        self.screen.query_one("#text", Block).show(lambda *_: [*head, *counts, *command])

    def show_progress(self) -> None:
        """How far the run is."""
        run = self.run
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
        self.screen.query_one("#text", Block).show(lambda *_: rows)

    def show_result(self) -> None:
        """What each session got."""
        outcome = self.run.outcome if self.run else None
        rows = outcome.sessions if outcome else []

        def cells(index: int) -> Sequence[tuple[str, str]]:
            row = rows[index]
            numbers = [(str(n), "") for n in (row.added, row.kept, row.removed)]
            return [(printable(row.session.path), ""), *numbers, (row.problem, "error")]

        self.choices.show(len(rows), cells, SUMMARY_COLUMNS, _none, cursor=0, empty="nothing was done")
        if outcome:
            found = f"{outcome.added} labels added in {plural(len(rows), 'session')}, run {outcome.run}"
            nothing = " Nothing was found; a lower threshold finds more." if not outcome.added else ""
            self.screen.report(
                f"{found}.{nothing}", "good" if outcome.added else "warn", [("z takes it back ", "dim")]
            )

    def channel_names(self) -> tuple[str, ...]:
        """The channels of the first chosen session. Raises UserError when it can't be read."""
        sessions = self.sessions()
        return channels_of(self.host.store, sessions[0]) if sessions else ()
