"""Whoever undoes everything has the file as it was, whatever form it had."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.first_text import KEY, original_of, packed
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.made_project import make_project

HEADER = "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n"
FORMS = {
    "unsorted": HEADER + "3,1,up,1,\n1,1,down,1,\n",
    "headerless": "1,1,up,1,\n3,1,down,1,\n",
    "blank lines": HEADER + "1,1,up,1,\n\n\n3,1,down,1,\n\n",
    "other numbers": HEADER + "1.0000,1.00,up,1.0,\n3e0,1,down,1,\n",
    "no last line feed": HEADER + "1,1,up,1,",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("restart", [True, False])
def test_undo_brings_back_the_bytes(tmp_path: Path, form: str, restart: bool) -> None:
    project = make_project(tmp_path / "p", 1)
    path = next(project.parent.rglob("label.label"))
    path.write_text(FORMS[form])
    before = path.read_bytes()
    store = open_project(project, "test")
    session = next(store.project.sessions())
    held = tuple(store.project.track(session.id))
    moved = tuple(Label(x.start + 0.5, x.length, x.name) for x in held)
    store.editor.apply(EditLabels(session.id, "label", held, moved))
    assert Saver(store).save().problems == []
    assert path.read_bytes() != before
    if restart:
        store.close()
        store = open_project(project, "test")
    store.editor.undo()
    assert Saver(store).save().problems == []
    store.close()
    assert path.read_bytes() == before


def test_other_labels_are_not_those_of_the_first_version() -> None:
    label = Label(1, 1, "up")
    extra = {KEY: packed((HEADER + "1,1,up,1,\n").encode())}
    assert original_of(extra, [label], 1) == (HEADER + "1,1,up,1,\n").encode()
    assert original_of(extra, [Label(1, 1, "up", comment="mine")], 1) is None
    assert original_of(extra, [], 0) is None
    assert original_of({}, [label], 1) is None


@pytest.mark.parametrize("text", ["", "no base85 ✗", "0000000000", 3])
def test_a_damaged_note_is_none(text: object) -> None:
    assert original_of({KEY: text}, [Label(1, 1, "up")], 1) is None


def test_long_files_are_not_kept() -> None:
    assert packed(b"x" * (1 << 19)) == ""
    assert packed(None) == ""
