"""The model list that the project file keeps: what the next training job makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from app.commands.command import Context, Group
from app.errors import UserError, printable
from app.formats.improj_models import DENSE, facts_of
from app.project.editor import Applied
from app.project.models import ModelEntry
from app.rendering.cells import Row
from app.rendering.format import plural
from app.screens.base import ProjectScreen
from app.services import model_list as service
from app.services.training import TrainingRequest
from app.widgets.list_table import Cell, Column, ListTable
from app.widgets.rows import RowsView

COLUMNS = (
    Column("name", "name", 26, flexible=True),
    Column("family", "family", 11),
    Column("layers", "layers", 6, "right"),
    Column("parameters", "parameters", 10, "right"),
    Column("epochs", "epochs", 6, "right"),
    Column("batch", "batch", 5, "right", rank=1),
    Column("patience", "patience", 8, "right", rank=2),
    Column("rate", "rate", 7, "right", rank=1),
)
_ASKED = ("name", "epochs", "batch", "patience", "learning rate")
_KEYS = ("Epochs", "BatchSize", "Patience", "LearningRate")


class ModelListScreen(ProjectScreen):
    """A row a model."""

    GROUP: ClassVar[Group] = Group.MODELS

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield ListTable(id="list", empty="no list of its own: the default models are trained; w makes one")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#list", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    @property
    def entries(self) -> tuple[ModelEntry, ...]:
        """The models."""
        return self.labelloop.project.state.models

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        left: Row = [(" Model list   ", "title"), ("what the next training job makes", "dim")]
        return left, [(f"{plural(len(self.entries), 'model')} ", "dim")]

    def context(self) -> Context:
        """Whether there are models."""
        return replace(self.labelloop.context(), models=len(self.entries))

    def refresh_all(self) -> None:
        """The list anew."""
        sizes = service.dense_sizes(self.labelloop.project)
        rows = [_cells(entry, sizes) for entry in self.entries]
        self.table.cursor = min(self.table.cursor, max(0, len(rows) - 1))
        self.table.show(len(rows), rows.__getitem__, COLUMNS)
        self.refresh_bars()

    def _done(self, applied: Applied) -> None:
        self.refresh_all()
        self.say(applied.title)

    def do_models_edit(self, _: str) -> None:
        """Ask for name and settings in one line."""
        index = self.table.cursor
        entry = self.entries[index]
        facts = facts_of(entry)
        values = (entry.name, facts.epochs, facts.batch, facts.patience, f"{facts.learning_rate:g}")

        def take(text: str) -> None:
            name, settings = typed_settings(text)
            self._done(service.edit_model(self.labelloop.store, index, name, settings))

        self.ask("model", f" {', '.join(_ASKED)}", take, ", ".join(map(str, values)))

    def do_models_clone(self, _: str) -> None:
        """The same model once more."""
        self._done(service.clone_model(self.labelloop.store, self.table.cursor))

    def do_models_delete(self, _: str) -> None:
        """Take the model off the list; z brings it back."""
        self._done(service.delete_model(self.labelloop.store, self.table.cursor))

    def do_models_clear(self, _: str) -> None:
        """Empty the list; z brings it back."""
        self._done(service.put_list(self.labelloop.store, ()))

    def do_models_wizard(self, _: str) -> None:
        """Put models of the wizard behind the list."""
        from app.screens.model_wizard import ModelWizardScreen

        self.app.push_screen(ModelWizardScreen(self._append))

    def _append(self, asked: TrainingRequest) -> None:
        self.guarded(lambda: self._done(service.generate_list(self.labelloop.store, asked, append=True)))


def typed_settings(text: str) -> tuple[str, dict[str, str]]:
    """Name and settings as typed in one line. Raises UserError when a value is no number that can be.

    >>> typed_settings("dense-small-1, 24, 8, 20, 0.003")[1]["LearningRate"]
    '0.003'
    """
    name, *values = (part.strip() for part in text.split(","))
    if len(values) != len(_KEYS):
        raise UserError(f"Give {len(_ASKED)} values with commas between them: {', '.join(_ASKED)}.")
    for title, value in zip(_ASKED[1:], values, strict=True):
        whole = title != "learning rate"
        try:
            good = int(value) >= (title != "patience") if whole else 0 < float(value) <= 1
        except ValueError:
            good = False
        if not good:
            need = "a whole number" if whole else "a number above 0, at most 1"
            raise UserError(f"The {title} must be {need}, not '{printable(value)}'.")
    return name, dict(zip(_KEYS, values, strict=True))


def _cells(entry: ModelEntry, sizes: Mapping[str, tuple[int, int]]) -> Sequence[Cell]:
    facts = facts_of(entry)
    layers, parameters = len(facts.layers) or None, facts.parameters
    if facts.family == DENSE:
        layers, parameters = sizes.get(facts.size, (None, None))
    usable = service.can_train(facts)
    return (
        (printable(entry.name), "" if usable else "warn"),
        (facts.family if usable else f"{facts.family} (left out)", "dim" if usable else "warn"),
        (str(layers) if layers else "–", "dim"),
        (f"{parameters:,}" if parameters is not None else "–", "dim"),
        (str(facts.epochs), ""),
        (str(facts.batch), ""),
        (str(facts.patience), ""),
        (f"{facts.learning_rate:g}", "dim"),
    )
