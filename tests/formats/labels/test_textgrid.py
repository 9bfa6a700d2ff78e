"""Praat's TextGrid."""

from __future__ import annotations

import pytest

from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.formats.labels.textgrid import read, write
from labelloop.project.labels import Label
from tests.formats.labels.made import labels_of, refusal

SHORT = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n5\n<exists>\n1\n"IntervalTier"\n"w"\n0\n5\n2\n'
)
TEXT = SHORT + '0\n2\n""\n2\n5\n"say ""a"""\n'


def test_the_short_form_with_doubled_quotes() -> None:
    assert [(x.start, x.end, x.name) for x in labels_of("praat", TEXT)] == [(2, 5, 'say "a"')]


def test_utf16_is_read() -> None:
    (part,) = read(TEXT.encode("utf-16"), "f")
    assert part.labels[0].name == 'say "a"'


def test_remarks_are_passed_over() -> None:
    assert labels_of("praat", "! a remark\n" + TEXT)[0].name == 'say "a"'


def test_overlaps_stand_in_tiers_of_their_own() -> None:
    found = (Label(0, 2, "a"), Label(1, 2, "b"), Label(2, 1, "a"))
    data = write([SessionLabels("s", found, "label", 0, 4)])
    assert data.count(b"IntervalTier") == 2
    assert b'name = "label 2"' in data


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SHORT, "it was cut off"),
        ("hello", "it was cut off"),
        (SHORT.replace('"IntervalTier"', '"Odd"'), "line 8: 'Odd' is no kind of tier"),
        (SHORT + '0\n"x"\n', "line 14: '\"x\"' stands where end is expected"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(text: str, says: str) -> None:
    assert says in refusal("praat", text)
