"""Forms: values that are walked through, stepped, typed, refused."""

from __future__ import annotations

import pytest

from labelloop.widgets.form import Field, Form
from tests.widgets.conftest import WidgetApp

SIZES = Field("size", "Size", "small", choices=("small", "medium", "large"))
EPOCHS = Field("epochs", "Epochs", "10", step=5, least=1, most=20)
RATE = Field("rate", "Rate", "", step=2, geometric=True, start=0.5, least=0.1, most=4, unit="Hz")


@pytest.mark.parametrize(
    ("field", "by", "value"),
    [
        (SIZES, 1, "medium"),
        (SIZES, -1, "large"),
        (EPOCHS, 1, "15"),
        (EPOCHS, 3, "20"),
        (EPOCHS, -3, "1"),
        (RATE, 1, "1"),
        (RATE, 9, "4"),
        (Field("name", "Name", "abc"), 1, "abc"),
    ],
)
def test_a_step_further(field: Field, by: int, value: str) -> None:
    assert field.moved(by).value == value


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        (SIZES, "large", None),
        (SIZES, "huge", "one of small, medium, large"),
        (EPOCHS, "20", None),
        (EPOCHS, "21", "a number from 1 to 20"),
        (EPOCHS, "ten", "a number"),
        (EPOCHS, "nan", "a number from 1 to 20"),
        (EPOCHS, "", None),
        (Field("name", "Name"), "anything", None),
    ],
)
def test_what_may_be_typed(field: Field, text: str, problem: str | None) -> None:
    assert field.problem(text) == problem


async def test_the_cursor_stays_in_the_form() -> None:
    form = Form()
    app = WidgetApp(lambda: [form])
    async with app.run_test(size=(60, 6)):
        form.show([SIZES, EPOCHS, RATE])
        form.action_move(-1)
        form.step(1)
        assert form.values["size"] == "medium"
        form.action_move(9)
        assert form.current is not None
        assert form.current.id == "rate"
        form.put("2")
        assert form.values == {"size": "medium", "epochs": "10", "rate": "2"}


async def test_an_empty_value_is_shown_as_the_default() -> None:
    form = Form()
    app = WidgetApp(lambda: [form])
    async with app.run_test(size=(60, 6)):
        form.show([EPOCHS, RATE])
        rows = ["".join(text for text, *_ in row) for row in form.make_rows(60, 6)]
        assert "default" in rows[1]
        form.show([EPOCHS])
        assert list(form.values) == ["epochs"]
