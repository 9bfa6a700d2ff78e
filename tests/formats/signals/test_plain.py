"""Studio's own form is read as it is; what may be another is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats.opening import open_regular
from labelloop.formats.signals.dialect import Dialect, TableOptions
from labelloop.formats.signals.plain import understood
from labelloop.formats.signals.text import TextHead


def look(folder: Path, text: str, options: TableOptions | None = None) -> TextHead | Dialect:
    path = folder / "data.csv"
    path.write_text(text)
    with open_regular(path) as file:
        return understood(path, file, options)


def table(header: str, step: float = 0.02) -> str:
    return header + "".join(f"{n * step:.2f},{n % 7}\n" for n in range(60))


@pytest.mark.parametrize("header", ["", "Time (seconds),x\n", "# Time,x\n", "t,x\n", "Time[s],x\n"])
def test_studio_s_form_is_taken_as_it_is(tmp_path: Path, header: str) -> None:
    assert isinstance(look(tmp_path, table(header)), TextHead)


@pytest.mark.parametrize("header", ["Time (ms),x\n", "ts_us,x\n"])
def test_another_unit_is_a_dialect(tmp_path: Path, header: str) -> None:
    assert isinstance(look(tmp_path, table(header, 20)), Dialect)


def test_a_first_column_that_is_no_time_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no time column"):
        look(tmp_path, table("temp,x\n"))
    found = look(tmp_path, table("temp,x\n"), TableOptions(rate_hz=50))
    assert isinstance(found, Dialect)
    assert (found.names, found.rate_hz) == (("temp", "x"), 50)


def test_a_slow_time_is_never_taken_silently(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--time-unit"):
        look(tmp_path, table("t,x\n", 20.25))
    assert isinstance(look(tmp_path, table("t,x\n", 20.25), TableOptions(time_unit="s")), Dialect)


def test_damage_in_studio_s_form_is_told_as_damage(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='line 2: column "y" holds "oops"'):
        look(tmp_path, "Time,x,y\n0,1,oops\n")
    with pytest.raises(UserError, match="is empty"):
        look(tmp_path, "")
