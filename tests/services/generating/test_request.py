"""Requests for generated labels: kept, read back, given as a command, and turned into settings."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.labeling.tracks import Adjustment
from labelloop.services.generating.merging import Outcome, Target
from labelloop.services.generating.request import (
    Finished,
    GenerateRequest,
    adjustments,
    model_settings,
    track_adjustments,
    wait_for_run,
)

FULL = GenerateRequest(
    "model", ("a b", "c"), Target.parse("new:auto"), ("best",), "replace-class", ("up", "down"),
    {"threshold": ("0.4", "up:0.3"), "min_length": ("0.2",)}, "centre", ("up=down",), True, True,
)  # fmt: skip


def test_what_a_run_keeps_reads_back() -> None:
    assert GenerateRequest.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


@pytest.mark.parametrize("change", [{"sessions": 3}, {"target": "auto"}, {"settings": []}, {"more": 1}])
def test_what_can_not_be_read_says_what_to_do(change: dict[str, object]) -> None:
    with pytest.raises(UserError):
        GenerateRequest.from_json({**FULL.to_json(), **change})


def test_a_missing_part_says_what_to_do() -> None:
    data = FULL.to_json()
    del data["source"]
    with pytest.raises(UserError, match="generate the labels anew"):
        GenerateRequest.from_json(data)


def test_the_command_holds_everything(tmp_path: Path) -> None:
    words = shlex.split(FULL.command(tmp_path / "p.improj"))
    assert words[:3] == ["labelloop", "generate", str(tmp_path / "p.improj")]
    text = " ".join(words)
    for part in (
        "--method model", "--source best", "--sessions a b --sessions c", "--target new:auto",
        "--existing replace-class", "--classes up,down", "--min-length 0.2",
        "--threshold 0.4 --threshold up:0.3",
        "--resize centre", "--rename up=down", "--add-classes", "--resample",
    ):  # fmt: skip
        assert part in text


def test_the_command_leaves_out_what_is_usual(tmp_path: Path) -> None:
    (tmp_path / "p.improj").touch()
    plain = GenerateRequest("session", ("all",), Target.parse("existing:label"))
    assert plain.words(tmp_path / "p.improj") == [
        "labelloop", "generate", str(tmp_path), "--method", "session", "--sessions", "all",
        "--target", "existing:label",
    ]  # fmt: skip


@pytest.mark.parametrize("source", [(), ("a", "b")])
def test_one_source_is_needed(source: tuple[str, ...]) -> None:
    request = GenerateRequest("model", ("all",), Target.parse("existing:label"), source)
    with pytest.raises(UserError, match="The method model needs one source"):
        _ = request.one_source


def test_rules_take_the_least_length_for_all() -> None:
    assert FULL.rules.min_length_s == 0.2
    assert FULL.rules.add_classes
    assert FULL.number("threshold") == 0.4
    assert FULL.number("gap") is None


def test_settings_of_a_model() -> None:
    assert model_settings(FULL) == {
        "threshold": 0.4,
        "min_length_s": 0.2,
        "per_class": {"up": {"threshold": 0.3}},
    }


def test_adjustments_of_one_class_stand_upon_those_of_all() -> None:
    made = adjustments({"offset": ("0.5", "up:1"), "by": ("0.1",), "rename": ("down=left",)})
    general = Adjustment(resize="end", offset_s=0.5, by_s=0.1)
    assert made.default == general
    assert made.per_class["up"] == Adjustment(resize="end", offset_s=1.0, by_s=0.1)
    assert made.per_class["down"].rename == "left"


def test_a_request_for_a_track_gives_its_adjustments() -> None:
    made = track_adjustments(FULL)
    assert made.default.resize == "centre"
    assert made.default.min_length_s == 0.2


@pytest.mark.parametrize("word", ["up", "=up", "up=", ""])
def test_a_renaming_needs_both_names(word: str) -> None:
    with pytest.raises(UserError, match="--rename needs OLD=NEW"):
        adjustments({"rename": (word,)})


class _Slow(Finished):
    """A run that is over at the third look."""

    looks, cancelled = 0, False

    def poll(self) -> bool:
        self.looks += 1
        return self.looks == 3

    def cancel(self) -> None:
        self.cancelled = True


def test_waiting_ends_with_the_run() -> None:
    run = _Slow(Outcome("g1"))
    assert wait_for_run(run) is run.outcome
    assert run.looks == 3


def test_an_interrupt_cancels_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("labelloop.services.generating.request.time.sleep", interrupt)
    run = _Slow(Outcome("g1"))
    with pytest.raises(KeyboardInterrupt):
        wait_for_run(run)
    assert run.cancelled


def test_what_is_done_at_once_is_over() -> None:
    assert Finished(Outcome("g1")).poll()
