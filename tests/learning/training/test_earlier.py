"""Going on from an earlier model: which ones, for which classes, at which rate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError
from labelloop.learning.data.sessions import Sets
from labelloop.learning.networks.description import initial_weights
from labelloop.learning.predicting.model_io import save_model
from labelloop.learning.training.candidates import FeatureCache, make_task
from labelloop.learning.training.earlier import (
    RATE,
    check_fits,
    earlier_cache,
    earlier_members,
    earlier_specs,
    seen_before,
)
from labelloop.learning.training.presets import ModelSpec
from tests.learning.made import movements
from tests.learning.predicting.test_model import made_model

SETS = Sets([movements(1)], [movements(3)], [], ("down", "up"))


@pytest.fixture(scope="module")
def dense():  # type: ignore[no-untyped-def]
    """A dense model that has learned nothing yet."""
    cache = FeatureCache(SETS, 0, lambda _: None)
    task, model = make_task(ModelSpec("dense-small-1", size="small"), cache)
    return replace(model, weights=initial_weights(task.network, 1))


def test_windowed_models_are_refused(tmp_path: Path) -> None:
    save_model(tmp_path / "m.h5", made_model(), {}, {}, {})
    with pytest.raises(UserError, match=r"m\.h5 is of the family conv1d: training goes on from dense models"):
        earlier_members(tmp_path / "m.h5")


def test_an_ensemble_goes_on_by_its_members(tmp_path: Path, dense) -> None:  # type: ignore[no-untyped-def]
    for name in ("dense-small-1", "dense-ensemble"):
        save_model(tmp_path / f"{name}.h5", replace(dense, name=name), {}, {}, {})
    assert [m.name for m in earlier_members(tmp_path / "dense-ensemble.h5")] == ["dense-small-1"]
    assert [m.name for m in earlier_members(tmp_path / "dense-small-1.h5")] == ["dense-small-1"]
    (tmp_path / "dense-small-1.h5").unlink()
    with pytest.raises(UserError, match="learned from its Validation sessions too"):
        earlier_members(tmp_path / "dense-ensemble.h5")


def test_other_classes_are_named(dense) -> None:  # type: ignore[no-untyped-def]
    check_fits([dense], SETS)
    with pytest.raises(UserError, match="knows down, up, but up are to be learned"):
        check_fits([dense], replace(SETS, classes=("up",)))


def test_it_learns_on_more_slowly_at_its_own_size(dense) -> None:  # type: ignore[no-untyped-def]
    listed = ModelSpec("x", size="large", epochs=3)
    (spec,) = earlier_specs([dense], [listed])
    assert (spec.name, spec.size, spec.epochs) == ("dense-small-1", "small", 3)
    assert spec.rate == listed.learn_rate * RATE


def test_the_order_of_classes_and_the_front_end_stay(dense) -> None:  # type: ignore[no-untyped-def]
    other = FeatureCache(replace(SETS, classes=("up", "down")), 0, lambda _: None)
    cache = earlier_cache([dense], other)
    assert cache.sets.classes == dense.classes
    assert cache.front == dense.front


def test_validation_that_was_learned_from_is_named() -> None:
    job = TrainingJob.from_json(
        {"kind": "train", "preset": "default", "sessions": [], "from": "m.h5", "from_train": ["id3", "x"]}
    )
    assert seen_before(job, SETS) == ["made_3"]
