"""The prompt edits, checks, completes and takes a paste."""

from __future__ import annotations

from typing import Any

from labelloop.widgets.list_table import Column, ListTable
from labelloop.widgets.prompt import Prompt

COLUMNS = [
    Column("name", "session", 12, flexible=True),
    Column("set", "set", 6),
    Column("rate", "rate", 7, "right", rank=2),
    Column("length", "length", 8, "right", rank=1),
]


def cells(index: int) -> list[tuple[str, str]]:
    names = ["down_00", "走る\x1b[2J[red]x[/red]", "up_02"]
    return [(names[index % 3], ""), ("Train", ""), ("52 Hz", ""), ("2:04.1", "")]


async def test_prompt_edits_checks_and_completes(widget_app: Any) -> None:
    app = widget_app(lambda: [ListTable(), Prompt()])
    heard: list[tuple[str, str, str]] = []

    def listen(message: object) -> None:
        if isinstance(message, (Prompt.Submitted, Prompt.Changed)):
            heard.append((type(message).__name__, message.purpose, message.value))
        elif isinstance(message, Prompt.Cancelled):
            heard.append(("Cancelled", message.purpose, ""))

    async with app.run_test(size=(60, 8), message_hook=listen) as pilot:
        prompt, table = app.screen.query_one(Prompt), app.screen.query_one(ListTable)
        table.show(3, cells, COLUMNS)
        app.screen.set_focus(table)
        prompt.ask("time", "go to", check=lambda v: None if v.isdigit() else "not a time", hint="seconds")
        await pilot.pause()
        assert app.shown()[7].rstrip() == " go to:    seconds"
        await pilot.press("1", "x", "j")
        assert "not a time" in app.shown()[7]
        await pilot.press("enter")
        assert prompt.asking
        await pilot.press("backspace", "backspace", "2", "left", "3", "enter")
        await pilot.pause()
        assert ("Submitted", "time", "132") in heard
        assert not prompt.asking
        assert app.focused is table
        assert table.cursor == 0
        prompt.ask("class", "class", choices=["down", "up", "updown"])
        await pilot.press("u", "p", "tab")
        assert prompt.value == "updown"
        await pilot.press("ctrl+u", "escape")
        assert heard[-1] == ("Cancelled", "class", "")


async def test_prompt_takes_a_paste_as_one_line(widget_app: Any) -> None:
    from textual import events

    app = widget_app(lambda: [Prompt()])
    async with app.run_test(size=(60, 3)) as pilot:
        prompt = app.screen.query_one(Prompt)
        prompt.ask("x", "x")
        await pilot.pause()
        app.post_message(events.Paste("a\nb\x1b[31m"))
        await pilot.pause()
        assert prompt.value == "a b␛[31m"


async def test_a_choice_takes_single_keys_and_shows_them_all(widget_app: Any) -> None:
    app = widget_app(lambda: [Prompt()])
    taken: list[str] = []
    async with app.run_test(size=(80, 3)) as pilot:
        prompt = app.screen.query_one(Prompt)
        answers = {"m": "keep mine", "t": "theirs with my edits"}
        prompt.choose("x", "a name " * 20, answers, lambda done: taken.append(done.value))
        await pilot.pause()
        assert " m keep mine  t theirs with my edits  esc later" in "".join(app.shown())
        await pilot.press("q", "enter", "M")
        assert (prompt.asking, taken) == (True, [])
        await pilot.press("t")
        assert (prompt.asking, taken) == (False, ["t"])
        prompt.choose("x", "again", answers, lambda done: taken.append(done.value))
        await pilot.press("escape")
        assert (prompt.asking, taken) == (False, ["t"])
        prompt.ask("y", "a text")
        await pilot.press("m")
        assert prompt.value == "m"


async def test_keys_on_their_way_do_not_answer_a_choice(widget_app: Any) -> None:
    app = widget_app(lambda: [Prompt()])
    taken: list[str] = []
    async with app.run_test(size=(80, 3)) as pilot:
        prompt = app.screen.query_one(Prompt)
        prompt.choose("x", "x", {"m": "mine"}, lambda done: taken.append(done.value), patience_s=60)
        await pilot.press("m", "escape")
        assert (prompt.asking, taken) == (True, [])
