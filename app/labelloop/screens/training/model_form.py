"""A form for the values of models: of the Model Wizard, or of one model of the list."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual.app import ComposeResult

from labelloop.commands.command import Group
from labelloop.project.changes import Touched
from labelloop.rendering.cells import Row
from labelloop.screens.shared.host import Host
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.widgets.form import Field, Form
from labelloop.widgets.rows import RowsView


class FormSubject(Protocol):
    """What a form is about."""

    reset: str  # what is said when all values are as at the start

    def header(self) -> Row:
        """What the form is, for the header."""
        ...

    def start_fields(self, host: Host) -> list[Field]:
        """The fields with the values that the form starts with."""
        ...

    def take(self, screen: ProjectScreen, values: dict[str, str]) -> None:
        """Close the form and hand the values on. Raises UserError when they make no sense."""
        ...


class ModelFormScreen(ProjectScreen):
    """A form; enter takes it, escape leaves everything as it was."""

    GROUP: ClassVar[Group] = Group.FACTORY

    def __init__(self, subject: FormSubject) -> None:
        super().__init__()
        self.subject = subject

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

    def header(self) -> tuple[Row, Row]:
        """What this is."""
        return self.subject.header(), []

    def first_show(self) -> None:
        """Show what the form starts with."""
        self.form.show(self.subject.start_fields(self.host))
        self.refresh_bars()

    def show_change(self, touched: Touched) -> None:
        """What was typed stays."""
        self.refresh_bars()

    def on_form_moved(self, _: Form.Moved) -> None:
        """The remark about the field in full."""
        field = self.form.current
        self.report(f"{field.title}: {field.hint}" if field else "", "dim")

    def less(self, _: str) -> None:
        """The field's value a step down."""
        self.form.step(-1)

    def more(self, _: str) -> None:
        """The field's value a step up."""
        self.form.step(1)

    def type_value(self, _: str) -> None:
        """Ask for the field's value."""
        field = self.form.current
        if field is not None:
            title = f" {field.title}"
            self.ask("value", title, self.form.put, field.value, field.hint, field.problem, field.choices)

    def defaults(self, _: str) -> None:
        """All values as at the start."""
        self.form.show(self.subject.start_fields(self.host))
        self.report(self.subject.reset)

    def take(self, _: str) -> None:
        """Close and hand the values on."""
        self.subject.take(self, self.form.values)

    ACTIONS: ClassVar[Commands] = {
        "factory.less": less,
        "factory.more": more,
        "factory.type": type_value,
        "factory.defaults": defaults,
        "factory.take": take,
    }
