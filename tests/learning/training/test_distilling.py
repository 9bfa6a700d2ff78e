"""One network from an ensemble: what it is distilled from, from which sessions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError
from labelloop.learning.data.prepared import Example
from labelloop.learning.data.sessions import Sets
from labelloop.learning.networks.description import initial_weights, receptive_field
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.scores import dense_scores, recording_scores
from labelloop.learning.training import distilling
from labelloop.learning.training.candidates import FeatureCache, combine, make_task
from labelloop.learning.training.presets import model_list
from tests.learning.made import Made, movements

CLASSES = ("down", "up")


class Shelf:
    """Recordings by name of file; others can't be read."""

    def __init__(self, *examples: Example) -> None:
        self.known = {f"/data/{x.name}": x.recording for x in examples}

    def load(self, source: Path) -> Any:
        if str(source) not in self.known:
            raise UserError(f"{source} can't be read.")
        return self.known[str(source)]


def features(*train: Example) -> FeatureCache:
    return FeatureCache(Sets(list(train), [], [], CLASSES), 0, lambda text: None)


def asked(*examples: Example) -> TrainingJob:
    return TrainingJob.from_json(
        {"unlabelled": [{"name": x.name, "source": f"/data/{x.name}"} for x in examples]}
    )


def members(of: FeatureCache) -> list[Model]:
    """Two models that learned nothing, one for each normalisation."""
    models = []
    for spec in model_list(TrainingJob(model_count=2)):
        _, model = make_task(spec, of)
        models.append(replace(model, weights=initial_weights(model.network, spec.variant)))
    return models


def teacher(of: FeatureCache) -> Model:
    """An ensemble of two that learned nothing."""
    return combine(members(of))


def test_unlabelled_sessions_share_a_bounded_number_of_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    short, long, longer = movements(5, events=3), movements(6, events=30), movements(7, events=40)
    made = features(movements(1))
    frames = {x.name: made.front.frames(len(x.recording.times)) for x in (short, long, longer)}
    monkeypatch.setattr(distilling, "FRAMES", 3 * frames[short.name] + 100)
    shelf = Shelf(short, long, longer)
    parts = {p.name: p for p in distilling.stretches(asked(short, long, longer), shelf, made, 0)}
    assert sum(len(p.raw) for p in parts.values()) <= 3 * frames[short.name] + 100
    assert len(parts[short.name].raw) == frames[short.name]
    assert parts[short.name].cut == (False, False)
    assert frames[short.name] <= len(parts[longer.name].raw) < frames[longer.name]
    assert any(parts[longer.name].cut)


def test_sessions_that_do_not_fit_are_passed_by() -> None:
    good, other, fast = movements(5), movements(6, channels=2), movements(7, rate=50.0)
    empty = Example("empty", Made(np.zeros(1), np.zeros((1, 3))), ())
    gone = movements(8)
    made = features(movements(1))
    found = distilling.stretches(
        asked(good, other, empty, gone, fast), Shelf(good, other, empty, fast), made, 0
    )
    assert {p.name for p in found} == {good.name, fast.name}


def test_a_session_of_another_rate_is_brought_to_that_of_train() -> None:
    fast = movements(7, rate=150.0)
    made = features(movements(1))
    (part,) = distilling.stretches(asked(fast), Shelf(fast), made, 0)
    assert len(part.raw) == pytest.approx(made.front.frames(len(fast.recording.times) // 3), abs=2)


def test_an_unlabelled_stretch_has_the_opinion_that_the_ensemble_has_of_the_session() -> None:
    made = features(movements(1))
    model, seen = teacher(made), movements(5)
    whole, _, _ = recording_scores(made.front, model.norms, model.network, model.weights, seen.recording)
    (part,) = distilling.stretches(asked(seen), Shelf(seen), made, 0)
    distilled = distilling._unlabelled(model, made.front, part)
    np.testing.assert_allclose(distilled.targets.classes, whole, atol=1e-5)
    assert distilled.targets.weight.all()
    cut = distilling._unlabelled(model, made.front, replace(part, cut=(True, False)))
    reach = receptive_field(model.network)
    assert not cut.targets.weight[:reach].any()
    assert cut.targets.weight[reach:].all()


def test_labels_count_by_half_and_not_at_all_where_nothing_is_known() -> None:
    example = movements(1)
    middle = float(example.recording.times[len(example.recording.times) // 2])
    half = replace(example, ignore=((middle, float(example.recording.times[-1]) + 1),))
    made = features(half)
    model = teacher(made)
    raw = made.raw("train")[0]
    distilled = distilling._labelled(model, made, half, raw)
    given = made.prepared("train", "global")[0].targets
    opinion, _ = dense_scores(model.network, model.weights, distilling.scaled(model.norms, raw))
    known = given.weight > 0
    assert known.any()
    assert not known.all()
    expected = np.where(known[:, None], (given.classes + opinion) / 2, opinion)
    np.testing.assert_allclose(distilled.targets.classes, expected, atol=1e-5)
    assert distilled.targets.weight.all()


def test_the_network_takes_what_the_ensemble_takes() -> None:
    made = features(movements(1), movements(2))
    model = teacher(made)
    spec = distilling.distilled_spec(model_list(TrainingJob(model_count=2)))
    task, one = distilling.distilling(model, spec, made, [])
    x, *_ = task.draw()
    assert x.shape[2] == model.network.nodes[0]["config"]["shape"][-1]
    assert one.norms == model.norms
    assert one.post == model.post
    assert one.network.parameters < model.network.parameters
    assert spec.epochs > model_list(TrainingJob())[0].epochs
