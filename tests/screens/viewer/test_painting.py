"""What the viewer says of a label."""

from __future__ import annotations

import pytest

from labelloop.project.labels import Label
from labelloop.screens.viewer.painting import origin_text


@pytest.mark.parametrize(
    ("origin", "confirmed", "said"),
    [
        ("", True, "by hand, confirmed"),
        ("run:g1", False, "by a model, 60 %, not confirmed"),
        ("track:two", True, "from track two, confirmed"),
        ("import:a.csv", True, "from a.csv, confirmed"),
    ],
)
def test_a_label_says_where_it_came_from(origin: str, confirmed: bool, said: str) -> None:
    assert origin_text(Label(3.0, 1.0, "down", 0.6, "", origin, confirmed)) == said


def test_an_origin_with_an_escape_sequence_is_inert() -> None:
    assert "\x1b" not in origin_text(Label(3.0, 1.0, "down", 1.0, "", "import:\x1b[31m", True))
