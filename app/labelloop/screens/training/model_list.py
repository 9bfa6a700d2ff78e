"""The model list that the project file keeps: what the next training job makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError, printable
from labelloop.formats.improj.model_list import DENSE, facts_of
from labelloop.project.editor import Applied
from labelloop.project.models import ModelEntry
from labelloop.rendering.cells import Row
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.services.training import model_list as service
from labelloop.services.training.request import TrainingRequest
from labelloop.widgets.form import Field
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import RowsView

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
_WHOLE = {"Epochs": "epochs", "BatchSize": "batch size", "Patience": "patience"}


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
        return self.host.project.state.models

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        what = "what the next training job makes"
        if self.entries and not service.has_dense(self.host.project):
            what = "n trains dense models; these by labelloop train --list"
        left: Row = [(" Model list   ", "title"), (what, "dim")]
        return left, [(f"{plural(len(self.entries), 'model')} ", "dim")]

    def context(self) -> Context:
        """Whether there are models."""
        return replace(self.host.context(), models=len(self.entries))

    def refresh_all(self) -> None:
        """The list anew."""
        sizes = service.dense_sizes(self.host.project)
        rows = [_cells(entry, sizes) for entry in self.entries]
        self.table.cursor = min(self.table.cursor, max(0, len(rows) - 1))
        self.table.show(len(rows), rows.__getitem__, COLUMNS)
        self.refresh_bars()

    def _done(self, applied: Applied) -> None:
        self.refresh_all()
        self.report(applied.title)

    def edit_model(self, _: str) -> None:
        """Open the form of the model under the cursor."""
        entry = self.entries[self.table.cursor]

        def take(name: str, settings: dict[str, str]) -> None:
            if entry not in self.entries:  # undo works in the form, too
                raise UserError(
                    f"{printable(entry.name)} is not in the list any more; escape leaves the form."
                )
            self._done(service.edit_model(self.host.store, self.entries.index(entry), name, settings))

        self.app.push_screen(ModelFormScreen(OneModel(entry, take)))

    def clone_model(self, _: str) -> None:
        """The same model once more."""
        self._done(service.clone_model(self.host.store, self.table.cursor))

    def delete_model(self, _: str) -> None:
        """Take the model off the list; z brings it back."""
        self._done(service.delete_model(self.host.store, self.table.cursor))

    def clear_list(self, _: str) -> None:
        """Empty the list; z brings it back."""
        self._done(service.put_list(self.host.store, ()))

    def open_wizard(self, _: str) -> None:
        """Put models of the wizard behind the list."""
        self.app.push_screen(routes.screen("model_wizard", self._append))

    def _append(self, request: TrainingRequest) -> None:
        self.guarded(lambda: self._done(service.generate_list(self.host.store, request, append=True)))

    ACTIONS: ClassVar[Commands] = {
        "models.edit": edit_model,
        "models.clone": clone_model,
        "models.delete": delete_model,
        "models.clear": clear_list,
        "models.wizard": open_wizard,
    }


class OneModel:
    """What the form of one model is about; ``then`` gets its name and settings."""

    reset = "All values are the model's own again."

    def __init__(self, entry: ModelEntry, then: Callable[[str, dict[str, str]], None]) -> None:
        self._entry, self._then = entry, then

    def header(self) -> Row:
        """Which model it is."""
        return [(" Model   ", "title"), (printable(self._entry.name), "dim")]

    def start_fields(self, _: Host) -> list[Field]:
        """The model as it is."""
        facts = facts_of(self._entry)
        size = "keep the word small, medium or large in it" if facts.family == DENSE else "any that is free"
        rate = f"{facts.learning_rate:g}"
        return [
            Field("name", "name", self._entry.name, hint=size),
            Field("Epochs", "epochs", str(facts.epochs), (), 10, 1, 10000, hint="most; it stops early"),
            Field("BatchSize", "batch size", str(facts.batch), (), 2, 1, 4096, geometric=True),
            Field("Patience", "patience", str(facts.patience), (), 5, 0, 10000, hint="0: never stop early"),
            Field("LearningRate", "learning rate", rate, (), 2, 1e-6, 1, geometric=True),
        ]

    def take(self, screen: ProjectScreen, values: dict[str, str]) -> None:
        """Hand the values on and close. Raises UserError when one is no number that can be."""
        name, settings = settings_of(values)
        self._then(name, settings)
        screen.close()


def settings_of(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Name and settings of a model's form. Raises UserError when a value is no number that can be."""
    for key, title in _WHOLE.items():
        text = values[key]
        if not text.isdecimal() or int(text) < (key != "Patience"):
            raise UserError(f"The {title} must be a whole number, not '{printable(text)}'.")
    if not values["LearningRate"]:
        raise UserError("The learning rate must be a number above 0, at most 1.")
    return values["name"], {key: values[key] for key in (*_WHOLE, "LearningRate")}


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
