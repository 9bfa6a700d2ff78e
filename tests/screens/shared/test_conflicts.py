"""Two versions of a file: the app asks, one key answers, nothing is written meanwhile."""

from __future__ import annotations

import time

import pytest

from labelloop.project.changes import PROJECT_DOC, labels_doc
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.screens.shared import conflicts
from labelloop.services.sessions.assign import assign
from labelloop.storage.store import ProjectStore
from labelloop.widgets.prompt import Prompt
from tests.screens.conftest import Driven

HEADER = "Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n"


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "PATIENCE_S", 0.0)


def edit(store: ProjectStore) -> str:
    """An edit of ours in the first session's labels, and its document."""
    session = next(store.project.sessions())
    store.editor.apply(EditLabels(session.id, "label", (), (Label(0.1, 0.2, "up", 1.0, "ours"),)))
    return labels_doc(session.id, "label")


@pytest.mark.parametrize(("key", "kept"), [("m", "ours"), ("t", "theirs")])
async def test_one_key_says_which_labels_stay(
    store: ProjectStore, driven: Driven, key: str, kept: str
) -> None:
    async with driven() as (app, press):
        session = next(store.project.sessions())
        path = store.project.folder / session.label_file
        app.conflicts.add([edit(store)])
        path.write_text(HEADER + "1,0.5,up,1,theirs\n")
        app.conflicts.ask(app.screen)
        await press("x", key)
        assert len(app.conflicts) == 0
        assert [x.comment for x in store.project.track(session.id) if x.comment] == [kept]
        app.save_now()
        assert kept in path.read_text()


async def test_escape_leaves_the_question_for_later_and_both_files_alone(
    store: ProjectStore, driven: Driven
) -> None:
    async with driven() as (app, press):
        session = next(store.project.sessions())
        path = store.project.folder / session.label_file
        app.conflicts.add([edit(store)])
        path.write_text(HEADER)
        app.conflicts.ask(app.screen)
        await press("escape")
        app.conflicts.ask(app.screen)
        assert not app.screen.query_one(Prompt).asking
        app.save_now()
        assert path.read_text() == HEADER
        app.leave()
        assert "nobody said which version" in app.unsaved[0]


async def test_keys_that_were_on_their_way_answer_nothing(
    store: ProjectStore, driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "PATIENCE_S", 60.0)
    async with driven() as (app, press):
        app.conflicts.add([edit(store)])
        app.conflicts.ask(app.screen)
        await press("t", "m")
        assert len(app.conflicts) == 1


async def test_a_question_that_was_left_comes_back(
    store: ProjectStore, driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "LATER_S", 0.0)
    async with driven() as (app, press):
        app.conflicts.add([edit(store)])
        app.conflicts.ask(app.screen)
        await press("escape")
        time.sleep(0.001)
        app.conflicts.ask(app.screen)
        assert app.screen.query_one(Prompt).asking


async def test_a_project_file_of_others_is_asked_about_and_taken_in_with_our_edits(
    store: ProjectStore, driven: Driven
) -> None:
    async with driven() as (app, press):
        first = next(store.project.sessions())
        assign(store.editor, [first], "test")
        text = store.path.read_text(encoding="utf-8-sig")
        store.path.write_text(text.replace("<Label>up</Label>", "<Label>up</Label><Label>x</Label>"))
        app.look_around()
        assert PROJECT_DOC in app.saver.held
        await press("t")
        assert "x" in store.project.class_names
        assert store.project.set_of(first.id) == "test"
        report = app.save_now()
        assert report is not None
        assert report.problems == []
        assert "<Label>x</Label>" in store.path.read_text()


async def test_a_project_file_of_others_is_read_again_where_nothing_waits(
    store: ProjectStore, driven: Driven
) -> None:
    async with driven() as (app, _):
        text = store.path.read_text(encoding="utf-8-sig")
        store.path.write_text(text.replace("<Label>up</Label>", "<Label>up</Label><Label>x</Label>"))
        app.look_around()
        assert "x" in store.project.class_names
        assert not app.screen.query_one(Prompt).asking
