"""What the Model Wizard and the form of one model share: fields, and the keys that change them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Group
from labelloop.project.changes import Touched
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.widgets.form import Field, Form
from labelloop.widgets.rows import RowsView


class ModelFormScreen(ProjectScreen):
    """A form; enter takes it, escape leaves everything as it was."""

    GROUP: ClassVar[Group] = Group.FACTORY
    RESET: ClassVar[str] = "All values are the defaults again."

    def compose_body(self) -> ComposeResult:
        """The form."""
        yield Form(id="form")

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one("#form", Form)

    def body_focus(self) -> RowsView | None:
        """The form takes the arrow keys."""
        return self.form

    def start_fields(self) -> list[Field]:
        """The fields with the values that the form starts with."""
        raise NotImplementedError

    def first_show(self) -> None:
        """Show what the wizard starts with."""
        self.form.show(self.start_fields())
        self.refresh_bars()

    def show_change(self, touched: Touched) -> None:
        """What was typed stays."""
        self.refresh_bars()

    def on_form_moved(self, _: Form.Moved) -> None:
        """The remark about the field in full."""
        field = self.form.current
        self.say(f"{field.title}: {field.hint}" if field else "", "dim")

    def do_factory_less(self, _: str) -> None:
        """The field's value a step down."""
        self.form.step(-1)

    def do_factory_more(self, _: str) -> None:
        """The field's value a step up."""
        self.form.step(1)

    def do_factory_type(self, _: str) -> None:
        """Ask for the field's value."""
        field = self.form.current
        if field is not None:
            self.ask(
                "value",
                f" {field.title}",
                self.form.put,
                field.value,
                field.hint,
                field.problem,
                field.choices,
            )

    def do_factory_defaults(self, _: str) -> None:
        """All values as they come."""
        self.form.show(self.start_fields())
        self.say(self.RESET)
