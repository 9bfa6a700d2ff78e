"""What a model file (.h5) that Studio trained says of itself: its classes, preprocessor and layers."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError, printable
from labelloop.formats.model.info import STUDIO, ModelInfo, attribute
from labelloop.formats.model.sizes import TooLargeError, check_layers, check_outputs

SLIDING, CONTEXTUAL = "Core.Queues.SlidingWindow", "Core.Packages.ContextualWindow"
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


@dataclass(frozen=True, slots=True)
class Preprocessor:
    """How samples become windows: their length and distance in samples, for a number of channels."""

    window: int
    stride: int
    channels: int
    rate_hz: float


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
        check_outputs(prep.window, prep.channels, layers)
        name = _model_name(attribute(file, STUDIO) or "") or path.stem
        parameters = int(float(attribute(file, "parameters") or 0))
    except TooLargeError:
        raise
    except (ValueError, SyntaxError, AttributeError, TypeError, RecursionError, MemoryError) as error:
        raise _refused(path, "its description (by Studio) is damaged") from error
    meta = {"layers": layers, "window": prep.window, "stride": prep.stride}
    channels = tuple(f"channel {n + 1}" for n in range(prep.channels))
    family = "conv2d" if any(x["layer"] == "Conv2D" for x in layers) else "conv1d"
    return ModelInfo(
        path, name, "studio", family, tuple(names[1:]), channels, prep.rate_hz, parameters, meta=meta
    )


def read_preprocessor(path: Path, text: str) -> Preprocessor:
    """The windowing in a model's XML configuration. Raises UserError naming a unit that is not supported."""
    root = _xml(path, text)
    node = root.find(".//Preprocessor")
    if node is None:
        raise _refused(path, "it says nothing of its preprocessor")
    units = node.findall("Unit")
    known = (SLIDING, CONTEXTUAL)
    other = [u.get("id", "?") for u in units if u.get("id") not in known]
    if other:
        listed = ", ".join(printable(name) for name in other)
        raise _refused(path, f"its preprocessor uses {listed}, which is not supported")
    if len(units) != 1:
        raise _refused(path, f"its preprocessor has {len(units)} windows in a row, and one is supported")
    rate = float(node.get("infreq") or 0)
    channels = _shape(node.get("inshape"))[-1]
    values = {str(a.get("param")): (a.text or "").strip() for a in units[0].findall("Argument")}
    if units[0].get("id") == SLIDING:
        window = _shape(values["window_shape"])[0]
        stride = max(1, int(values["stride"]) // channels)
    else:
        window = max(1, round(float(values["contextual_length_sec"]) * rate))
        stride = max(1, round(rate / float(values["prediction_freq"])))
    if not (0 < window < 10**7 and 0 < channels < 10**5 and rate > 0):
        raise ValueError("sizes")
    return Preprocessor(window, stride, channels, rate)


def _shape(text: str | None) -> list[int]:
    shape = [int(v) for v in (text or "").strip("[] ").split(",")]
    if not shape:
        raise ValueError("shape")
    return shape


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
