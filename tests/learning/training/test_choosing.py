"""The best is the best by its figures, and by more than chance."""

from __future__ import annotations

from typing import Any, cast

from labelloop.contract.recipes import DENSE, DISTILLED, ENSEMBLE
from labelloop.learning.predicting.model import Model
from labelloop.learning.training.choosing import choose_best, disagreement, noise
from labelloop.learning.training.judging import SEEN, Candidate


def candidate(name: str, f1: float, seen: float | None = None, family: str = DENSE) -> Candidate:
    def figures(value: float) -> dict[str, float]:
        return {"recall": value, "event_f1_30": value, "event_f1_50": value, "event_f1_70": value}

    row: dict[str, Any] = {"name": name, "family": family, "validation": figures(f1)}
    if seen is not None:
        row[SEEN] = figures(seen)
    return Candidate(cast(Model, None), row)


def best(*candidates: Candidate, events: int = 40) -> str:
    choice = choose_best(candidates, events)
    assert choice.best is not None
    assert choice.reason
    return str(choice.best.row["name"])


def test_within_the_noise_the_average_of_models_goes_first() -> None:
    member, ensemble = candidate("dense-1", 0.92), candidate(ENSEMBLE, 0.90)
    assert best(member, ensemble) == ENSEMBLE
    assert best(member, ensemble, candidate(DISTILLED, 0.90, 0.95)) == DISTILLED


def test_a_member_that_is_better_by_more_than_chance_is_the_best() -> None:
    member, ensemble = candidate("dense-1", 0.95), candidate(ENSEMBLE, 0.67)
    choice = choose_best([member, ensemble, candidate(DISTILLED, 0.67, 0.70)], 40)
    assert choice.best is member
    assert "0.95" in choice.reason
    assert "0.67" in choice.reason


def test_a_distilled_network_counts_no_more_than_it_reaches_itself() -> None:
    ensemble, distilled = candidate(ENSEMBLE, 0.9), candidate(DISTILLED, 0.9, 0.5)
    assert best(candidate("dense-1", 0.9), ensemble, distilled) == ENSEMBLE


def test_windowed_models_are_compared_by_the_same_figures() -> None:
    assert best(candidate("conv1d-1", 0.9, family="conv1d"), candidate(ENSEMBLE, 0.5)) == "conv1d-1"


def test_few_events_tell_less_than_many() -> None:
    assert noise(0.9, 0.8, 10) > noise(0.9, 0.8, 1000)
    pair = candidate("dense-1", 0.9), candidate(ENSEMBLE, 0.8)
    assert (best(*pair, events=10), best(*pair, events=1000)) == (ENSEMBLE, "dense-1")


def test_none_that_found_no_event_is_the_best() -> None:
    nothing = candidate(DISTILLED, 0.0)
    assert best(nothing, candidate("dense-1", 0.2)) == "dense-1"
    assert choose_best([nothing], 40).best is None


def test_members_far_apart_are_told() -> None:
    assert disagreement([candidate("a", 0.9), candidate("b", 0.8)]) == ""
    assert "0.50 to 0.90" in disagreement([candidate("a", 0.9), candidate("b", 0.5)])
    assert disagreement([candidate("a", 0.9)]) == ""
