"""What a model file (.h5) that Studio trained says of itself: its classes, preprocessor and layers."""

from __future__ import annotations

import ast
import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError, printable
from labelloop.formats.model.info import STUDIO, ModelInfo, attribute
from labelloop.formats.model.sizes import TooLargeError, check_layers, check_outputs
from labelloop.formats.model.units import UnsupportedError, read_units

UNLABELLED = "unlabelled"
MOST_TEXT = 8 << 20
LAYERS: dict[str, tuple[str, ...]] = {
    "InputLayer": ("batch_input_shape", "batch_shape"),
    "Conv1D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias", "activation"),
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias", "activation"),
    "Dense": ("units", "use_bias", "activation"),
    "BatchNormalization": ("epsilon",),
    "Activation": ("activation",),
    "MaxPooling1D": ("pool_size", "padding", "strides"),
    "MaxPooling2D": ("pool_size", "padding", "strides"),
    "GlobalAveragePooling1D": (),
    "GlobalAveragePooling2D": (),
    "LSTM": ("units", "return_sequences", "activation", "recurrent_activation"),
    "Flatten": (),
    "Reshape": ("target_shape",),
    "Dropout": ("rate",),
}  # the kinds that are understood, and what of their configuration is read


DAMAGED = (ValueError, KeyError, SyntaxError, AttributeError, TypeError, RecursionError, MemoryError)


def studio_info(path: Path, file: Any) -> ModelInfo:
    """What an opened model file of Studio says of itself.

    Raises:
        UserError: something in it is damaged or not supported; the message names it.
    """
    try:
        mapping = ast.literal_eval(attribute(file, "mapping") or "")
        ids = {str(name): int(number) for name, number in mapping.items()}
        names = sorted(ids, key=lambda name: ids[name])
        if [ids[n] for n in names] != list(range(len(names))) or names[0] != UNLABELLED:
            raise ValueError("mapping")
        prep = read_preprocessor(path, attribute(file, STUDIO) or "")
        layers = read_layers(path, attribute(file, "model_config") or "")
        check_layers(layers)
        last = prep["levels"][-1]["shape"]
        check_outputs(last[0], math.prod(last[1:]), layers)
        name = _model_name(attribute(file, STUDIO) or "") or path.stem
        parameters = int(float(attribute(file, "parameters") or 0))
    except TooLargeError:
        raise
    except DAMAGED as error:
        raise _refused(path, "its description (by Studio) is damaged") from error
    meta = {"layers": layers, "preprocessor": prep}
    channels = tuple(f"channel {n + 1}" for n in range(prep["channels"]))
    family = "conv2d" if any(x["layer"] == "Conv2D" for x in layers) else "conv1d"
    return ModelInfo(
        path, name, "studio", family, tuple(names[1:]), channels, prep["rate_hz"], parameters, meta=meta
    )


def read_preprocessor(path: Path, text: str) -> dict[str, Any]:
    """The preprocessor in a model's XML configuration, as ``read_units`` has it.

    Raises:
        UserError: it has a unit that is not supported; the message names it.
    """
    node = _xml(path, text).find(".//Preprocessor")
    if node is None:
        raise _refused(path, "it says nothing of its preprocessor")
    try:
        return read_units(node)
    except UnsupportedError as error:
        raise _refused(path, f"{error}, which is not supported") from error


def _model_name(text: str) -> str:
    model = ElementTree.fromstring(text.lstrip("\ufeff").encode()).find("Model")
    return str(model.get("name") or "") if model is not None else ""


def _xml(path: Path, text: str) -> ElementTree.Element:
    """An XML configuration without document type or entities."""
    if len(text) > MOST_TEXT or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _refused(path, "its configuration is not the plain XML that Studio writes")
    try:
        return ElementTree.fromstring(text.lstrip("\ufeff").encode())
    except ElementTree.ParseError as error:
        raise _refused(path, "its configuration by Studio is no XML") from error


def read_layers(path: Path, text: str) -> list[dict[str, Any]]:
    """The layers of a sequential model's configuration: name, kind, and the settings that count."""
    config = parsed(text[:MOST_TEXT])
    if config.get("class_name") != "Sequential":
        raise _refused(path, "its layers do not form one row, which is all that is supported")
    out: list[dict[str, Any]] = []
    for row in config["config"]["layers"]:
        kind = str(row["class_name"])
        if kind not in LAYERS:
            raise _refused(path, f"it has a layer of the kind '{printable(kind)}', which is not supported")
        own: Mapping[str, Any] = row["config"]
        values = {k: _plain(own[k], kind) for k in LAYERS[kind] if own.get(k) is not None}
        _check_layer(path, kind, values)
        out.append({"name": str(own.get("name") or row.get("name")), "layer": kind, "config": values})
    return out


def _plain(value: Any, kind: str) -> Any:
    """A setting as numbers, texts or lists of numbers; one-dimensional layers get single numbers."""
    if isinstance(value, (list, tuple)):
        numbers = [None if v is None else int(v) for v in value]
        return numbers[0] if kind.endswith("1D") and len(numbers) == 1 else numbers
    if isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError("setting")


def _check_layer(path: Path, kind: str, values: Mapping[str, Any]) -> None:
    if kind.startswith("MaxPooling") and values.get("strides", values["pool_size"]) != values["pool_size"]:
        raise _refused(path, "it pools with a stride that is not the pool's size, which is not supported")
    if kind == "Conv2D" and values.get("dilation_rate", [1, 1]) != [1, 1]:
        raise _refused(path, "it has a dilated Conv2D layer, which is not supported")
    plain = (
        values.get("activation", "tanh") == "tanh"
        and values.get("recurrent_activation", "sigmoid") == "sigmoid"
    )
    if kind == "LSTM" and not plain:
        raise _refused(path, "it has an LSTM layer with unusual activations, which is not supported")


def _refused(path: Path, why: str) -> UserError:
    return UserError(f"{printable(path.name)} can't be used as a model: {why}.")
