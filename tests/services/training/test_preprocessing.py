"""Context length and prediction rate."""

from __future__ import annotations

import doctest

import pytest

from labelloop.errors import UserError
from labelloop.project.label import Label
from labelloop.project.label_changes import EditLabels
from labelloop.services.sessions.assign import assign
from labelloop.services.training import preprocessing as service
from labelloop.services.training.preprocessing import (
    LEAST,
    MOST,
    Windows,
    choose,
    chosen,
    effect,
    seen_as,
    sentence,
    suggested,
    train_labels,
    usual_rate,
)
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def test_examples() -> None:
    assert doctest.testmod(service).failed == 0


def test_half_a_usual_label_of_train(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], "train")
    made.editor.apply(
        EditLabels(
            named("up_00").id,
            "label",
            tuple(made.project.track(named("up_00").id)),
            (Label.spanning(1, 3, "up"),),
        )
    )
    found = suggested(made.project)
    assert found.context_s == 1.0
    assert "half of it fits" in found.reason
    assert found.step_s == pytest.approx(round(20 / found.prediction_hz) / 20)


@pytest.mark.parametrize(("length", "samples"), [(0.01, LEAST), (9.0, 90)])
def test_no_fewer_samples_than_a_network_can_use(
    made: ProjectStore, named: Named, length: float, samples: int
) -> None:
    assign(made.editor, [named("up_00")], "train")
    track = tuple(made.project.track(named("up_00").id))
    label = Label.spanning(0.5, 0.5 + length, "up")
    made.editor.apply(EditLabels(named("up_00").id, "label", track, (label,)))
    assert round(suggested(made.project).context_s * 20) == samples
    assert samples < MOST


def test_without_labels_in_train_those_elsewhere_tell(made: ProjectStore) -> None:
    assert "Train has no labels yet; elsewhere" in suggested(made.project).reason
    assert "no labels yet" in suggested(made.project, ["nobody"]).reason


def test_what_a_user_chose_goes_first(made: ProjectStore) -> None:
    choose(made, Windows(2.0, 5.0, 20.0))
    now = chosen(made.project)
    assert (now.context_s, now.prediction_hz, now.reason) == (2.0, 5.0, "chosen here")
    choose(made, None)
    assert chosen(made.project).reason != "chosen here"


def test_labels_of_train_by_class(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], "train")
    assert [[x.name for x in track] for track in train_labels(made.project, ["up"])] == [["up", "up"]]


def test_rates(made: ProjectStore) -> None:
    assert usual_rate(made.project) == 20.0
    made.project.state.sessions.clear()
    for ids in made.project.state.members.values():
        ids.clear()
    with pytest.raises(UserError, match="no recording to choose windows for"):
        usual_rate(made.project)


def test_what_windows_do_to_labels() -> None:
    w = Windows(0.5, 10, 10)
    lone = [Label.spanning(1.0, 1.1, "up")]
    assert effect([lone], w).single == 1
    drowned = [Label.spanning(1.0, 1.1, "up"), Label.spanning(1.0, 1.1, "down")]
    assert effect([drowned], w).lost == 1
    long = effect([[Label.spanning(1.0, 3.0, "up")]], w)
    assert (long.labels, long.single, long.lost) == (1, 0, 0)
    assert long.edge_s == pytest.approx(
        max(abs(a - b) for a, b in zip((1.0, 3.0), seen_as((1.0, 3.0), w), strict=True))
    )


def test_it_is_told_in_words() -> None:
    w = Windows(0.5, 10, 10)
    assert "can't be shown" in sentence(effect([], w), w)
    text = sentence(effect([[Label.spanning(1.0, 1.1, "up"), Label.spanning(1.0, 1.1, "down")]], w), w)
    assert text.startswith("1 of 2 vanish under a neighbour")
    assert "become one window: 2 of 2" in text
