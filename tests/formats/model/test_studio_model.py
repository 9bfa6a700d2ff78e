"""What Studio's model files say of themselves, and what in them is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model.studio_model import read_layers, read_preprocessor, studio_info

PATH = Path("m.h5")
SLIDING = (
    '<Unit id="Core.Queues.SlidingWindow"><Argument param="window_shape">[50,3]</Argument>'
    '<Argument param="stride">30</Argument></Unit>'
)
DENSE = {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "softmax"}}


def _config(units: str = SLIDING, shape: str = "[3]", rate: str = "50") -> str:
    head = f'<Preprocessor infreq="{rate}" inshape="{shape}">'
    return f'<Config><Model name="net" />{head}{units}</Preprocessor></Config>'


def _layers(*rows: dict[str, Any], kind: str = "Sequential") -> str:
    return json.dumps({"class_name": kind, "config": {"layers": list(rows)}})


def _file(**more: str) -> Any:
    attrs = {
        "mapping": "{'unlabelled': 0, 'up': 1, 'down': 2}",
        "immodel_config": _config(),
        "model_config": _layers(DENSE),
        "parameters": "12.0",
    }
    return SimpleNamespace(attrs={k: v for k, v in (attrs | more).items() if v})


def test_what_a_whole_file_says() -> None:
    info = studio_info(PATH, _file())
    assert (info.name, info.maker, info.family, info.classes) == ("net", "studio", "conv1d", ("up", "down"))
    assert (info.channels, info.rate_hz, info.parameters) == (
        ("channel 1", "channel 2", "channel 3"),
        50.0,
        12,
    )
    assert info.meta["preprocessor"]["levels"] == [{"shape": [50, 3], "stride": 30, "ops": []}]


@pytest.mark.parametrize(
    "change",
    [
        {"mapping": "{'up': 0}"},
        {"mapping": "{'unlabelled': 0, 'up': 2}"},
        {"mapping": "["},
        {"mapping": ""},
        {"parameters": "many"},
        {"immodel_config": _config(shape="[]")},
        {"immodel_config": _config(rate="0")},
        {"model_config": "[1"},
    ],
)
def test_damage_is_a_sentence(change: dict[str, str]) -> None:
    with pytest.raises(UserError, match=r"its description \(by Studio\) is damaged"):
        studio_info(PATH, _file(**change))


def test_a_window_in_seconds() -> None:
    unit = (
        '<Unit id="Core.Packages.ContextualWindow"><Argument param="contextual_length_sec">2</Argument>'
        '<Argument param="prediction_freq">5</Argument></Unit>'
    )
    prep = read_preprocessor(PATH, _config(unit))
    assert prep == {"rate_hz": 50, "channels": 3, "levels": [{"shape": [100, 3], "stride": 30, "ops": []}]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<Config />", "it says nothing of its preprocessor"),
        (_config('<Unit id="Core.Fft" />'), "its preprocessor uses Core.Fft, which is not supported"),
        ("<!DOCTYPE a><Config />", "is not the plain XML that Studio writes"),
        ("<Config", "its configuration by Studio is no XML"),
    ],
)
def test_a_preprocessor_that_is_not_supported(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_preprocessor(PATH, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_layers(DENSE, kind="Functional"), "its layers do not form one row"),
        (
            _layers({"class_name": "Lambda", "config": {}}),
            "a layer of the kind 'Lambda', which is not supported",
        ),
        (
            _layers({"class_name": "MaxPooling1D", "config": {"name": "p", "pool_size": 2, "strides": 1}}),
            "pools with a stride that is not the pool's size",
        ),
        (
            _layers({"class_name": "LSTM", "config": {"name": "l", "units": 2, "activation": "relu"}}),
            "an LSTM layer with unusual activations",
        ),
        (
            _layers({"class_name": "Conv2D", "config": {"name": "c", "dilation_rate": [2, 2]}}),
            "a dilated Conv2D layer",
        ),
    ],
)
def test_a_layer_that_is_not_supported(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_layers(PATH, text)


def test_lists_of_one_become_numbers() -> None:
    row = {"class_name": "Conv1D", "config": {"name": "c", "filters": 4, "kernel_size": [3], "strides": [1]}}
    (layer,) = read_layers(PATH, _layers(row))
    assert layer["config"]["kernel_size"] == 3
