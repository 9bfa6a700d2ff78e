"""The window classifiers of Studio's Model Wizard."""

from __future__ import annotations

import pytest

from labelloop.formats.improj.layers import Layout
from labelloop.learning.networks.studio import windowed_network


def _kinds(layout: Layout | None = None, window: int = 64) -> list[str]:
    return [node["layer"] for node in windowed_network(window, 3, 2, 0, layout).nodes]


def test_it_ends_in_a_class_more_than_are_known() -> None:
    network = windowed_network(64, 3, 2)
    assert network.nodes[0]["config"]["shape"] == [64, 3]
    assert network.nodes[-1]["config"] | {"units": 3, "activation": "softmax"} == network.nodes[-1]["config"]
    assert network.outputs == (network.nodes[-1]["name"],)


@pytest.mark.parametrize(
    ("layout", "layer"),
    [
        (Layout(), "GlobalAveragePooling1D"),
        (Layout(classifier="dense"), "Reshape"),
        (Layout(lstm=True), "LSTM"),
    ],
)
def test_how_time_is_brought_together(layout: Layout, layer: str) -> None:
    assert _kinds(layout)[-2] == layer


def test_speed_has_one_convolution_a_block() -> None:
    fast, usual = _kinds(Layout(optimization="speed")), _kinds()
    assert fast.count("Conv1D") <= usual.count("Conv1D")
    assert fast.count("Conv1D") == fast.count("BatchNormalization")


def test_accuracy_normalises_after_each_convolution() -> None:
    kinds = _kinds(Layout(size="large", optimization="accuracy"))
    assert kinds.count("BatchNormalization") == kinds.count("Conv1D")


def test_without_pooling_there_is_none() -> None:
    assert "MaxPooling1D" in _kinds()
    assert "MaxPooling1D" not in _kinds(Layout(pooling=False))


@pytest.mark.parametrize("window", [1, 2, 5, 8])
def test_short_windows_make_a_network_too(window: int) -> None:
    assert _kinds(Layout(classifier="dense", downscale=True), window)[-1] == "Dense"


def test_models_of_a_list_differ_by_their_number() -> None:
    assert windowed_network(64, 3, 2, 0).nodes != windowed_network(64, 3, 2, 1).nodes
