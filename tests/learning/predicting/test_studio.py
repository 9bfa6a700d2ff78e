"""Studio's models, rebuilt from the layers that their files list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model.info import ModelInfo
from labelloop.learning.data.units import Chain
from labelloop.learning.predicting import studio
from labelloop.learning.predicting.studio import load_studio_model


def _info(*layers: dict[str, Any]) -> ModelInfo:
    levels = [{"shape": [16, 2], "stride": 8, "ops": []}]
    meta = {"layers": list(layers), "preprocessor": {"rate_hz": 50.0, "channels": 2, "levels": levels}}
    return ModelInfo(Path("m.h5"), "m", "studio", "conv1d", ("up",), ("a", "b"), 50.0, 1, meta=meta)


DENSE: dict[str, Any] = {"layer": "Dense", "name": "last", "config": {"units": 2, "activation": "softmax"}}


def test_the_input_is_a_window_where_the_file_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "read_weights", lambda _: {"last": []})
    model = load_studio_model(Path("m.h5"), _info(DENSE))
    assert model.network.nodes[0]["config"]["shape"] == [16, 2]
    assert isinstance(model.front, Chain)
    assert (model.front.window, model.front.stride) == (16, 4)
    assert model.network.outputs == ("last",)


def test_the_input_is_what_the_file_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "read_weights", lambda _: {"last": []})
    first: dict[str, Any] = {"layer": "InputLayer", "name": "in", "config": {"batch_shape": [None, 8, 3]}}
    assert load_studio_model(Path("m.h5"), _info(first, DENSE)).network.nodes[0]["config"]["shape"] == [8, 3]


def test_missing_weights_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "read_weights", lambda _: {})
    with pytest.raises(UserError, match=r"m\.h5 .*weights of some layers are missing"):
        load_studio_model(Path("m.h5"), _info(DENSE))
