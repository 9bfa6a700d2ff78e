"""The classes of a project: names, keys, colours, weights, order."""

from __future__ import annotations

from textual.keys import _character_to_key

from labelloop.app import LabelloopApp
from labelloop.project.classes import ClassLook
from labelloop.services.labels.classes import looks_of
from labelloop.widgets.prompt import Prompt
from labelloop.widgets.rows import Line
from tests.screens.conftest import Driven


def typed(text: str) -> list[str]:
    """The keys that type a text."""
    return [_character_to_key(char) for char in text]


def _said(app: LabelloopApp) -> str:
    return app.screen.query_one("#status", Line).text


async def test_a_class_is_renamed_in_list_and_labels(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "r", "ctrl+u", *"fall", "enter")
        assert app.project.class_names == ["fall", "up"]
        session = next(app.project.sessions())
        assert {label.name for label in app.project.track(session.id)} == {"fall"}
        await press("z")
        assert app.project.class_names == ["down", "up"]
        assert {label.name for label in app.project.track(session.id)} == {"down"}


async def test_a_class_gets_a_key_a_colour_a_weight_and_a_place(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "down", "K", "1", "enter")
        looks = looks_of(app.project.state.looks, app.project.class_names)
        assert [(name, looks[name].key) for name in app.project.class_names] == [("down", "2"), ("up", "1")]
        await press("c", *"red", "enter")
        assert app.project.state.looks["up"] == ClassLook("1", 4)
        await press("c", "ctrl+u", *"pink", "enter")
        assert "no colour 'pink'" in _said(app)
        await press("w", "ctrl+u", "3", "enter")
        assert app.project.classes[1].weight == 3
        await press("U")
        assert app.project.class_names == ["up", "down"]
        await press("z", "z", "z", "z")
        assert app.project.class_names == ["down", "up"]
        assert not app.project.state.looks


async def test_a_letter_as_key_acts_where_no_command_has_it(driven: Driven) -> None:
    async with driven() as (app, press):
        await press("c", "down", "K", "z", "enter")
        assert "z is taken by Undo" in app.screen.query_one("#prompt", Prompt).text
        await press("ctrl+u", "Y", "enter", "q", "Y")
        assert app.active_class == "up"
        assert "up (Y)" in app.screen.query_one("#header", Line).text
        await press("enter", "n", "Y", "q")
        assert any(x.name == "up" for x in app.project.track(next(app.project.sessions()).id))


async def test_a_class_is_deleted_and_its_labels_do_as_asked(driven: Driven) -> None:
    async with driven() as (app, press):

        def names() -> set[str]:
            return {x.name for x in app.project.track(next(app.project.sessions()).id)}

        await press("c", "x", "ctrl+u", *typed("into up"), "enter")
        assert (app.project.class_names, names()) == (["up"], {"up"})
        await press("z")
        assert (app.project.class_names, names()) == (["down", "up"], {"down"})
        await press("x", "ctrl+u", *"labels", "enter")
        assert (app.project.class_names, names()) == (["up"], set())
        await press("z", "home", "x", "enter")
        assert (app.project.class_names, names()) == (["up"], {"down"})
        await press("z", "x", "ctrl+u", *"perhaps", "enter")
        assert "Answer 'keep'" in _said(app)
        assert app.project.class_names == ["down", "up"]
