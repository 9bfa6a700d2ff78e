"""The Model Wizard: what the next training job makes, with defaults that will do."""

from __future__ import annotations

from collections.abc import Callable

from labelloop.contract.recipes import PRESETS
from labelloop.errors import UserError, printable
from labelloop.rendering.cells import Row
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.screens.training.model_form import ModelFormScreen
from labelloop.services.training.jobs import classes_in_train
from labelloop.services.training.model_list import is_usual, kept_values
from labelloop.services.training.request import TrainingRequest
from labelloop.widgets.form import Field

FAMILIES = ("dense", "Conv1D", "Conv1DLSTM")
SIZES = ("Small", "Medium", "Large")
LEVELS = ("Low", "Mid", "High")
WORDS = ("size", "optimization", "flavor", "classifier", "learning_rate", "regularization")
ALL = "(all of Train)"
STUDIOS = ("optimization", "flavor", "classifier")  # said of Studio's families alone
OURS = "of Conv1D and Conv1DLSTM"


class ModelWizard:
    """What the form of the Model Wizard is about; ``then`` gets what it asks for."""

    reset = "All values are the defaults again."

    def __init__(self, then: Callable[[TrainingRequest], None]) -> None:
        self._then = then

    def header(self) -> Row:
        """What this is."""
        return [(" Model Wizard   ", "title"), ("what is trained; the defaults will do", "dim")]

    def start_fields(self, host: Host) -> list[Field]:
        """The usual values, and those of Studio's families that the project keeps."""
        present = classes_in_train(host.project)
        active = host.active_class if host.active_class in present else ""
        return _fields(present, active, kept_values(host.project))

    def take(self, screen: ProjectScreen, values: dict[str, str]) -> None:
        """Close and hand the request on. Raises UserError when no class can be learnt."""
        request = request_of(values, classes_in_train(screen.host.project))
        screen.close()
        self._then(request)


def wizard_screen(then: Callable[[TrainingRequest], None]) -> ModelFormScreen:
    """The Model Wizard; ``then`` gets what it asks for."""
    return ModelFormScreen(ModelWizard(then))


def _fields(present: list[str], active: str, kept: dict[str, str]) -> list[Field]:
    """The wizard's questions; ``kept`` are the values of Studio's families that the project file has."""
    choices = tuple(dict.fromkeys([active or ALL, *present, ALL]))
    keys = ("epochs", "batch_size", "patience", "learning_rate")
    epochs, batch, patience, rate = (kept.get(key) for key in keys)
    return [
        Field("preset", "preset", "default", PRESETS, hint="how long it may take"),
        Field("family", "model family", "dense", FAMILIES, hint="dense, or one of Studio's"),
        Field("models", "number of models", "", (), 1, 1, 16, start=4, hint="empty: as the preset says"),
        Field("size", "size", "", ("", *SIZES), hint="empty: the preset's, or Medium"),
        _studio("optimization", "optimization", ("Accuracy", "Balanced", "Speed"), "Balanced", kept),
        _studio("flavor", "flavor", ("SmallKern", "LargeKern"), "SmallKern", kept),
        _studio("classifier", "classifier", ("GlobalAveragePool", "Dense"), "GlobalAveragePool", kept),
        _studio("pooling", "pooling", ("True", "False"), "True", kept),
        _studio("downscale", "downscale", ("False", "True"), "False", kept),
        Field("learning_rate", "learn rate", "", ("", *LEVELS), hint=_empty("Mid", rate)),
        Field(
            "regularization",
            "regularization",
            "",
            ("", *LEVELS),
            hint=_empty("Low", kept.get("regularization")),
        ),
        Field("epochs", "epochs", "", (), 10, 1, 10000, start=20, hint=_empty("preset's", epochs)),
        Field("batch_size", "batch size", "", (), 2, 1, 4096, geometric=True, start=16,
              hint=_empty("8; Conv1D: by windows", batch)),
        Field("patience", "patience", "", (), 5, 1, 10000, start=20, hint=_empty("20 epochs", patience)),
        Field("classes", "classes", choices[0], choices,
              hint="events of others are background"),
        Field("unconfirmed", "unconfirmed labels", "ignore", ("ignore", "train"),
              hint="those nobody confirmed"),
        Field("rest", "unlabelled rest", "background", ("background", "ignore"),
              hint="behind the last label"),
        Field("channels", "channels", "by name", ("by name", "by position"), hint="how they are matched"),
        Field("rates", "other rates", "refuse", ("refuse", "resample"), hint="sessions of another rate"),
        Field("append", "append models", "no", ("no", "yes"), hint="yes: behind the list"),
        Field("seed", "seed", "0", (), 1, 0, 10**6, hint="same seed, same models"),
    ]  # fmt: skip


def _studio(key: str, title: str, choices: tuple[str, ...], usual: str, kept: dict[str, str]) -> Field:
    """A choice of Studio's families, as the project file has it."""
    value = next((c for c in choices if c.lower() == kept.get(key)), usual)
    return Field(key, title, value, choices, hint=OURS)


def _empty(usual: str, kept: str | None) -> str:
    """What an empty value stands for; ``kept`` is the project file's for Studio's families."""
    return f"empty: {usual.partition(';')[0]}; Conv1D: {kept}" if kept else f"empty: {usual}"


def request_of(values: dict[str, str], present: list[str]) -> TrainingRequest:
    """What the form's values ask for. Raises UserError when no class can be learnt."""
    chosen = values["classes"]
    classes = tuple(present) if chosen == ALL else (chosen,)
    if not classes:
        raise UserError("Train has no labels yet: label some events and put their sessions in Train first.")
    options: dict[str, object] = {}
    windowed = values["family"] != FAMILIES[0]
    for name in WORDS:
        if values[name] and (windowed or name not in STUDIOS):
            options[name] = values[name].lower()
    if windowed:
        options |= {name: values[name] == "True" for name in ("pooling", "downscale")}
    for name in ("batch_size", "patience"):
        if values[name]:
            options[name] = int(float(values[name]))
    if values["append"] == "yes":
        options["append"] = True
    return TrainingRequest(
        description=", ".join(f"{k} {printable(str(v))}" for k, v in options.items() if not is_usual(k, v)),
        preset=values["preset"],
        family=values["family"].lower(),
        models=int(float(values["models"])) if values["models"] else None,
        classes=classes,
        epochs=int(float(values["epochs"])) if values["epochs"] else None,
        seed=int(float(values["seed"] or 0)),
        unconfirmed=values["unconfirmed"] == "train",
        ignore_rest=values["rest"] == "ignore",
        resample=values["rates"] == "resample",
        by_position=values["channels"] == "by position",
        options=options,
    )
