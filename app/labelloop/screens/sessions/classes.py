"""The list of classes: add, rename everywhere, delete, order, key, colour, weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from labelloop.commands.command import Group
from labelloop.commands.keymap import free_keys, key_clash
from labelloop.errors import UserError, printable
from labelloop.project.changes import Touched
from labelloop.project.editor import Applied
from labelloop.rendering.format import plural
from labelloop.screens.sessions.summary import events_per_class
from labelloop.screens.shared.parts import Commands
from labelloop.screens.shared.project_screen import ProjectScreen
from labelloop.services.labels import classes as service
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.widgets.list_table import Cell, Column, ListTable
from labelloop.widgets.rows import RowsView

COLUMNS = (
    Column("class", "class", 16, flexible=True),
    Column("key", "key", 4),
    Column("letter", "letter", 6),
    Column("colour", "colour", 15),
    Column("weight", "weight", 7, "right"),
    Column("labels", "labels", 8, "right"),
)


class ClassesScreen(ProjectScreen):
    """A row a class; each key changes one thing of the class under the cursor."""

    GROUP: ClassVar[Group] = Group.CLASSES

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield ListTable(id="classes", empty="no classes yet: a adds one")

    @property
    def table(self) -> ListTable:
        """The list."""
        return self.query_one("#classes", ListTable)

    def body_focus(self) -> RowsView | None:
        """The list takes the arrow keys."""
        return self.table

    @property
    def names(self) -> list[str]:
        """The classes in their order."""
        return self.host.project.class_names

    @property
    def name_here(self) -> str:
        """The class under the cursor."""
        return self.names[self.table.cursor] if self.table.cursor < len(self.names) else ""

    def first_show(self) -> None:
        """Show the classes; where there is none, ask for the first."""
        self.refresh_all()
        if active := self.host.active_class:
            self.table.go(self.names.index(active))
        if not self.names and not self.host.store.read_only:
            self.new_class("")

    def refresh_all(self) -> None:
        """The list anew."""
        signs, events = ClassSigns(self.host.project), events_per_class(self.host.store)
        rows = [
            self._cells(c.name, c.weight, signs, events.get(c.name, {})) for c in self.host.project.classes
        ]
        self.table.show(len(rows), rows.__getitem__, COLUMNS)
        self.refresh_bars()

    def _cells(self, name: str, weight: float, signs: ClassSigns, events: dict[str, int]) -> Sequence[Cell]:
        sign = signs.of(name)
        number = int(sign.style.rpartition(".")[2]) % len(service.COLOURS)
        active = "  active" if name == self.host.active_class else ""
        return (
            (printable(name) + active, sign.style),
            (sign.key or "–", "key"),
            (sign.letter, sign.style),
            (service.COLOURS[number], sign.style),
            (f"{weight:g}", ""),
            (str(sum(events.values())), ""),
        )

    def _done(self, applied: Applied | None, otherwise: str = "Nothing changed.") -> None:
        self.host.forget_step()
        self.refresh_all()
        self.report(applied.title if applied else otherwise)

    def choose_class(self, key: str) -> None:
        """Work on the class under the cursor, and go back."""
        self.host.view.active_class = self.name_here
        self.host.changed(Touched(classes=True))
        self.back(key)

    def new_class(self, _: str) -> None:
        """Ask for the name of a new class."""

        def add(text: str) -> None:
            if not text.strip():
                return
            applied = service.add(self.host.store, text.strip())
            if len(self.names) == 1:
                self.host.view.active_class = self.names[0]
            self._done(applied)
            self.table.go(len(self.names) - 1)

        self.ask("add class", " new class", add, "", "the kind of event, e.g. down")

    def rename_class(self, _: str) -> None:
        """Ask for another name."""
        name = self.name_here
        self._ask_about("rename", name, "in the list and in every label; one undo", service.rename)

    def ask_key(self, _: str) -> None:
        """Ask for the key."""

        def check(text: str) -> str | None:
            clash = key_clash(text.strip(), self.host.keymap) if text.strip() else ""
            return f"{text.strip()} is taken by {clash}: use a digit or another key" if clash else None

        hint = f"1 to 9 or one of {free_keys(self.host.keymap)}; empty: the next free digit"
        look = self.host.project.state.looks.get(self.name_here)
        self._ask_about("key", look.key if look else "", hint, service.set_key, check)

    def ask_colour(self, _: str) -> None:
        """Ask for the colour."""
        hint = f"tab: {', '.join(service.COLOURS)}"
        self._ask_about("colour", "", hint, service.set_colour, None, service.COLOURS)

    def ask_weight(self, _: str) -> None:
        """Ask for the weight."""
        now = next((c.weight for c in self.host.project.classes if c.name == self.name_here), 1.0)
        self._ask_about("weight", f"{now:g}", "1 is usual; 2 counts twice in training", service.set_weight)

    def _ask_about(
        self,
        what: str,
        value: str,
        hint: str,
        change: Callable[..., Applied],
        check: Callable[[str], str | None] | None = None,
        choices: Sequence[str] = (),
    ) -> None:
        name = self.name_here

        def then(text: str) -> None:
            self._done(change(self.host.store, name, text.strip()))

        self.ask(what, f" {what} of {printable(name)}", then, value, hint, check, choices)

    def delete_class(self, _: str) -> None:
        """Ask what its labels become; without labels ask whether at all."""
        name, store = self.name_here, self.host.store
        count = service.labels_of(store, name)

        def delete(answer: str) -> None:
            answer = answer.strip()
            if not count and answer.lower() not in ("y", "yes"):
                self.report("Nothing was deleted.")
                return
            self._done(service.delete(store, name, answer if count else "keep"))

        if not count:
            self.ask("delete", f" delete {printable(name)}? y/n", delete, "", "it has no labels")
            return
        choices = ["keep", "labels", *(f"into {n}" for n in self.names if n != name)]
        title = f" delete {printable(name)}; its {plural(count, 'label')}"
        self.ask("delete", title, delete, "keep", f"tab: {', '.join(choices)}; one undo", None, choices)

    def move_up(self, _: str) -> None:
        """Before the class above."""
        self._move(-1)

    def move_down(self, _: str) -> None:
        """Behind the class below."""
        self._move(1)

    def _move(self, by: int) -> None:
        name = self.name_here
        if not name:
            raise UserError("There is no class to move.")
        self._done(service.move(self.host.store, name, by), "It is at the end of the list.")
        self.table.go(self.names.index(name))

    ACTIONS: ClassVar[Commands] = {
        "classes.choose": choose_class,
        "classes.add": new_class,
        "classes.rename": rename_class,
        "classes.key": ask_key,
        "classes.colour": ask_colour,
        "classes.weight": ask_weight,
        "classes.delete": delete_class,
        "classes.up": move_up,
        "classes.down": move_down,
    }
