"""The project's model list: made, changed, trained, undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError
from labelloop.formats.improj.layers import Layout, unit, window_layers
from labelloop.formats.improj.model_list import facts_of, new_model
from labelloop.learning.data.frames import choose_front_end
from labelloop.learning.networks.description import dense_network
from labelloop.learning.networks.studio import windowed_network
from labelloop.learning.training.candidates import DILATIONS
from labelloop.learning.training.presets import ModelSpec, model_list
from labelloop.project.label import Label
from labelloop.project.models import SetFactory
from labelloop.services.projects.demo import copy_demo
from labelloop.services.sessions.assign import assign
from labelloop.services.training import model_list as service
from labelloop.services.training.jobs import training_job, training_warnings
from labelloop.services.training.preprocessing import (
    Windows,
    choose,
    chosen,
    effect,
    sentence,
    suggested,
    train_labels,
    usual_rate,
)
from labelloop.services.training.request import TrainingRequest
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.formats.improj.test_model_list import SETTINGS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(copy_demo(tmp_path / "demo"), "a test")
    found = [s for s in opened.project.sessions() if s.path.startswith("down/down_0")]
    assign(opened.editor, found[:6], "train")
    assign(opened.editor, found[6:7], "validation")
    yield opened
    opened.close()


def names(store: ProjectStore) -> list[str]:
    return [entry.name for entry in store.project.state.models]


def test_the_wizards_list_is_kept_changed_and_undone(store: ProjectStore) -> None:
    service.generate_list(store, TrainingRequest(models=2, classes=("down",)))
    service.generate_list(store, TrainingRequest(family="conv1d", models=1, classes=("down",)), append=True)
    service.clone_model(store, 0)
    assert names(store) == ["dense-medium-1", "dense-medium-3", "dense-medium-2", "conv1d-medium-balanced-0"]
    service.edit_model(store, 1, "dense-medium-mine", {"Epochs": "7"})
    service.delete_model(store, 2)
    rows, left = service.rows_to_train(store.project)
    assert [(r["name"], r["epochs"]) for r in rows] == [
        ("dense-medium-1", 24),
        ("dense-medium-mine", 7),
        ("conv1d-medium-balanced-0", 100),
    ]
    assert (rows[2]["layers"], left) == (0, [])
    for _ in range(5):
        store.editor.undo()
    assert names(store) == []


def test_a_name_must_be_free_and_keep_its_size(store: ProjectStore) -> None:
    service.generate_list(store, TrainingRequest(models=2, options={"size": "small"}))
    with pytest.raises(UserError, match="already"):
        service.edit_model(store, 0, "dense-small-2", {})
    with pytest.raises(UserError, match="size"):
        service.edit_model(store, 0, "mine", {})
    with pytest.raises(UserError, match="needs a name"):
        service.edit_model(store, 0, " ", {})


def test_a_job_trains_the_list_unless_asked_for_another(store: ProjectStore) -> None:
    assert training_job(store, TrainingRequest()).models is None
    service.generate_list(store, TrainingRequest(models=2))
    assert [m["name"] for m in (training_job(store, TrainingRequest()).models or ())] == names(store)
    assert training_job(store, TrainingRequest(family="dense")).models is None
    assert training_job(store, TrainingRequest(own_list=False)).models is None
    assert {m["epochs"] for m in (training_job(store, TrainingRequest(epochs=3)).models or ())} == {3}


def test_models_that_can_not_be_made_are_named(store: ProjectStore) -> None:
    service.put_list(store, [new_model("odd", SETTINGS, [unit("Convolution2D", filters=3)], (16, 4), 2)])
    with pytest.raises(UserError, match=r"odd.*Model Wizard"):
        training_job(store, TrainingRequest(own_list=True))


def test_a_list_of_window_classifiers_is_trained_on_request_only(store: ProjectStore) -> None:
    service.generate_list(store, TrainingRequest(models=1, family="conv1d"))
    assert training_job(store, TrainingRequest()).models is None
    assert "--list" in training_warnings(store.project)[0]
    assert "--list" not in " ".join(training_warnings(store.project, listed=True))
    assert [m["family"] for m in (training_job(store, TrainingRequest(own_list=True)).models or ())] == [
        "conv1d"
    ]


def test_windows_are_suggested_with_what_they_do(store: ProjectStore) -> None:
    w = suggested(store.project)
    assert 0.5 < w.context_s < 1
    assert "a usual label lasts" in w.reason
    labels = [[Label(1.0, 0.2, "a"), Label(1.25, 0.2, "b"), Label(5.0, 3.0, "a")]]
    done = effect(labels, Windows(1.0, 2.0, 50.0))
    assert (done.labels, done.single, done.lost) == (3, 2, 0)
    assert "2 of 3" in sentence(done, w)


def test_windows_outlast_the_project_and_reach_the_job(store: ProjectStore) -> None:
    choose(store, replace(suggested(store.project), context_s=1.5, prediction_hz=4.0))
    store.close()
    again = open_project(store.path, "a test")
    try:
        assert again.project.state.windows == (1.5, 4.0)
        body = training_job(again, TrainingRequest(family="conv1d"))
        assert (body.context_s, body.prediction_hz) == (1.5, 4.0)
        options = {"context_s": 0.5}
        assert training_job(again, TrainingRequest(options=options)).context_s == 0.5
        assert chosen(again.project).context_s == 1.5
    finally:
        again.close()


def test_without_labels_in_train_windows_are_still_suggested(store: ProjectStore) -> None:
    project = store.project
    assign(store.editor, [s for s in project.sessions() if project.set_of(s.id) == "train"], "unassigned")
    w = suggested(project)
    assert "Train has no labels yet" in w.reason
    assert 0.3 < w.context_s < 1.5
    assert "no labels" in sentence(effect([], w), w)


def test_the_wizards_settings_are_kept_where_studio_keeps_them(store: ProjectStore) -> None:
    options = {"classifier": "dense", "pooling": False, "learning_rate": "high", "flavor": "largekern"}
    request = TrainingRequest(family="conv1d", models=2, epochs=60, classes=("down",), options=options)
    service.generate_list(store, request)
    kept = dict(store.project.state.factory)
    assert kept["Epochs"] == "60"
    assert (kept["ModelFlavor"], kept["ClassifierType"], kept["Pooling"]) == ("LargeKern", "Dense", "False")
    assert kept["LearnRate"] == "High"
    assert "ModelFamily" not in kept  # Conv1D is what Studio has where nobody chose
    rows, _ = service.rows_to_train(store.project)
    assert (rows[0]["classifier"], rows[0]["pooling"], rows[0]["downscale"]) == ("dense", False, False)
    service.generate_list(store, TrainingRequest(models=1, classes=("down",)))
    assert dict(store.project.state.factory) == kept
    for _ in range(2):
        store.editor.undo()
    assert (store.project.state.factory, names(store)) == ((), [])


def test_what_the_project_keeps_is_what_the_next_list_gets(store: ProjectStore) -> None:
    store.editor.apply(SetFactory((), (("Epochs", "250"), ("BatchSize", "128"))))
    service.generate_list(store, TrainingRequest(family="conv1dlstm", models=1, classes=("down",)))
    facts = facts_of(store.project.state.models[0])
    assert (facts.epochs, facts.batch, facts.family) == (250, 128, "conv1dlstm")


@pytest.mark.parametrize("layout", [Layout(), Layout(classifier="dense"), Layout(pooling=False),
                                    Layout(downscale=True), Layout("small", "accuracy", "largekern"),
                                    Layout("large", "speed", lstm=True)])  # fmt: skip
def test_what_is_listed_is_what_is_trained(layout: Layout) -> None:
    entry = new_model("m", SETTINGS, window_layers(50, 3, 0, layout), (50, 6), 3)
    facts = facts_of(entry)
    row = service._row("m", facts)
    spec = model_list(TrainingJob(models=(row,)))[0]
    network = windowed_network(50, 6, 2, spec.layers or 0, spec.layout)
    assert network.parameters == facts.parameters


def test_the_size_of_a_dense_model_is_told_before_it_is_trained(store: ProjectStore) -> None:
    sizes = service.dense_sizes(store.project)
    labels = [label for labels in train_labels(store.project) for label in labels]
    channels = next(s.shape[-1] for s in store.project.in_set("train"))
    front = choose_front_end(usual_rate(store.project), [x.length for x in labels], channels)
    classes = len({x.name for x in labels})
    for size, (layers, parameters) in sizes.items():
        spec = ModelSpec("m", size=size)
        network = dense_network(front.groups * channels, classes, spec.width, DILATIONS, spec.dropout)
        assert (layers, parameters) == (len(network.nodes) - 1, network.parameters)
    assert set(sizes) == {"small", "medium", "large"}


def test_windows_of_studios_preprocessor_are_used_until_others_are_chosen(store: ProjectStore) -> None:
    store.project.state.studio_windows = (2.0, 3.0)
    assert chosen(store.project).context_s == 2.0
    assert training_job(store, TrainingRequest()).prediction_hz == 3.0
    choose(store, replace(chosen(store.project), context_s=1.0))
    assert training_job(store, TrainingRequest()).context_s == 1.0
