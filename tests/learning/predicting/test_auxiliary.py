"""An auxiliary model shows where to look and changes nothing of what is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelloop.contract.training import TrainingJob
from labelloop.learning.data.prepared import Example
from labelloop.learning.data.sessions import Sets
from labelloop.learning.networks.description import initial_weights
from labelloop.learning.predicting import scores
from labelloop.learning.predicting.auxiliary import asking
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.scores import agreement_of
from labelloop.learning.training import distilling
from labelloop.learning.training.candidates import FeatureCache, combine, make_task
from labelloop.learning.training.presets import model_list
from tests.learning.made import movements

CLASSES = ("down", "up")


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


def test_an_auxiliary_model_changes_nothing_of_what_is_found() -> None:
    made = features(movements(1), movements(2))
    model = teacher(made)
    spec = distilling.distilled_spec(model_list(TrainingJob(model_count=2)))
    _, one = distilling.distilling(model, spec, made, [])
    one = replace(one, weights=initial_weights(one.network, 5))
    other, recording = members(made)[1], movements(5).recording
    alone, boundary, _, nobody = one.look(recording)
    assert nobody is None
    asked, edges, _, agreement = asking(one, other).look(recording)
    np.testing.assert_allclose(asked, alone, atol=1e-6)
    assert boundary is not None
    assert edges is not None
    np.testing.assert_allclose(edges, boundary, atol=1e-6)
    assert agreement is not None
    np.testing.assert_allclose(agreement, agreement_of(alone, [other.look(recording)[0]]), atol=1e-5)


def test_an_auxiliary_model_is_asked_where_something_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made = features(movements(1), movements(2))
    (one, other), recording = members(made), movements(5, events=60).recording
    one = replace(one, norms=other.norms)
    alone, _, _ = one.scores(recording)
    level = float(np.quantile(1 - alone[:, 0], 0.999))
    monkeypatch.setattr(scores, "SOMETHING", level)
    agreement = asking(one, other).look(recording)[3]
    assert agreement is not None
    seen = alone[:, 0] < 1 - level
    full = agreement_of(alone, [other.scores(recording)[0]])
    np.testing.assert_allclose(agreement[seen], full[seen], atol=1e-5)
    assert 0.1 < np.isclose(agreement, 1, atol=1e-6).mean() < 1
