"""``python -m tests.benchmarks`` knows every benchmark, and each of them can be loaded."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import BENCHMARKS, Given, main, true_labels

HERE = Path(__file__).parent


def test_every_script_is_in_the_list() -> None:
    scripts = {path.stem for path in HERE.glob("*.py") if 'if __name__ == "__main__"' in path.read_text()}
    assert scripts - {"__main__", "test_benchmarks"} == set(BENCHMARKS)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_fits_the_program_as_it_is(name: str) -> None:
    assert importlib.import_module(f"tests.benchmarks.{name}").__doc__


def test_the_list_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == list(BENCHMARKS)


def test_an_unknown_name_is_refused_and_the_known_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["nothing"])
    assert "first_frame" in capsys.readouterr().err


def test_true_labels_lie_where_sessions_do(tmp_path: Path) -> None:
    given = Given(tmp_path)
    folder = true_labels(tmp_path / "truth", "down")
    found = (folder / "down" / "down_02" / "label.label").read_text()
    assert found.count("down") == (given.session / "label.label").read_text().count("down")
