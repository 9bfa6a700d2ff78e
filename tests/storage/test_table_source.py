"""Tables of any dialect become the same samples as in Studio's form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.signals.probe import channel_names, probe_signal
from labelloop.storage import table_source
from labelloop.storage.signals import Signal, SignalStore
from tests.formats.signals.test_detect import TABLES, N, rows


def load(folder: Path, data: str | bytes) -> Signal:
    path = folder / "data.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return SignalStore(folder / "cache").load(path)


STEPS = {"edge impulse": 0.016, "openbci": 0.005, "actigraph": 1 / 30, "empatica": 1 / 32}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("chunk", [1 << 16, 37])
def test_the_samples_of_each_dialect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, chunk: int
) -> None:
    monkeypatch.setattr(table_source, "_ROWS", chunk)
    data, _, _, time, _, channels = TABLES[name]
    signal = load(tmp_path, data)
    assert tuple(signal.names) == channels
    start = 36000.0 if time == "none of them" else 0.0
    expected = start + np.arange(N) * STEPS.get(name, 0.02)
    np.testing.assert_allclose(signal.times, expected, atol=2e-6)
    np.testing.assert_allclose(signal.channel(0), np.arange(N) % 7 + 0.5)
    probe = probe_signal(tmp_path / "data.csv")
    assert (probe.channels, probe.n) == (channels, N)
    assert probe.rate_hz == pytest.approx(1 / STEPS.get(name, 0.02), rel=1e-3)
    assert channel_names(tmp_path / "data.csv") == channels


@pytest.mark.parametrize("word", ["NAN", "NaN", "na", "N/A", "null", "-", "", "None", "#N/A"])
@pytest.mark.parametrize("mark", [",", ";"])
def test_every_spelling_of_no_number(tmp_path: Path, word: str, mark: str) -> None:
    text = f"time{mark}x{mark}y\n" + rows(f"{{t:.2f}}{mark}{{a}}{mark}{{b}}")
    lines = text.splitlines()
    lines[60] = f"{59 * 0.02:.2f}{mark}{word}{mark}1"
    signal = load(tmp_path, "\n".join(lines))
    assert np.flatnonzero(np.isnan(signal.channel(0))).tolist() == [59]


def test_a_day_that_ends_goes_on(tmp_path: Path) -> None:
    clocks = ["23:59:58", "23:59:59", "00:00:00", "00:00:01", "00:00:02"]
    signal = load(tmp_path, "clock;x\n" + "".join(f"{c};{n}\n" for n, c in enumerate(clocks)))
    assert list(signal.times) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1.18;oops;1", 'line 61: column "x" holds "oops"'),
        ("soon;1;1", 'line 61: "soon" is no time'),
        ("1.18;1;1;1;1;1", "line 61: 6 values instead of 3"),
        ("0.10;1;1", "line 61: the time goes back"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    lines = ("time;x;y\n" + rows("{t:.2f};{a};{b}")).splitlines()
    lines[60] = line
    with pytest.raises(UserError, match=says):
        load(tmp_path, "\n".join(lines))


def test_years_are_no_recording(tmp_path: Path) -> None:
    text = "date;x\n" + "".join(f"20{n:02d}-01-01T00:00:0{n % 3};{n}\n" for n in range(10, 40))
    with pytest.raises(UserError, match=r"fewer than 0\.1 samples|span .* days"):
        load(tmp_path, text)


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    data = TABLES["gzip"][0]
    assert isinstance(data, bytes)
    with pytest.raises(UserError, match=r"damaged|can't be read"):
        load(tmp_path, data[: len(data) // 2])
