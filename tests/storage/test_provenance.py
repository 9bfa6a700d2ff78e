"""Where labels came from, kept beside their rows."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from labelloop.project.labels import Label
from labelloop.storage.provenance import records_of, with_records
from tests.project.made_up import labels


def plain(label: Label) -> Label:
    """The label as its row in the file has it."""
    return Label(label.start, label.length, label.name, label.confidence, label.comment)


@given(st.lists(labels, max_size=20))
def test_records_bring_back_what_rows_do_not_say(some: list[Label]) -> None:
    records = json.loads(json.dumps(records_of(some)))
    back = with_records([plain(x) for x in some], records)
    key = Label.key
    assert sorted(back, key=key) == sorted(some, key=key)


def test_a_row_without_a_record_is_a_users() -> None:
    label = Label(1, 1, "up", 0.0)
    assert records_of([label]) == []
    assert with_records([label], [[9, 9, "up", 1.0, "", "run:g1", False]]) == [label]
