"""The part of the training screen before a job starts: model list, wizard, windows, name."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from labelloop.errors import printable
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.training.looked import Looked
from labelloop.services.training.jobs import classes_in_train, default_name, notes_before, start_training
from labelloop.services.training.model_list import generate_list
from labelloop.services.training.models import find_model, model_info
from labelloop.services.training.request import TrainingRequest

BEHIND = ";"  # what stands behind it in the name of a job is its description


class Plan(Part):
    """What is to be trained."""

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        self.screen = looked.screen
        self.host = looked.host

    def new_job(self, _: str) -> None:
        """Ask for a name, then start with the defaults."""
        classes = [self.host.active_class] if self.host.active_class else []
        present = classes_in_train(self.host.project)
        classes = [c for c in classes if c in present] or present
        self._ask_name(TrainingRequest(classes=tuple(classes)))

    def _ask_name(self, request: TrainingRequest) -> None:
        notes = notes_before(self.host.store, request)
        names = ", ".join(printable(c) for c in request.classes) or "no class yet"
        usual = default_name(self.host.store, request, request.classes).replace(BEHIND, ",")
        value = f"{usual}{BEHIND} {request.description}" if request.description else usual

        def named(text: str) -> None:
            name, _, description = (part.strip() for part in text.partition(BEHIND))
            self._start(replace(request, name=name or usual, description=description))

        if notes:
            self.screen.report(" ".join(notes))
        hint = f"behind a {BEHIND} what is tried; learns {names}"
        self.screen.ask("name", " name of the job", named, value, hint)

    def _start(self, request: TrainingRequest) -> None:
        start_training(self.host.store, request)
        self.looked.look_at(-1)
        self.screen.report("It goes on when this terminal closes; any other one can attach to it.")

    def open_wizard(self, _: str) -> None:
        """Open the Model Wizard."""
        self.screen.app.push_screen(
            routes.screen("model_wizard", lambda request: self.screen.guarded(lambda: self._put_list(request)))
        )

    def _put_list(self, request: TrainingRequest) -> None:
        """The wizard's list becomes the project's, then a job with it is offered."""
        append = bool(request.options.get("append"))
        options = {k: v for k, v in request.options.items() if k != "append"}
        generate_list(self.host.store, replace(request, options=options), append)
        self._ask_name(replace(request, family=None, models=None, epochs=None, options={}, own_list=True))

    def open_models(self, _: str) -> None:
        """Open the model list."""
        self.screen.app.push_screen(routes.screen("model_list"))

    def open_windows(self, _: str) -> None:
        """Open the settings of windows."""
        self.screen.app.push_screen(routes.screen("windows"))

    def learning_curve(self, _: str) -> None:
        """A job that trains on parts of the labels and says what more of them would bring."""
        classes = tuple(classes_in_train(self.host.project))
        self._start(TrainingRequest(classes=classes, curve=True))

    def continue_model(self, _: str) -> None:
        """A job that goes on from the model under the cursor, with its classes."""
        start = self.looked.model_here()
        present = classes_in_train(self.host.project)
        known = model_info(find_model(self.host.store, start)).classes
        classes = known if set(known) <= set(present) else present
        self._ask_name(TrainingRequest(classes=tuple(classes), start=start))

    COMMANDS: ClassVar[Commands] = {
        "training.new": new_job,
        "training.wizard": open_wizard,
        "training.models": open_models,
        "training.windows": open_windows,
        "training.curve": learning_curve,
        "training.continue": continue_model,
    }
