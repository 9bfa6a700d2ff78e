"""The cells of the session list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.project.session import Session
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.screens.sessions.rows import cells_of, columns_for, reordered
from labelloop.services.sessions.assign import assign
from labelloop.storage.store import ProjectStore


def _session(store: ProjectStore, path: str = "down/down_03") -> Session:
    return next(s for s in store.project.sessions() if s.path == path)


def _cells(store: ProjectStore, session: Session) -> dict[str, tuple[str, str]]:
    columns = columns_for(store, ())
    cells = cells_of(store, session, columns)
    return {c.id: (cell[0], cell[1]) for c, cell in zip(columns, cells, strict=True)}


@pytest.mark.parametrize(
    ("title", "before", "order"),
    [("c", "a", "cab"), ("a", "c", "bac"), ("a", "", "bca"), ("a", "a", "bca"), ("a", "x", "bca")],
)
def test_a_column_is_put_before_another(title: str, before: str, order: str) -> None:
    assert reordered(list("abc"), title, before) == list(order)


def test_columns_of_classes_stand_behind_the_fixed_ones(store: ProjectStore) -> None:
    ids = [c.id for c in columns_for(store, ())]
    assert ids[:5] == ["session", "set", "status", "rate", "length"]
    assert ids[5 : 5 + len(store.project.class_names)] == [f"class {n}" for n in store.project.class_names]


def test_hidden_columns_are_left_out_and_named_ones_come_first(store: ProjectStore) -> None:
    titles = [c.title for c in columns_for(store, ("rate", "set"), ("length", "status"))]
    assert titles[:3] == ["length", "status", "session"]
    assert not {"rate", "set"} & set(titles)


def test_a_cell_a_column(store: ProjectStore) -> None:
    session = _session(store)
    cells = _cells(store, session)
    assert cells["session"][0] == "down/down_03"
    assert cells["channels"][0] == str(session.shape[-1])
    assert cells["label_track"][0] == session.label_track


def test_set_lock_and_flag_share_a_cell(store: ProjectStore) -> None:
    session = _session(store)
    assign(store.editor, [session], "validation")
    edits = FieldEdit(session.id, False, True), FieldEdit(session.id, session.flag, "look")
    store.editor.apply(EditSessions("locked", edits[:1]))
    store.editor.apply(EditSessions("flag", edits[1:]))
    cells = _cells(store, store.project.session(session.id))
    assert cells["set"][0] == "Val…L!"
    assert cells["flag"] == ("look", "warn")


def test_what_is_not_known_is_a_dash(store: ProjectStore) -> None:
    bare = replace(_session(store), shape=(), rate_hz=0.0, totals=(), length_s=0.0)
    cells = _cells(store, bare)
    assert (cells["channels"][0], cells["rate"][0]) == ("–", "–")


def test_control_characters_of_a_flag_do_nothing(store: ProjectStore) -> None:
    bad = replace(_session(store), flag="a\x1b[31mb")
    assert "\x1b" not in _cells(store, bad)["flag"][0]
