"""The layers of Studio's Model Wizard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.formats.improj.layers import WIDTHS, Layout, unit, window_layers, wizard_model
from labelloop.formats.xml.scanner import Node, Style


def kinds(layers: list[Node]) -> list[str]:
    return [dict(layer.attributes)["id"].removeprefix("Core.Layers.") for layer in layers]


def settings(layer: Node) -> dict[str, str | None]:
    return {dict(row.attributes)["param"]: row.text for row in layer.children}


def test_a_layer_names_the_type_of_each_setting() -> None:
    text = unit("Dense", units=2, activation="linear", use_bias=True).render(Style(), "")
    assert '<Argument param="units" type="Int32">2</Argument>' in text
    assert '<Argument param="activation" type="String">linear</Argument>' in text
    assert '<Argument param="use_bias" type="Boolean">True</Argument>' in text


ALIKE = pytest.mark.xfail(strict=True, reason="medium for speed and small for accuracy have equal filters")


@pytest.mark.parametrize(
    ("size", "optimization"),
    [
        pytest.param(size, way, marks=[ALIKE] if (size, way) == ("medium", "speed") else [])
        for size in WIDTHS
        for way in ("balanced", "accuracy", "speed")
    ],
)
def test_a_model_is_recognised_by_its_filters(size: str, optimization: str) -> None:
    for number in range(len(WIDTHS[size])):
        layers = window_layers(100, 3, number, Layout(size, optimization))
        named = list(zip(kinds(layers), layers, strict=True))
        filters = [int(settings(x)["filters"] or 0) for kind, x in named if kind == "Convolution1D"]
        norms = kinds(layers).count("BatchNormalization")
        assert wizard_model(filters, norms) == (size, optimization, number)


def test_foreign_filters_are_no_model_of_the_wizard() -> None:
    assert wizard_model((7,), 1) is None


@pytest.mark.parametrize(
    ("layout", "kind"),
    [
        (Layout(), "GlobalAveragePool1D"),
        (Layout(classifier="dense"), "Flatten"),
        (Layout(lstm=True), "LSTM"),
    ],
)
def test_what_stands_before_the_classifier(layout: Layout, kind: str) -> None:
    assert kinds(window_layers(100, 3, 0, layout))[-3:] == [kind, "Dense", "Activation"]


def test_a_short_window_is_not_pooled() -> None:
    assert "MaxPool1D" not in kinds(window_layers(8, 3, 0, Layout()))
    assert "MaxPool1D" in kinds(window_layers(100, 3, 0, Layout()))


def test_pooling_can_be_left_out() -> None:
    assert "MaxPool1D" not in kinds(window_layers(100, 3, 0, replace(Layout(), pooling=False)))


def test_the_last_layer_has_a_value_for_each_class() -> None:
    assert settings(window_layers(100, 5, 0, Layout())[-2])["units"] == "5"
