"""The trained models of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model.info import ModelInfo
from labelloop.jobs.run import RunFolder, write_json
from labelloop.services.training import models as service
from labelloop.services.training.models import download, find_model, known_models
from labelloop.storage.store import ProjectStore


@pytest.fixture(autouse=True)
def infos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Model files hold their names alone; one that says bad can't be read."""

    def info(path: Path) -> ModelInfo:
        if path.read_text() == "bad":
            raise UserError("it is damaged")
        return ModelInfo(path, path.stem, "labelloop", "dense", ("up",), ("x",), 20.0, 1)

    monkeypatch.setattr(service, "model_info", info)


def _job(store: ProjectStore, *names: str, best: str = "", content: str = "good") -> RunFolder:
    run = RunFolder.create(store.layout.runs, "train", "x", {})
    rows: list[dict[str, Any]] = []
    for name in names:
        path = run.path / "models" / f"{name}.h5"
        path.write_text(content)
        rows.append({"name": name, "path": str(path)})
    top = next((row for row in rows if row["name"] == best), None)
    write_json(run.path / "result.json", {"state": "done", "best": top, "models": rows})
    return run


def test_the_latest_job_first_and_its_best_before_the_others(made: ProjectStore) -> None:
    _job(made, "a", "b", best="b")
    _job(made, "c", best="c")
    assert [(m.source, m.best) for m in known_models(made)] == [
        ("t2/c", True),
        ("t1/b", True),
        ("t1/a", False),
    ]


def test_files_below_models_are_known_too(made: ProjectStore) -> None:
    path = made.project.folder / "Models" / "x" / "mine.h5"
    path.parent.mkdir(parents=True)
    path.write_text("good")
    (model,) = known_models(made)
    assert (model.name, model.job, model.source) == ("mine", "", str(path))
    assert model.to_json()["job"] is None


def test_a_model_that_can_not_be_read_says_why(made: ProjectStore) -> None:
    _job(made, "a", content="bad")
    (model,) = known_models(made)
    assert (model.info, model.problem) == (None, "it is damaged")
    assert model.to_json()["problem"] == "it is damaged"


def test_a_file_that_is_gone_is_no_model(made: ProjectStore) -> None:
    run = _job(made, "a", best="a")
    (run.path / "models" / "a.h5").unlink()
    assert known_models(made) == []


def test_names_of_a_model(made: ProjectStore) -> None:
    run = _job(made, "a", "b", best="b")
    expected = run.path / "models"
    assert find_model(made, "best") == expected / "b.h5"
    assert find_model(made, "a") == find_model(made, "t1/a") == expected / "a.h5"
    inside = str((expected / "a.h5").relative_to(made.project.folder))
    assert find_model(made, inside) == expected / "a.h5"


def test_names_that_mean_nothing(made: ProjectStore) -> None:
    with pytest.raises(UserError, match="no trained model yet"):
        find_model(made, "best")
    _job(made, "a")
    with pytest.raises(UserError, match=r"no model 'x' \(models: a\)"):
        find_model(made, "x")
    with pytest.raises(UserError, match=r"no model file x\.h5"):
        find_model(made, "x.h5")


def test_a_copy_of_a_model(made: ProjectStore, tmp_path: Path) -> None:
    _job(made, "a", best="a")
    folder = tmp_path / "out"
    folder.mkdir()
    assert download(made, "a", folder) == folder / "a.h5"
    assert download(made, "a", tmp_path / "deep" / "b.h5").read_text() == "good"
    with pytest.raises(UserError, match=r"ends in \.h5"):
        download(made, "a", tmp_path / "b.bin")
    own = find_model(made, "a")
    assert download(made, "a", own) == own
