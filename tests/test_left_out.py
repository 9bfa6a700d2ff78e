"""A run of the suite says in one line what it left out and why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.left_out import left_out, reason_of
from tests.where import ROOT

MADE = """
import pytest

@pytest.mark.skip(reason="no such disk")
def test_a(): ...

@pytest.mark.skip(reason="no such disk")
def test_b(): ...

def test_c():
    pytest.skip("needs another user")

def test_d(): ...
"""


def test_a_complete_run_says_that_nothing_is_missing() -> None:
    assert left_out([]) == "left out: nothing"


def test_reasons_are_counted_and_the_most_frequent_comes_first() -> None:
    assert left_out(["b", "a", "a"], deselected=4) == "left out: 2 because a; 1 because b; 4 not selected"


def test_the_reason_stands_on_one_line_without_the_word_before_it() -> None:
    assert reason_of(("file.py", 3, "Skipped: no\n  disk")) == "no disk"


def test_a_skip_without_a_reason_is_counted_too() -> None:
    assert reason_of(("file.py", 3, "Skipped: ")) == "no reason given"


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_the_line_ends_a_run_alone_and_with_workers(tmp_path: Path, workers: list[str]) -> None:
    (tmp_path / "test_made.py").write_text(MADE)
    hook = (ROOT / "tests/conftest.py").read_text()
    (tmp_path / "conftest.py").write_text(hook)
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    words = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", *workers, "--rootdir", str(tmp_path)]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-k", "not test_d", str(tmp_path / "test_made.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    lines = [line for line in ran.stdout.splitlines() if line.startswith("left out:")]
    assert lines == [
        "left out: 2 because no such disk; 1 because needs another user"
        + ("" if workers else "; 1 not selected")
    ], ran.stdout + ran.stderr
