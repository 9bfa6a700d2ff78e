"""A question in one row, asked in place: the keys go to it until enter or escape."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.message import Message

from labelloop.errors import printable
from labelloop.rendering.cells import Row
from labelloop.rendering.format import cell_width, shorten
from labelloop.widgets.rows import RowsView


class Prompt(RowsView, can_focus=True):
    """A title, a line of text to edit, and a remark; hidden while nothing is asked.

    ``check`` says what is wrong with a text (or None) while it is typed; tab walks through ``choices`` that
    hold what was typed.
    """

    class Submitted(Message):
        """Enter was pressed on a text that passes the check."""

        def __init__(self, prompt: Prompt, purpose: str, value: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.purpose = purpose
            self.value = value

    class Changed(Message):
        """The text changed."""

        def __init__(self, prompt: Prompt, purpose: str, value: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.purpose = purpose
            self.value = value

    class Cancelled(Message):
        """Escape was pressed."""

        def __init__(self, prompt: Prompt, purpose: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.purpose = purpose

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id, classes="-hidden")
        self.purpose = ""
        self.value = ""
        self._title = ""
        self._place = 0
        self._hint = ""
        self._check: Callable[[str], str | None] = lambda _: None
        self._choices: Sequence[str] = ()
        self._typed: str | None = None
        self._before: object = None
        self._then: Callable[[Prompt.Submitted], None] | None = None
        self._answers: Mapping[str, str] = {}
        self._from = 0.0  # the moment from which keys answer

    def ask(
        self,
        purpose: str,
        title: str,
        value: str = "",
        hint: str = "",
        check: Callable[[str], str | None] | None = None,
        choices: Sequence[str] = (),
        then: Callable[[Submitted], None] | None = None,
    ) -> None:
        """Show the prompt and give it the keys; its messages carry ``purpose``.

        ``then`` is called with what was submitted instead of a message.
        """
        self._then, self._answers = then, {}
        self.purpose, self._title, self._hint = purpose, title, hint
        self.value, self._place = value, len(value)
        self._check = check or (lambda _: None)
        self._choices, self._typed = choices, None
        if not self.asking:
            self._before = self.screen.focused
        self.remove_class("-hidden")
        self.screen.set_focus(self)  # at once: focus() waits until other keys were dealt with
        self.redraw()

    def choose(
        self,
        purpose: str,
        title: str,
        answers: Mapping[str, str],
        then: Callable[[Submitted], None],
        patience_s: float = 0.0,
    ) -> None:
        """Ask for one of several answers, each a key with a word; escape leaves the question for later.

        Keys of the first ``patience_s`` seconds were meant for something else: nobody expected the question.
        """
        self.ask(purpose, title, then=then)
        self._answers, self._from = answers, time.monotonic() + patience_s
        self.redraw()

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return not self.has_class("-hidden")

    def close(self) -> None:
        """Hide the prompt and give the keys back."""
        self.add_class("-hidden")
        before = self._before
        self.screen.set_focus(before if isinstance(before, RowsView) and before.is_attached else None)

    def report(self, hint: str) -> None:
        """Change the remark at the right."""
        self._hint = hint
        self.redraw()

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """Title, text with a cursor, and what is wrong with it or the remark."""
        if self._answers:
            return [self._choice_row(width)]
        wrong = self._check(self.value) if self.value else None
        remark = (wrong, "warn") if wrong else (self._hint, "dim")
        title = f" {self._title}: "
        room = max(8, width - cell_width(title) - min(cell_width(remark[0]) + 2, width // 2))
        start = max(0, self._place - room + 1)
        text = self.value[start : start + room]
        at = self._place - start
        row: Row = [
            (title, "title"),
            (text[:at], ""),
            (text[at : at + 1] or " ", "cursor"),
            (text[at + 1 :], ""),
        ]
        used = cell_width(title) + cell_width(text) + (1 if at >= len(text) else 0)
        return [[*row, ("  ", ""), (shorten(remark[0], max(0, width - used - 3)), remark[1])]]

    def _choice_row(self, width: int) -> Row:
        """The answers in full, and as much of the title as there is room for."""
        row: Row = []
        for key, word in (*self._answers.items(), ("esc", "later")):
            row += [(f" {key}", "key"), (f" {word} ", "")]
        room = max(0, width - sum(cell_width(text) for text, _ in row) - 2)
        return [(f" {shorten(self._title, room)} ", "title"), *row]

    def take_key(self, event: events.Key) -> bool:
        """Edit the text; every key ends here."""
        if not self.asking:
            return False
        if self._answers and time.monotonic() < self._from:
            return True
        if self._answers and event.key != "escape":
            if event.key in self._answers:
                self.value = event.key
                self._submit()
        elif event.key == "enter":
            self._submit()
        elif event.key == "escape":
            purpose = self.purpose
            self.close()
            self.post_message(self.Cancelled(self, purpose))
        elif event.key == "tab":
            self._complete()
        elif edited := self._edited(event):
            self._set(*edited)
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, in one line."""
        event.stop()
        if self._answers:
            return
        text = printable(" ".join(event.text.split()))
        self._set(self.value[: self._place] + text + self.value[self._place :], self._place + len(text))

    def _submit(self) -> None:
        if self._check(self.value):
            self.redraw()
            return
        submitted = self.Submitted(self, self.purpose, self.value)
        then = self._then
        self.close()
        if then is None:
            self.post_message(submitted)
        else:
            then(submitted)  # at once: the next key may already be waiting

    def _edited(self, event: events.Key) -> tuple[str, int] | None:
        """The text and the cursor's place after a key, None for keys that do nothing."""
        text, at = self.value, self._place
        moves = {
            "left": at - 1,
            "right": at + 1,
            "home": 0,
            "end": len(text),
            "ctrl+a": 0,
            "ctrl+e": len(text),
        }
        if event.key in moves:
            return text, min(max(0, moves[event.key]), len(text))
        if event.key in ("backspace", "ctrl+h"):
            return text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        if event.key in ("delete", "ctrl+d"):
            return text[:at] + text[at + 1 :], at
        if event.key == "ctrl+u":
            return text[at:], 0
        if event.key == "ctrl+w":
            kept = text[:at].rstrip().rpartition(" ")
            head = kept[0] + kept[1]
            return head + text[at:], len(head)
        if event.character and event.is_printable:
            return text[:at] + event.character + text[at:], at + 1
        return None

    def _complete(self) -> None:
        """The next choice that holds what was typed."""
        typed = self._typed if self._typed is not None else self.value
        found = [c for c in self._choices if typed.lower() in c.lower()]
        if found:
            following = (found.index(self.value) + 1) % len(found) if self.value in found else 0
            self._set(found[following], len(found[following]))
            self._typed = typed

    def _set(self, value: str, place: int) -> None:
        changed = value != self.value
        self.value, self._place = value, place
        self._typed = None
        self.redraw()
        if changed:
            self.post_message(self.Changed(self, self.purpose, value))
