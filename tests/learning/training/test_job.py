"""Training jobs: what they bring, what they refuse, that they stop and go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.contract.generation import GenerationJob
from labelloop.errors import UserError
from labelloop.labeling.matching import Event, Score, event_score
from labelloop.learning.data.prepared import Example
from labelloop.learning.predicting.auxiliary import load_with_auxiliary
from labelloop.learning.predicting.job import generate
from labelloop.learning.predicting.model_io import load_model
from labelloop.learning.training.job import Job
from tests.learning.jobs import MOVES, Notes, Shelf, job_of, request, row, shelf
from tests.learning.made import Made, movements, repetitions


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Notes]:
    """What a job on MOVES brought, and what it said: trained once for all tests that need a model."""
    notes = Notes()
    folder = tmp_path_factory.mktemp("moved")
    asked = request(MOVES, epochs=6, unlabelled=[{"name": "made_8", "source": "/data/made_8"}])
    store = shelf(MOVES | {"unassigned": [movements(8)]})
    return Job(folder, job_of(asked), store, notes).run(), notes


@pytest.mark.training
def test_a_job_finds_movements(tmp_path: Path, moved: tuple[dict[str, Any], Notes]) -> None:
    result, notes = moved
    assert result["state"] == "done"
    names = [m["name"] for m in result["models"]]
    assert names == ["dense-medium-1", "dense-medium-2", "dense-ensemble", "dense-distilled"]
    best = result["best"]
    assert best["name"] == "dense-distilled"
    ensemble, one = result["models"][2:]
    assert best["validation"] == one["validation"] == ensemble["validation"]
    assert one["parameters"] < ensemble["parameters"]
    assert len(one["history"]) == 10  # five thirds of the members' six epochs
    assert best["validation"]["event_f1_50"] > 0.9
    assert {"event_f1_30", "event_f1_50", "event_f1_70", "accuracy", "f1"} <= set(best["validation"])
    assert all(m["test"]["event_f1_50"] > 0.8 for m in result["models"])
    statistics = result["models"][-1]["statistics"]["test"]
    assert statistics["actual"] == {"down": 6, "up": 6}
    assert np.array(statistics["confusion"])[:, :-1].sum() == 12
    epochs = [e for e in notes.said if e["type"] == "epoch"]
    assert {"loss", "val_loss", "accuracy", "val_accuracy", "event_f1", "eta_s"} <= set(epochs[0])

    model = load_model(Path(best["path"]))
    other = movements(9, shift=100.0)
    found = model.events(other.recording)
    assert event_score(other.events, found).f1 > 0.8
    assert {t for e in found for t in (e.start, e.end)} <= set(other.recording.times)

    asked_too = load_with_auxiliary(Path(best["path"])).look(other.recording)
    assert asked_too[3] is not None
    assert asked_too[3].mean() > 0.8
    np.testing.assert_allclose(asked_too[0], model.scores(other.recording)[0], atol=1e-5)

    store = Shelf([other, movements(5, channels=2)])
    sessions = [row(other, ""), row(movements(5, channels=2), "")]
    asked = {"model": best["path"], "cache_dir": str(tmp_path), "sessions": sessions, "classes": ["up"]}
    state = generate(GenerationJob.from_json(asked), store, notes)
    assert state == "done"
    assert [tuple(e[:3]) for e in notes.parts[0]["events"]] == [e[:3] for e in found if e.name == "up"]
    assert "lacks c2" in notes.parts[1]["error"]
    with pytest.raises(UserError, match="sideways"):
        generate(GenerationJob.from_json(asked | {"classes": ["sideways"]}), store, notes)


@pytest.mark.training
def test_repetitions_that_touch_come_out_one_by_one(tmp_path: Path) -> None:
    parts = {"train": [repetitions(1), repetitions(2), repetitions(3)], "validation": [repetitions(4)]}
    result = Job(tmp_path, job_of(request(parts, model_count=1, epochs=8)), shelf(parts), Notes()).run()
    model = load_model(Path(result["best"]["path"]))
    total = Score(0, 0, 0)
    for k in range(5, 9):
        example = repetitions(k)
        total += event_score(example.events, model.events(example.recording))
    assert total.f1 >= 0.95


@pytest.mark.training
def test_a_job_stops_and_goes_on(tmp_path: Path) -> None:
    asked = request(MOVES, model_count=1, epochs=4, models_dir=str(tmp_path / "models"))
    stopped = Job(tmp_path, job_of(asked), shelf(MOVES), Notes(stop_after=2)).run()
    assert stopped["state"] == "stopped"
    assert len(stopped["models"][0]["history"]) == 2
    assert Path(stopped["models"][0]["path"]).exists()
    notes = Notes()
    resumed = Job(tmp_path, job_of(asked), shelf(MOVES), notes).run()
    assert [e["epoch"] for e in notes.said if e["type"] == "epoch" and e["model"] == 0] == [3, 4]
    assert len(resumed["models"][0]["history"]) == 4
    again = Notes()
    Job(tmp_path, job_of(asked), shelf(MOVES), again).run()
    assert not [e for e in again.said if e["type"] == "epoch" and e["model"] == 0]


@pytest.mark.training
def test_training_goes_on_from_an_earlier_model(tmp_path: Path, moved: tuple[dict[str, Any], Notes]) -> None:
    for name in "bc":
        (tmp_path / name).mkdir()
    first, _ = moved
    path = first["best"]["path"]
    asked = request(
        MOVES, epochs=1, classes=["up", "down"], **{"from": path, "from_train": [MOVES["validation"][0].id]}
    )
    notes = Notes()
    second = Job(tmp_path / "b", job_of(asked), shelf(MOVES), notes).run()
    losses = [m["history"][0]["loss"] for m in (first["models"][0], second["models"][0])]
    assert losses[1] < losses[0] * 0.7
    assert "flatter" in notes.texts
    assert load_model(Path(second["best"]["path"])).classes == load_model(Path(path)).classes
    with pytest.raises(UserError, match="same classes"):
        Job(tmp_path / "c", job_of(asked | {"classes": ["up"]}), shelf(MOVES), Notes()).run()


@pytest.mark.training
def test_other_rates_are_resampled_when_asked(tmp_path: Path) -> None:
    parts = {"train": [movements(1), movements(2, rate=100)], "validation": [movements(3)]}
    with pytest.raises(UserError, match="different rates"):
        Job(tmp_path, job_of(request(parts, model_count=1, epochs=1)), shelf(parts), Notes()).run()
    asked = request(parts, model_count=1, epochs=6, resample=True)
    result = Job(tmp_path, job_of(asked), shelf(parts), Notes()).run()
    other = movements(9, rate=100)
    notes = Notes()
    wanted = {"model": result["best"]["path"], "cache_dir": str(tmp_path), "sessions": [row(other, "")]}
    generate(GenerationJob.from_json(wanted), Shelf([other]), notes)
    assert "samples a second" in notes.parts[0]["error"]
    generate(GenerationJob.from_json(wanted | {"resample": True}), Shelf([other]), notes)
    found = [Event(*e) for e in notes.parts[0]["events"]]
    assert event_score(other.events, found).f1 > 0.8
    assert {t for e in found for t in (e.start, e.end)} <= set(other.recording.times)


@pytest.mark.training
def test_bad_recordings_train_all_the_same(tmp_path: Path) -> None:
    few = movements(1, events=3)
    x = few.recording.read(0, 10**9).copy()
    x[:, 1] = 7.0
    x[100:140, 0] = np.nan
    short = Made(few.recording.times[:5], x[:5])
    parts = {"train": [Example("odd", Made(few.recording.times, x), few.events), Example("short", short, ())]}
    notes = Notes()
    result = Job(tmp_path, job_of(request(parts, model_count=1, epochs=2)), shelf(parts), notes).run()
    assert result["state"] == "done"
    assert "held out" in notes.texts
    assert "never changes" in notes.texts
