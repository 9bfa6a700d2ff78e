"""What was said of a table holds for the next ones of its form."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats.signals.dialect import TableOptions
from labelloop.storage.signals import SignalStore
from labelloop.storage.table_options import FILE, dialect_words, keep_options, options_for

GIVEN = TableOptions(rate_hz=52)


def bare(path: Path, header: str = "a,b") -> Path:
    path.write_text(header + "\n" + "".join(f"{n % 7},{n % 5}\n" for n in range(60)))
    return path


def test_options_come_back_for_the_form(tmp_path: Path) -> None:
    home = tmp_path / ".labelloop"
    one, two, other = (
        bare(tmp_path / n, h) for n, h in (("1.csv", "a,b"), ("2.csv", "a,b"), ("3.csv", "c,d"))
    )
    assert options_for(home, one) == TableOptions()
    keep_options(home, [one], GIVEN)
    assert [options_for(home, x) for x in (one, two, other)] == [GIVEN, GIVEN, TableOptions()]
    keep_options(home, [other], TableOptions(time="c", decimal=","))
    assert options_for(home, one) == GIVEN
    assert options_for(home, other) == TableOptions(time="c", decimal=",")


def test_nothing_said_keeps_nothing(tmp_path: Path) -> None:
    keep_options(tmp_path / ".labelloop", [bare(tmp_path / "1.csv")], TableOptions())
    assert not (tmp_path / ".labelloop").exists()


def test_a_recording_is_read_by_what_was_said(tmp_path: Path) -> None:
    path, home = bare(tmp_path / "1.csv"), tmp_path / ".labelloop"
    store = SignalStore(home / "cache")
    with pytest.raises(UserError, match="--rate"):
        store.load(path)
    keep_options(home, [path], GIVEN)
    assert store.load(path).rate_hz == pytest.approx(52)
    assert dialect_words(home, path) == "commas, no time column, 52 Hz, 2 channels"


def test_a_damaged_file_of_options_is_passed_over(tmp_path: Path) -> None:
    path, home = bare(tmp_path / "1.csv"), tmp_path / ".labelloop"
    home.mkdir()
    (home / FILE).write_bytes(b"[")
    assert options_for(home, path) == TableOptions()
