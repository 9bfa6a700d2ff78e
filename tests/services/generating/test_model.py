"""Labels by a trained model: what does not fit is refused, what a worker found becomes labels once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model.info import ModelInfo
from labelloop.jobs.run import RunFolder, write_json
from labelloop.project.session import Session
from labelloop.services.generating import model as model_service
from labelloop.services.generating.continuing import continue_run
from labelloop.services.generating.merging import Rules, Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.model import ModelRequest, orphaned_runs, start_model_run
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.runs import label_runs
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, tree

LABEL = Target.parse("existing:label")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


def info(**more: Any) -> ModelInfo:
    values: dict[str, Any] = {
        "path": Path("m.h5"), "name": "m", "maker": "labelloop", "family": "dense", "classes": ("up",),
        "channels": ("x", "y"), "rate_hz": 20.0, "parameters": 1,
    }  # fmt: skip
    return ModelInfo(**(values | more))


@pytest.fixture
def asks(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask a model that is as told, with a worker that never starts."""
    started: list[RunFolder] = []
    monkeypatch.setattr(model_service, "find_model", lambda *_: Path("m.h5"))
    monkeypatch.setattr(model_service, "launch", started.append)

    def ask(
        model: ModelInfo, add: bool = False, target: Target = LABEL, words: tuple[str, ...] = ("all",)
    ) -> Any:
        monkeypatch.setattr(model_service, "model_info", lambda _: model)
        return start_model_run(store, ModelRequest("m", words, Rules(target, add_classes=add)))

    return ask


def test_a_model_of_other_channels_names_the_sessions(store: ProjectStore, asks: Any) -> None:
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match=r"trained on 6 channels, but .*up_00 has 2"):
        asks(info(channels=tuple("abcdef")))
    assert tree(store.project.folder, ours=True) == before


def test_classes_that_the_project_lacks_are_added_when_asked(store: ProjectStore, asks: Any) -> None:
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match="lacks the class 'jump': add it"):
        asks(info(classes=("up", "jump")))
    assert tree(store.project.folder, ours=True) == before
    asks(info(classes=("up", "jump")), add=True)
    assert store.project.class_names == ["up", "down", "jump"]


def test_a_track_that_some_sessions_lack_or_have(store: ProjectStore, asks: Any) -> None:
    request = GenerateRequest("track", (sessions(store)[0].path,), Target.parse("new:auto"), ("label",))
    start(store, request)
    Saver(store).save()
    before = tree(store.project.folder, ours=True)
    with pytest.raises(UserError, match="down_01, up/up_02 have no track auto: use --target new:auto"):
        asks(info(), target=Target.parse("existing:auto"))
    with pytest.raises(UserError, match="up/up_00 have a track already named auto"):
        asks(info(), target=Target.parse("new:auto"))
    assert tree(store.project.folder, ours=True) == before


def test_sessions_that_went_meanwhile_are_told_and_the_others_done(store: ProjectStore, asks: Any) -> None:
    run = asks(info()).run
    gone, left = sessions(store)[:2]
    for index, session in enumerate((gone, left)):
        found = {"id": session.id, "events": [[6.0, 6.5, "up", 0.9]], "error": None}
        write_json(run.path / "results" / f"{index}.json", found)
    remove_sessions(store.editor, [gone])
    run.append({"type": "state", "state": "done"})
    orphan = orphaned_runs(store)[0]
    assert orphan.poll()
    assert [(s.session.path, s.added) for s in orphan.outcome.sessions] == [(gone.path, 0), (left.path, 1)]
    assert "no session" in orphan.outcome.failed[0].problem
    assert orphaned_runs(store) == []


def test_a_run_that_was_cancelled_goes_on_once(
    store: ProjectStore, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[RunFolder] = []
    monkeypatch.setattr("labelloop.services.generating.continuing.launch", started.append)
    run = asks(info())
    first, second = sessions(store)[:2]
    found = {"events": [[6.0, 6.5, "up", 0.9]], "error": None}
    write_json(run.run.path / "results" / "0.json", {"id": first.id, **found})
    run.run.append({"type": "state", "state": "stopped"})
    assert run.poll()
    assert orphaned_runs(store) == []
    continue_run(store, run.run.id)
    assert started == [run.run]
    write_json(run.run.path / "results" / "1.json", {"id": second.id, **found})
    run.run.append({"type": "state", "state": "done"})
    orphan = orphaned_runs(store)[0]
    assert orphan.poll()
    assert [s.session.id for s in orphan.outcome.sessions] == [second.id]
    listed = label_runs(store)[0]
    assert (listed.added, listed.sessions, listed.state) == (2, 2, "done")
    with pytest.raises(UserError, match="done"):
        continue_run(store, run.run.id)
