"""What is converted reads back as the same samples, in Studio's form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.opening import open_regular
from labelloop.formats.signals.dialect import TableOptions
from labelloop.formats.signals.plain import understood
from labelloop.formats.signals.text import TextHead
from labelloop.services.exchange.convert import convert
from labelloop.storage.signals import SignalStore
from tests.storage.made_up import wav_bytes

ODD = "Zeit (ms);a, b;c\n" + "".join(f"{n * 20};{n % 7},5;{'' if n == 9 else n % 5}\n" for n in range(60))


def test_a_table_of_another_dialect(tmp_path: Path) -> None:
    source = tmp_path / "walk 1.txt"
    source.write_text(ODD)
    (done,) = convert([source], tmp_path / "out", TableOptions())
    assert done.target == tmp_path / "out" / "walk 1" / "data.csv"
    assert (done.rows, source.read_text()) == (60, ODD)
    assert "decimal comma" in done.understood
    with open_regular(done.target) as file:
        assert isinstance(understood(done.target, file), TextHead)
    one, two = (SignalStore(tmp_path / "cache").load(p) for p in (source, done.target))
    np.testing.assert_array_equal(one.times, two.times)
    np.testing.assert_array_equal(one.read(0, 60), two.read(0, 60))
    assert tuple(two.names) == ("a, b", "c")


def test_what_a_user_says_is_heeded(tmp_path: Path) -> None:
    source = tmp_path / "bare.csv"
    source.write_text("a,b\n" + "".join(f"{n % 7},{n % 5}\n" for n in range(60)))
    with pytest.raises(UserError, match="--rate"):
        convert([source], tmp_path / "out", TableOptions())
    (done,) = convert([source], tmp_path / "out", TableOptions(rate_hz=50))
    assert done.target.read_text().startswith("Time (seconds),a,b\n0.0,0,0\n0.02,1,1\n")


def test_a_sound_is_copied_and_nothing_is_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "hum.wav"
    source.write_bytes(wav_bytes(np.arange(200, dtype=np.int16), 2, 16))
    (done,) = convert([source], tmp_path / "out", TableOptions())
    assert done.target.read_bytes() == source.read_bytes()
    with pytest.raises(UserError, match="is there already"):
        convert([source], tmp_path / "out", TableOptions())
    assert [p.name for p in done.target.parent.iterdir()] == ["data.wav"]
