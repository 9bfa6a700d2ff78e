"""Model files: what they say, what is refused, and that plain Keras opens them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.model.model_file import read_model_info, read_report, read_weights
from labelloop.labeling.postprocess import PostSettings
from labelloop.learning.data.frames import choose_front_end, features, fit_front_end
from labelloop.learning.data.prepared import SESSION, fit_norm
from labelloop.learning.networks.description import dense_network, ensemble, ensemble_weights, initial_weights
from labelloop.learning.predicting.model import Model
from labelloop.learning.predicting.model_io import load_model, save_model
from tests.learning.made import movements
from tests.where import SHARED, needs_shared

STUDIO = SHARED / "studio" / "IndoorOutdoorDetector"
M = {"event_f1_30": 1.0, "event_f1_50": 0.9, "event_f1_70": 0.8, "accuracy": 0.95, "f1": 0.9}


@pytest.fixture(scope="module")
def model() -> Model:
    rec = movements(1).recording
    front = fit_front_end(choose_front_end(50, [1.2] * 9, 3), [rec])
    norm = fit_norm(SESSION, [features(front, rec, 0, front.frames(len(rec.times)))])
    one = dense_network(front.groups * 3, 2, 8, (1, 2), 0.1)
    weights = ensemble_weights([initial_weights(one, k) for k in (1, 2)])
    post = PostSettings(0.4, per_class={"up": {"gap_s": 0.5}})
    return Model(
        "m",
        "dense",
        ("up", "down"),
        ("x", "y", "z"),
        50.0,
        front,
        (norm,),
        ensemble([one, one]),
        weights,
        post,
    )


@pytest.fixture(scope="module")
def saved(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "deep" / "m.h5"
    save_model(
        path, model, {"train": M, "validation": M, "test": None}, {"up": 1.2}, {"history": [{"loss": 1.0}]}
    )
    return path


def altered(saved: Path, tmp_path: Path, change: Any) -> Path:
    path = tmp_path / "altered.h5"
    path.write_bytes(saved.read_bytes())
    with h5py.File(path, "a") as file:
        change(file)
    return path


@pytest.mark.slow
def test_a_file_says_what_it_is(model: Model, saved: Path) -> None:
    info = read_model_info(saved)
    assert (info.name, info.maker, info.family, info.classes) == ("m", "labelloop", "dense", ("up", "down"))
    assert (info.channels, info.rate_hz, info.parameters) == (("x", "y", "z"), 50.0, model.network.parameters)
    assert info.validation == M
    assert info.test is None
    assert info.lengths == {"up": 1.2}
    assert PostSettings.from_json(info.post) == model.post
    assert read_report(saved) == {"history": [{"loss": 1.0}]}


@pytest.mark.slow
def test_a_model_comes_back_as_it_was(model: Model, saved: Path) -> None:
    rec = movements(2).recording
    back = load_model(saved)
    assert (back.front, back.network, back.post) == (model.front, model.network, model.post)
    for a, b in zip(model.scores(rec), back.scores(rec), strict=True):
        assert a is not None
        assert b is not None
        assert np.abs(a - b).max() < 1e-6


@pytest.mark.slow
def test_plain_keras_opens_it(model: Model, saved: Path) -> None:
    import keras

    plain = keras.models.load_model(saved, compile=False)
    assert plain.count_params() == model.network.parameters
    x = np.random.default_rng(0).normal(size=(1, 60, plain.input_shape[-1])).astype(np.float32)
    from labelloop.learning.networks.numpy_run import run_network

    ours = run_network(model.network.nodes, model.weights, x, model.network.outputs)
    for a, b in zip(ours, plain(x, training=False), strict=True):
        assert np.abs(a - np.asarray(b)).max() < 1e-5


@pytest.mark.slow
def test_a_hostile_layer_is_not_run(saved: Path, tmp_path: Path) -> None:
    def change(file: Any) -> None:
        meta = json.loads(file.attrs["labelloop"])
        next(n for n in meta["network"]["nodes"] if n["layer"] == "Activation")["layer"] = "Lambda"
        file.attrs["labelloop"] = json.dumps(meta)

    hostile = load_model(altered(saved, tmp_path, change))
    with pytest.raises(UserError, match="Lambda"):
        hostile.scores(movements(2).recording)


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["json", "version", "classes", "weights"])
def test_damage_is_refused(saved: Path, tmp_path: Path, damage: str) -> None:
    def change(file: Any) -> None:
        meta = json.loads(file.attrs["labelloop"])
        if damage == "json":
            file.attrs["labelloop"] = "{"
        elif damage == "version":
            file.attrs["labelloop"] = json.dumps(meta | {"version": 99})
        elif damage == "classes":
            file.attrs["labelloop"] = json.dumps({k: v for k, v in meta.items() if k != "classes"})
        else:
            layer = next(iter(file["model_weights"]))
            del file["model_weights"][layer]

    with pytest.raises(UserError, match="can't be used as a model"):
        load_model(altered(saved, tmp_path, change))


def test_files_of_others_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file.attrs["model_config"] = "{}"
    with pytest.raises(UserError, match="neither this program nor Studio"):
        read_model_info(other)
    text = tmp_path / "text.h5"
    text.write_text("hello")
    with pytest.raises(UserError, match="no HDF5"):
        read_model_info(text)
    torn = tmp_path / "torn.h5"
    torn.write_bytes(other.read_bytes()[:600])
    with pytest.raises(UserError, match="damaged"):
        read_model_info(torn)
    with pytest.raises(UserError, match="can't be read"):
        read_model_info(tmp_path / "none.h5")
    with pytest.raises(UserError, match="can't be read"):
        read_model_info(tmp_path)


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = np.array([b"a"])
        layer = group.create_group("a")
        layer.attrs["weight_names"] = np.array([b"k"])
        layer.create_dataset("k", data=np.array([b"evil"]))
    with pytest.raises(UserError, match="weights are damaged"):
        read_weights(path)


def studio_file(
    path: Path, unit: str = "Core.Queues.SlidingWindow", layer: str = "Dense", doctype: str = ""
) -> Path:
    argument = (
        "<Argument param='window_shape' type='Shape'>[8,2]</Argument><Argument param='stride'>6</Argument>"
    )
    more = (
        "<Argument param='contextual_length_sec'>4</Argument><Argument param='prediction_freq'>0.5</Argument>"
    )
    rows = [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [None, 8, 2]}},
        {"class_name": "Flatten", "config": {"name": "f"}},
        {
            "class_name": layer,
            "config": {"name": "d", "units": 2, "use_bias": False, "activation": "softmax"},
        },
    ]
    with h5py.File(path, "w") as file:
        file.attrs["mapping"] = "{'down': 1, 'unlabelled': 0}"
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": rows}})
        file.attrs["parameters"] = np.array(["32"], dtype=h5py.string_dtype())
        file.attrs["immodel_config"] = (
            f"{doctype}<ImagimobStudio><Model name='small'><Preprocessor inshape='[2]' infreq='2'>"
            f"<Unit id='{unit}'>{argument}{more}</Unit></Preprocessor></Model></ImagimobStudio>"
        )
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = np.array([b"f", b"d"])
        group.create_group("f").attrs["weight_names"] = np.array([], dtype="S1")
        own = group.create_group("d")
        own.attrs["weight_names"] = np.array([b"d/kernel:0"])
        own.create_dataset("d/kernel:0", data=np.ones((16, 2), dtype=np.float32))
    return path


@pytest.mark.parametrize(
    ("unit", "window", "stride"),
    [("Core.Queues.SlidingWindow", 8, 3), ("Core.Packages.ContextualWindow", 8, 4)],
)
def test_a_model_of_studio_is_understood(tmp_path: Path, unit: str, window: int, stride: int) -> None:
    path = studio_file(tmp_path / "s.h5", unit)
    info = read_model_info(path)
    assert (info.maker, info.name, info.classes, len(info.channels), info.rate_hz) == (
        "studio",
        "small",
        ("down",),
        2,
        2,
    )
    (level,) = info.meta["preprocessor"]["levels"]
    assert (level["shape"][0], level["stride"], info.parameters) == (window, stride * 2, 32)
    assert load_model(path).network.outputs == ("d",)


def test_what_is_not_supported_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Imagimob\.FFT"):
        read_model_info(studio_file(tmp_path / "a.h5", "Imagimob.FFT"))
    with pytest.raises(UserError, match="Lambda"):
        read_model_info(studio_file(tmp_path / "b.h5", layer="Lambda"))
    with pytest.raises(UserError, match="plain XML"):
        read_model_info(studio_file(tmp_path / "c.h5", doctype="<!DOCTYPE x [<!ENTITY y 'z'>]>"))


@needs_shared
def test_a_real_model_of_studio_repeats_its_own_predictions() -> None:
    from tests.learning.made import Made

    model = load_model(next(STUDIO.glob("Models/*/*.h5")))
    tracks = sorted(STUDIO.glob("Models/*/Predictions/sessions/*/*10.data"))
    assert len(tracks) == 68
    for track in tracks[::12]:
        data = np.loadtxt(
            next(STUDIO.glob(f"Data/*/{track.parent.name}/data.csv")), delimiter=",", skiprows=1
        )
        header = track.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        column = [name.strip() for name in header].index("pred_indoor")
        rows = np.loadtxt(track, delimiter=",", skiprows=1)
        scores, _, _ = model.scores(Made(data[:, 0], data[:, 1:]))
        assert np.abs(scores[:, 1] - rows[:, column]).max() < 1e-4
