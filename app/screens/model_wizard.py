"""The Model Wizard: what the next training job makes, with defaults that will do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from app.errors import UserError, printable
from app.services.training import PRESETS, TrainingRequest, classes_in_train
from app.widgets.form import Field, Form
from app.widgets.prompt import Prompt
from app.widgets.rows import Line, Rule
from app.widgets.terminal import TerminalScreen

FAMILIES = ("dense", "conv1d", "conv1dlstm")
SIZES = ("small", "medium", "large")
LEVELS = ("low", "mid", "high")


class ModelWizardScreen(TerminalScreen[TrainingRequest | None]):
    """A form; enter takes it, escape leaves without a job."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Less", show=False),
        Binding("right", "step(1)", "More", show=False),
        Binding("e", "type", "Type", show=False),
        Binding("enter", "take", "Take", show=False),
        Binding("escape,q", "leave", "Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """A title above the form."""
        yield Line(id="header")
        yield Rule()
        yield Form(id="form")
        yield Rule()
        yield Line(id="status")
        yield Prompt(id="prompt")

    def on_mount(self) -> None:
        """Show the defaults."""
        self.set_focus(self.query_one("#form"))
        self.call_after_refresh(self._show)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one("#form", Form)

    def _show(self) -> None:
        from app.app import LabelloopApp

        app = self.app
        assert isinstance(app, LabelloopApp)
        hint = [("◂ ▸ change   e type   enter takes it   escape leaves ", "dim")]
        self.query_one("#header", Line).show([(" Model Wizard", "title")], hint)
        present = classes_in_train(app.project)
        active = app.active_class if app.active_class in present else ""
        self.form.show(_fields(present, active))

    def action_step(self, by: int) -> None:
        """The field's value a step up or down."""
        self.form.step(by)

    def action_type(self) -> None:
        """Ask for the field's value."""
        field = self.form.current
        if field is not None:
            self.query_one("#prompt", Prompt).ask(
                "value", f" {field.title} ", field.value, field.hint, field.problem, field.choices
            )

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Put what was typed."""
        self.form.put(event.value)

    def action_take(self) -> None:
        """Close with the request."""
        try:
            self.dismiss(request_of(self.form.values))
        except UserError as error:
            self.query_one("#status", Line).show([(f" {error}", "error")])

    def action_leave(self) -> None:
        """Close without one."""
        self.dismiss(None)


def _fields(present: list[str], active: str) -> list[Field]:
    every = ",".join(present)
    choices = tuple(dict.fromkeys([active or every, *present, every]))
    return [
        Field("preset", "preset", "default", PRESETS, hint="how long it may take"),
        Field(
            "family", "model family", "dense", FAMILIES, hint="dense scores every frame; conv1d is Studio's"
        ),
        Field("models", "number of models", "", (), 1, 1, 16, start=4, hint="empty: as the preset says"),
        Field("size", "size", "", ("", *SIZES), hint="empty: as the preset says"),
        Field(
            "optimization",
            "optimisation",
            "balanced",
            ("accuracy", "balanced", "speed"),
            hint="of conv1d and conv1dlstm",
        ),
        Field("flavor", "flavor", "smallkern", ("smallkern", "largekern"), hint="of conv1d and conv1dlstm"),
        Field("learning_rate", "learning rate", "", ("", *LEVELS), hint="empty: mid"),
        Field("regularization", "regularisation", "", ("", *LEVELS), hint="empty: low"),
        Field("epochs", "epochs", "", (), 10, 1, 10000, start=20, hint="most; it stops early"),
        Field("batch_size", "batch size", "", (), 2, 1, 4096, geometric=True, start=16),
        Field("patience", "patience", "", (), 5, 1, 10000, start=20, hint="epochs without getting better"),
        Field(
            "classes",
            "classes",
            choices[0] if choices else "",
            choices,
            hint="events of others are background",
        ),
        Field(
            "unconfirmed", "unconfirmed labels", "ignore", ("ignore", "train"), hint="those nobody confirmed"
        ),
        Field(
            "rest", "unlabelled rest", "background", ("background", "ignore"), hint="behind the last label"
        ),
        Field("append", "append models", "no", ("no", "yes"), hint="behind the list, not in its place"),
        Field("seed", "seed", "0", (), 1, 0, 10**6, hint="the same seed gives the same models"),
    ]


def request_of(values: dict[str, str]) -> TrainingRequest:
    """What the form's values ask for. Raises UserError when no class can be learnt."""
    classes = tuple(c for c in values["classes"].split(",") if c)
    if not classes:
        raise UserError("Train has no labels yet: label some events and put their sessions in Train first.")
    options: dict[str, object] = {}
    for name in ("size", "optimization", "flavor", "learning_rate", "regularization"):
        if values[name]:
            options[name] = values[name]
    for name in ("batch_size", "patience"):
        if values[name]:
            options[name] = int(float(values[name]))
    if values["append"] == "yes":
        options["append"] = True
    return TrainingRequest(
        description=", ".join(f"{k} {printable(str(v))}" for k, v in options.items()),
        preset=values["preset"],
        family=values["family"],
        models=int(float(values["models"])) if values["models"] else None,
        classes=classes,
        epochs=int(float(values["epochs"])) if values["epochs"] else None,
        seed=int(float(values["seed"] or 0)),
        unconfirmed=values["unconfirmed"] == "train",
        ignore_rest=values["rest"] == "ignore",
        options=options,
    )
