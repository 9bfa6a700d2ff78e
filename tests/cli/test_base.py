"""What all verbs share: opening, saving, what is said where."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from labelloop.cli.base import as_user_error, finite, opened, report, show, show_json
from labelloop.errors import UserError
from labelloop.services.sessions.assign import assign
from labelloop.storage.lock import ProjectLock
from labelloop.storage.opening import open_project
from tests.end_to_end.support import Call, Ran, state_of
from tests.made_project import make_project, tree


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


@pytest.mark.parametrize(
    "words", [["assign", "train", "all"], ["undo"], ["redistribute"], ["rescan"], ["revert", "g1"]]
)
def test_a_held_project_is_left_alone(call: Call, project: Path, words: list[str]) -> None:
    lock = ProjectLock(project.parent / ".labelloop" / "lock", "Made")
    lock.acquire("the labelloop app")
    before = tree(project.parent)
    ran = call(words[0], project, *words[1:])
    assert ran.code == 1
    assert "the labelloop app" in ran.sentence
    assert str(os.getpid()) in ran.sentence
    assert tree(project.parent) == before
    assert call("info", project).code == 0
    lock.release()


def test_a_reopened_project_is_as_it_was(call: Call, project: Path, tmp_path: Path) -> None:
    good(call("assign", project, "test", "up_00"))
    copied = shutil.copytree(project.parent, tmp_path / "copy")
    one, other = open_project(project, "test", write=False), open_project(copied, "test", write=False)
    assert state_of(one) == state_of(other)
    one.close()
    other.close()


def test_numbers_that_json_does_not_know_are_null() -> None:
    assert finite({"a": [1.5, float("nan")], "b": (float("inf"), -float("inf")), "c": "nan"}) == {
        "a": [1.5, None],
        "b": [None, None],
        "c": "nan",
    }


def test_json_is_one_line_of_plain_characters(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"name": "ünï\x1b", "path": Path("a")})
    assert capsys.readouterr().out == '{"name": "\\u00fcn\\u00ef\\u001b", "path": "a"}\n'


def test_control_characters_are_made_visible(capsys: pytest.CaptureFixture[str]) -> None:
    report("a\x1b[31mb")
    show("c\x07d")
    said = capsys.readouterr()
    assert "\x1b" not in said.err
    assert "\x07" not in said.out


def test_what_was_changed_is_saved_though_the_verb_fails(project: Path) -> None:
    with pytest.raises(UserError, match="no"), opened(project, "test", write=True) as store:  # noqa: PT012
        assign(store.editor, list(store.project.sessions()), "test")
        raise UserError("no")
    with opened(project, "test") as store:
        assert {store.project.set_of(s.id) for s in store.project.sessions()} == {"test"}


def test_a_full_disk_is_a_sentence() -> None:
    error = as_user_error(OSError(28, "No space left on device", "/tmp/a"))
    assert "space" in str(error)
