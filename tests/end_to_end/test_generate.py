"""Generated labels from the command line: methods on the signal, and a run reverted to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from labelloop.services.projects.demo import copy_demo
from tests.end_to_end.support import labelloop
from tests.where import SHARED, needs_shared

STUDIO = SHARED / "studio" / "IndoorOutdoorDetector"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "demo").parent


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".labelloop" not in path.parts
    }


def test_a_rule_labels_and_the_run_leaves_no_trace_when_taken_back(project: Path) -> None:
    before = _digests(project)
    words = ("--method", "threshold", "--classes", "down", "--target", "new:auto", "--sessions", "down/*")
    ran = labelloop("generate", project, *words, "--source", "norm(gx,gy,gz) > 150/80", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["added"] > 10
    assert all(row["kept"] == row["removed"] == 0 for row in ran.json["sessions"])
    assert labelloop("revert", project, ran.json["run"]).code == 0
    assert _digests(project) == before


def test_nothing_found_is_a_result(project: Path) -> None:
    before = _digests(project)
    words = ("--method", "threshold", "--classes", "down", "--target", "new:auto", "--sessions", "up/*")
    ran = labelloop("generate", project, *words, "--source", "gx > 1e9", "--json")
    assert (ran.code, ran.json["added"]) == (0, 0)
    assert labelloop("revert", project, ran.json["run"]).code == 0
    assert _digests(project) == before


def test_a_setting_that_drops_everything_is_told(project: Path) -> None:
    words = ("--method", "threshold", "--classes", "down", "--target", "new:auto", "--sessions", "down/*")
    rule = ("--source", "norm(gx,gy,gz) > 150/80")
    for dry, said in ((("--dry-run",), "No label would be added"), ((), "No label was added")):
        ran = labelloop("generate", project, *words, *rule, "--min-length", "999", *dry)
        assert ran.code == 0, ran.err
        assert f"{said}: smallest length 999 drops everything." in ran.err


def test_similar_events_are_found_from_examples(project: Path) -> None:
    examples = ("--source", "down/down_01@52", "--source", "down/down_01@55.2")
    words = ("--method", "similar", *examples, "--sessions", "down/down_01", "--target", "new:found")
    assert labelloop("generate", project, *words).code == 0
    ran = labelloop("evaluate", project, "--truth", "label", "--predicted", "found", "down/down_01", "--json")
    assert ran.json["recall"] > 0.5


@needs_shared
def test_a_model_of_studio_labels_its_own_project(tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(STUDIO, tmp_path / "studio"))
    model = next(folder.glob("Models/*/*.h5"))
    words = ("--method", "model", "--source", model, "--sessions", "test", "--target", "new:auto")
    ran = labelloop("generate", folder, *words, "--json")
    assert ran.code == 0, ran.err
    scores = labelloop("evaluate", folder, "test", "--truth", "label", "--predicted", "auto", "--json").json
    assert scores["event_f1"] == 1.0
    assert labelloop("revert", folder, ran.json["run"]).code == 0
    assert _digests(folder) == _digests(STUDIO)
