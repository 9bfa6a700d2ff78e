"""The verb evaluate."""

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


GENERATE = ["--method", "track", "--source", "label", "--sessions", "all"]


def test_evaluate(call: Call, project: Path) -> None:
    good(call("generate", project, *GENERATE, "--target", "new:auto", "--offset", "down:0.25"))
    words = ["evaluate", project, "--truth", "label", "--predicted", "auto"]
    data = good(call(*words, "--json")).json
    assert {
        "event_f1",
        "precision",
        "recall",
        "onset_error_s",
        "offset_error_s",
        "frame_f1",
        "per_class",
    } <= set(data)
    assert data["event_f1"] == 1
    assert data["onset_error_s"] == pytest.approx(0.25 / 3)
    assert good(call(*words, "up_00", "--iou", "0.9", "--json")).json["per_class"]["down"]["event_f1"] == 0
    assert "event F1 1.000" in good(call(*words)).out
    for more in (["--iou", "0"], ["--iou", "nan"], ["--predicted", "none"], ["nobody"]):
        assert call(*words, *more).code == 1
