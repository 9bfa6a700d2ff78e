"""The verb doctor."""

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


def test_doctor(call: Call, project: Path) -> None:
    assert all(
        {"state", "what", "text"} == set(f) for f in good(call("doctor", project, "--json")).json["findings"]
    )
    (project.parent / "Data/up/up_00/data.csv").unlink()
    ran = call("doctor", project)
    assert ran.code == 1
    assert "up/up_00" in ran.out
