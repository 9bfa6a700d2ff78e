"""What the files beside labels said is lost: the journal tells it, and what nothing tells is unconfirmed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.made_project import make_project

ROWS = ("1.50,0.5,up,1,", "4,1.25,down,0,a comment")
MODELS = Label(6.0, 1.0, "up", 0.75, "seen", origin="run:g1", confirmed=False)
MINE = Label(8.0, 1.0, "down")
THREE = "Time,Length,Label\n1.50,0.5,up\n"


def made_by_model(folder: Path, text: str = "") -> tuple[Path, Path]:
    """A project whose first session has labels of a user and one of a model, saved; and its side file."""
    file = make_project(folder, 1, ROWS)
    if text:
        next(folder.rglob("label.label")).write_text(text)
    store = open_project(file, "a test")
    session = next(store.project.sessions())
    store.editor.apply(EditLabels(session.id, "label", (), (MODELS, MINE)))
    assert not Saver(store).save().problems
    side = store.label_side(session.id, "label", folder / session.label_file)
    store.close()
    return file, side


def found(file: Path, write: bool = False) -> tuple[dict[float, tuple[str, bool]], list[str], int]:
    """Origin and state of the labels by their starts, the warnings, and how many wait unconfirmed."""
    store = open_project(file, "a test", write=write)
    session = next(store.project.sessions())
    waiting = store.unconfirmed(session)
    labels = {x.start: (x.origin, x.confirmed) for x in store.project.track(session.id)}
    if write:
        Saver(store).save()
    store.close()
    return labels, store.warnings, waiting


def zeroed(side: Path) -> None:
    side.write_bytes(bytes(side.stat().st_size))


def cut(side: Path) -> None:
    side.write_bytes(side.read_bytes()[:-20])


def unreadable(side: Path) -> None:
    side.unlink()
    side.mkdir()


LOSSES = [Path.unlink, zeroed, cut, unreadable]


@pytest.mark.parametrize("lose", LOSSES)
def test_the_journal_tells_what_a_lost_side_file_said(tmp_path: Path, lose: Callable[[Path], None]) -> None:
    file, side = made_by_model(tmp_path)
    lose(side)
    labels, warnings, waiting = found(file)
    assert labels == {1.5: ("", True), 4.0: ("", True), 6.0: ("run:g1", False), 8.0: ("", True)}
    assert len(warnings) == 1
    assert "1 label of 4 count as unconfirmed, as the journal tells" in warnings[0]
    assert waiting == 1


@pytest.mark.parametrize("lose", LOSSES[1:])
def test_without_journal_a_damaged_side_file_leaves_all_labels_unconfirmed(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    file, side = made_by_model(tmp_path)
    lose(side)
    (tmp_path / ".labelloop" / "journal.jsonl").unlink()
    labels, warnings, waiting = found(file)
    assert {confirmed for _, confirmed in labels.values()} == {False}
    assert "4 labels of 4 count as unconfirmed, as nothing else tells" in warnings[0]
    assert waiting == 4


def test_a_journal_that_does_not_begin_at_the_first_change_leaves_doubt(tmp_path: Path) -> None:
    file, side = made_by_model(tmp_path)
    zeroed(side)
    journal = tmp_path / ".labelloop" / "journal.jsonl"
    without_sums = re.sub(rb',"sum":"[0-9a-f]{8}"}', b"}", journal.read_bytes())
    journal.write_bytes(without_sums.replace(b'"seq":1,', b'"seq":5,'))
    labels, _, waiting = found(file)
    assert labels == {1.5: ("", False), 4.0: ("", False), 6.0: ("run:g1", False), 8.0: ("", True)}
    assert waiting == 3


def test_a_project_that_was_never_edited_here_is_a_users(tmp_path: Path) -> None:
    labels, warnings, waiting = found(make_project(tmp_path, 1, ROWS))
    assert (set(labels.values()), warnings, waiting) == ({("", True)}, [], 0)


def test_a_lost_side_file_is_written_again_with_the_next_save(tmp_path: Path) -> None:
    file, side = made_by_model(tmp_path)
    side.unlink()
    assert len(found(file, write=True)[1]) == 1
    assert side.exists()
    labels, warnings, _ = found(file)
    assert (labels[6.0], warnings) == (("run:g1", False), [])


def test_edits_that_were_not_saved_yet_are_no_loss(tmp_path: Path) -> None:
    file = make_project(tmp_path, 1, ROWS)
    store = open_project(file, "a test")
    session = next(store.project.sessions())
    store.editor.apply(EditLabels(session.id, "label", (), (MODELS,)))
    store.close()
    labels, warnings, _ = found(file)
    assert (labels[6.0], warnings) == (("run:g1", False), [])


@pytest.mark.parametrize("lose", [lambda side: None, *LOSSES])
def test_a_file_of_three_columns_keeps_state_confidence_and_comment(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    file, side = made_by_model(tmp_path, THREE)
    lose(side)
    assert next(tmp_path.rglob("label.label")).read_text() == THREE + "6,1,up\n8,1,down\n"
    store = open_project(file, "a test", write=False)
    labels = {x.start: x for x in store.project.track(next(store.project.sessions()).id)}
    store.close()
    assert labels[6.0] == MODELS
    assert labels[1.5].confirmed


def test_undo_in_a_file_of_three_columns_brings_every_byte_back(tmp_path: Path) -> None:
    file, _ = made_by_model(tmp_path, THREE)
    store = open_project(file, "a test")
    store.editor.undo()
    assert not Saver(store).save().problems
    store.close()
    assert next(tmp_path.rglob("label.label")).read_text() == THREE
