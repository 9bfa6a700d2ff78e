"""Lists of models that a job makes when nobody chose one."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.contract.recipes import COUNTS, EPOCHS, LEARN_RATES, PRESETS
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError
from labelloop.learning.training.presets import ModelSpec, model_list


def _job(**more: Any) -> TrainingJob:
    return TrainingJob.from_json({"kind": "train", "preset": "default", "sessions": [], **more})


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_makes_as_many_models_as_it_says(preset: str) -> None:
    made = model_list(_job(preset=preset))
    assert len(made) == COUNTS[preset]
    assert {spec.epochs for spec in made} == {EPOCHS[preset]}
    assert len({spec.name for spec in made}) == len(made)


def test_every_second_model_is_scaled_by_session() -> None:
    norms = [spec.norm for spec in model_list(_job())]
    assert norms[0] != norms[1]
    assert norms[::2] == norms[:1] * len(norms[::2])


def test_a_setting_for_all_and_one_of_a_row() -> None:
    made = model_list(_job(epochs=3, models=[{"size": "small"}, {"size": "large", "epochs": 5}]))
    assert [(spec.size, spec.epochs) for spec in made] == [("small", 3), ("large", 5)]


def test_the_windowed_families_have_their_own_defaults() -> None:
    (spec,) = model_list(_job(family="Conv1D", model_count=1))
    assert (spec.family, spec.epochs, spec.batch) == ("conv1d", 100, 32)
    assert not spec.layout.lstm
    assert model_list(_job(family="conv1dlstm", model_count=1))[0].layout.lstm


def test_rates_by_word_and_number() -> None:
    assert ModelSpec("m", "conv1d", rate="high").learn_rate == LEARN_RATES["high"]
    assert ModelSpec("m", rate=0.5).learn_rate == 0.5


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"preset": "best"}, "There is no preset 'best': use "),
        ({"family": "tree"}, "There is no model family 'tree': use "),
        ({"models": [{"size": "huge"}]}, "The setting size of .* must be one of "),
        ({"models": [{"learning_rate": "fast"}]}, "The learning rate of .* must be a number or one of "),
        ({"models": [{"epochs": -1}]}, "needs at least one epoch"),
    ],
)
def test_what_can_not_be_made_is_a_sentence(more: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        model_list(_job(**more))
