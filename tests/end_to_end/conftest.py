"""Fixtures of the end-to-end tests."""

from __future__ import annotations

import pytest

from labelloop.cli.main import run
from tests.end_to_end.support import Call, Ran


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line in this process: quick, with what it says and its exit code."""

    def run_it(*args: object) -> Ran:
        capsys.readouterr()
        try:
            code = run([str(a) for a in args])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_it


@pytest.fixture(autouse=True)
def quick_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorFlow takes seconds to start; the doctor is told that it did."""
    monkeypatch.setattr("labelloop.services.projects.doctor._LEARNS", "print('graphics cards: 0')")
