"""Numbers, times and names fit their columns and hold nothing that acts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labelloop.rendering.format import cell_width, clock, fit, number, shorten, span


@given(st.text(max_size=40), st.integers(0, 30), st.sampled_from(["left", "right", "centre"]))
def test_fit_is_exact_and_printable(text: str, width: int, align: str) -> None:
    fitted_text = fit(text, width, align)
    assert cell_width(fitted_text) == width
    assert fitted_text.isprintable()


def test_hostile_names_are_shown_as_text() -> None:
    assert shorten("\x1b[2J[b]走る[/b]\n", 40) == "␛[2J[b]走る[/b]␊"
    assert fit("走る走る", 5) == "走る…"
    assert fit("走る走る", 6) == "走る… "


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_numbers_of_any_size(value: float) -> None:
    assert number(value)
    assert len(number(value)) <= 12
    assert clock(value, 1)
    assert span(value)
