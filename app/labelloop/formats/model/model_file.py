"""Model files (.h5): what they say about themselves, their weights, and writing them.

The file is a legacy Keras HDF5 file with built-in layers only, so that ``keras.models.load_model`` opens it.
What we need beside that lies in the root attribute ``labelloop`` as JSON: an own description of the network,
from which it is rebuilt. The Keras configuration in the file is never executed.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.values import parsed
from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.model.contained import NotContainedError, check_contained
from labelloop.formats.model.info import OURS, REPORT, STUDIO, ModelInfo, attribute
from labelloop.formats.model.sizes import TooLargeError, check_front, check_layers
from labelloop.formats.model.studio_model import studio_info
from labelloop.formats.opening import open_regular

Array = npt.NDArray[Any]
VERSION = 1
MOST_BYTES = 1 << 30  # of weights; more is no model of ours or Studio's


def read_model_info(path: Path) -> ModelInfo:
    """What a model file says of itself.

    Raises:
        UserError: the file can't be read, or neither this program nor Studio made it.
    """
    with _opened(path) as file:
        text = attribute(file, OURS)
        if text is not None:
            return _our_info(path, text)
        if attribute(file, STUDIO) is not None or attribute(file, "mapping") is not None:
            return studio_info(path, file)
    raise _refused(
        path, "neither this program nor Studio made it; use a model that was trained here or in Studio"
    )


def _our_info(path: Path, text: str) -> ModelInfo:
    try:
        meta = parsed(text)
        version = int(meta["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(path, "its description is damaged; download or train it again") from error
    if version > VERSION:
        raise _refused(path, f"it was made by a newer version of this program (format {version})")
    try:
        check_layers(meta["network"]["nodes"])
        check_front(meta["front"])
        metrics = {k: meta.get("metrics", {}).get(k) for k in ("train", "validation", "test")}
        return ModelInfo(
            path,
            str(meta["name"]),
            "labelloop",
            str(meta["family"]),
            tuple(str(c) for c in meta["classes"]),
            tuple(str(c) for c in meta["channels"]),
            float(meta["rate_hz"]),
            int(meta["parameters"]),
            dict(meta.get("post", {})),
            lengths={str(k): float(v) for k, v in dict(meta.get("lengths", {})).items()},
            meta=meta,
            **metrics,
        )
    except TooLargeError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(path, "its description is damaged; download or train it again") from error


def read_report(path: Path) -> dict[str, Any]:
    """The training report in a model file of ours: history and statistics; empty when there is none."""
    with _opened(path) as file:
        try:
            value = parsed(attribute(file, REPORT) or "{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def read_weights(path: Path) -> dict[str, list[Array]]:
    """The weights of each layer by its name, in Keras' order.

    Raises:
        UserError: the file can't be read, or holds other things than arrays of numbers.
    """
    with _opened(path) as file:
        try:
            group = file["model_weights"]
            out: dict[str, list[Array]] = {}
            total = 0
            for layer in _names(group, "layer_names"):
                arrays = [group[layer][name] for name in _names(group[layer], "weight_names")]
                total += sum(int(np.prod(a.shape)) * a.dtype.itemsize for a in arrays)
                if total > MOST_BYTES or any(a.dtype.kind != "f" for a in arrays):
                    raise ValueError("sizes")
                if arrays:
                    out[layer] = [np.asarray(a[()], dtype=np.float32) for a in arrays]
            return out
        except Exception as error:  # as in _opened
            raise _refused(path, "its weights are damaged") from error


def write_model(
    path: Path,
    meta: Mapping[str, Any],
    report: Mapping[str, Any],
    keras_config: Mapping[str, Any],
    weights: Mapping[str, Sequence[Array]],
    weight_names: Mapping[str, Sequence[str]],
) -> None:
    """Write a model file as a whole or not at all.

    Args:
        path: where to; its folder is made when it is missing.
        meta: what ``read_model_info`` reads. report: what ``read_report`` reads.
        keras_config: the same network as a Keras configuration.
        weights: arrays of each layer, layers in the order of Keras' own list. weight_names: their names.

    Raises:
        UserError: the file can't be written.
    """
    import h5py

    temp = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temp = tempfile.mkstemp(prefix=".labelloop-", suffix=".tmp", dir=path.parent)
        os.close(handle)
        with h5py.File(temp, "w") as file:
            file.attrs[OURS] = json.dumps({**meta, "version": VERSION})
            file.attrs[REPORT] = json.dumps(report)
            file.attrs["model_config"] = json.dumps(keras_config)
            file.attrs["keras_version"] = "2.15.0"
            file.attrs["backend"] = "tensorflow"
            _write_weights(file.create_group("model_weights"), weights, weight_names)
        os.chmod(temp, 0o644)
        os.replace(temp, path)
    except OSError as error:
        if temp and os.path.exists(temp):
            os.unlink(temp)
        why = os_reason(error)
        raise UserError(
            f"The model {printable(path.name)} can't be written to {printable(str(path.parent))}: {why}."
        ) from error


def _write_weights(
    group: Any, weights: Mapping[str, Sequence[Array]], names: Mapping[str, Sequence[str]]
) -> None:
    group.attrs["backend"] = "tensorflow"
    group.attrs["keras_version"] = "2.15.0"
    group.attrs["layer_names"] = np.array(list(weights), dtype="S")
    for layer, arrays in weights.items():
        own = group.create_group(layer)
        labels = [f"{layer}/{name}:0" for name in names[layer]]
        own.attrs["weight_names"] = np.array(labels, dtype="S")
        for label, array in zip(labels, arrays, strict=True):
            own.create_dataset(label, data=np.asarray(array, dtype=np.float32))


def _names(group: Any, attr: str) -> list[str]:
    """A list of names in an attribute, which Keras splits over attr0, attr1, ... when it is long."""
    parts = [attr] if attr in group.attrs else [f"{attr}{n}" for n in range(len(group.attrs))]
    raw = [v for part in parts if part in group.attrs for v in group.attrs[part]]
    return [v.decode("utf-8") if isinstance(v, bytes) else str(v) for v in raw]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file opened for reading by h5py; what goes wrong while it is open ends in a UserError."""
    with open_regular(path, "The model") as plain:
        head = plain.read(8)
    if head != b"\x89HDF\r\n\x1a\n":
        raise _refused(path, "it is no HDF5 file")
    import h5py

    try:
        with h5py.File(path, "r") as file:
            check_contained(file, path.stat().st_size)
            yield file
    except UserError:
        raise
    except (NotContainedError, TooLargeError) as error:
        raise _refused(path, str(error)) from error
    except Exception as error:  # in a damaged file h5py raises errors of nearly every kind
        raise _refused(path, "it is truncated or damaged") from error


def _refused(path: Path, why: str) -> UserError:
    return UserError(f"{printable(path.name)} can't be used as a model: {why}.")
