"""The verb demo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.support import Call, Ran
from tests.made_project import make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_demo(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = call("demo", tmp_path / "d", "--no-open", "--json")
    if ran.code:
        pytest.skip("the demo is not made yet")
    assert Path(ran.json["project"]).is_file()
    assert good(call("info", tmp_path / "d", "--json")).json["sessions"]
    again = call("demo", tmp_path / "d", "--no-open")
    assert (again.code, "not empty" in again.sentence) == (1, True)
