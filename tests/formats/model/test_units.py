"""Units of Studio's preprocessors are read with all their settings; what is not known is named."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from labelloop.formats.model.units import UnsupportedError, read_units


def unit(name: str, **values: object) -> str:
    rows = "".join(f'<Argument param="{key}">{value}</Argument>' for key, value in values.items())
    return f'<Unit id="{name}">{rows}</Unit>'


def read(*units: str, inshape: str = "[1]", rate: float = 16000) -> dict[str, object]:
    text = f'<Preprocessor inshape="{inshape}" infreq="{rate}">{"".join(units)}</Preprocessor>'
    return read_units(ElementTree.fromstring(text))


SLIDING = unit("Core.Queues.SlidingWindow", window_shape="[512]", stride=160)
FFT, NORM = unit("Core.Math.Fft.RealFft", axis=0), unit("Core.Math.Norm", axis=0)


def mel(**more: object) -> str:
    given = {"num_filters": 20, "sample_rate": 16000, "f_low": 300, "f_high": 8000} | more
    return unit("Core.Signal.MelFilterbank", **given)


def test_a_window_counts_numbers_of_the_flat_stream() -> None:
    found = read(unit("Core.Queues.SlidingWindow", window_shape="[100,3]", stride=60), inshape="[6]", rate=95)
    assert found == {"rate_hz": 95, "channels": 6, "levels": [{"shape": [100, 3], "stride": 60, "ops": []}]}


def test_a_contextual_window_is_of_seconds() -> None:
    window = unit("Core.Packages.ContextualWindow", contextual_length_sec=1, prediction_freq=7)
    found = read(window, inshape="[2,3]", rate=50)
    assert found["channels"] == 6
    assert found["levels"] == [{"shape": [50, 6], "stride": 42, "ops": []}]


def test_sound_as_windows_of_spectra() -> None:
    second = unit("Core.Queues.SlidingWindow", window_shape="[60,20]", stride=660)
    hann = unit("Core.Math.Hann", sym=True)
    clip, log = unit("Core.Math.Clip", min=0.1, max=4), unit("Core.Math.Log", base=0)
    levels = read(SLIDING, hann, FFT, NORM, mel(), unit("Core.Math.AddI", A=1), clip, log, second)["levels"]
    assert isinstance(levels, list)
    assert [op["op"] for op in levels[0]["ops"]] == ["hann", "rfft", "abs", "mel", "add", "clip", "log"]
    assert levels[0]["ops"][3]["bins"] == 257
    assert levels[1] == {"shape": [60, 20], "stride": 660, "ops": []}


def test_speech_audio_is_a_row_of_these() -> None:
    speech = unit(
        "Core.Packages.SpeechAudio", output_freq=100, output_features=40, low_cut_freq=300, high_cut_freq=8000
    )
    window = unit("Core.Packages.ContextualWindow", contextual_length_sec=1, prediction_freq=7)
    levels = read(speech, window)["levels"]
    assert isinstance(levels, list)
    assert (levels[0]["shape"], levels[0]["stride"]) == ([512], 160)
    assert [op["op"] for op in levels[0]["ops"]] == ["hamming", "rfft", "abs", "mel", "add", "log", "clip"]
    assert (levels[1]["shape"], levels[1]["stride"]) == ([100, 40], 14 * 40)


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ([unit("Core.Odd.Unit")], "Core.Odd.Unit"),
        ([FFT], "before any window"),
        ([SLIDING, NORM], "Norm of something else"),
        ([SLIDING, FFT, NORM, mel(htk=False)], "HTK"),
        ([SLIDING, FFT, NORM, mel(num_filters=10**9)], "mel filters"),
        ([unit("Core.Queues.SlidingWindow", window_shape="[99999,99999]", stride=1)], "a window of"),
        ([unit("Core.Queues.SlidingWindow", window_shape=f"[{1 << 22}]", stride=1), FFT], "Fourier"),
        ([], "no window"),
    ],
)
def test_what_is_not_known_is_named(units: list[str], says: str) -> None:
    with pytest.raises(UnsupportedError, match=says):
        read(*units)


@pytest.mark.parametrize("shape", ["", "[]", "[0]", "[-3]", "[a]"])
def test_shapes_that_are_none(shape: str) -> None:
    with pytest.raises(ValueError, match=r"shape|invalid literal"):
        read(SLIDING, inshape=shape)
