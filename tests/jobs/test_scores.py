"""Scores that are kept: as they were given, by session and model, and never a danger."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labelloop.jobs.scores import Scores, keep_scores, latest_scores, read_scores, scores_file, write_scores

TIMES = np.arange(5.0)
TABLE = np.array([[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.5, 0.25], [0, 0, 1]], np.float32)
SCORES = Scores("m", ("up", "down"), TIMES, TABLE)


def test_scores_are_read_as_they_were_written(tmp_path: Path) -> None:
    half = np.full((4, 2), 0.5, np.float32)
    whole = replace(SCORES, boundary=half, post={"gap": 1}, agreement=half[:, 0])
    write_scores(tmp_path / "new" / "a.npz", whole)
    found = read_scores(tmp_path / "new" / "a.npz")
    assert found is not None
    assert (found.model, found.classes, found.post) == ("m", ("up", "down"), {"gap": 1})
    for a, b in zip(
        (found.times, found.scores, found.boundary, found.agreement),
        (whole.times, whole.scores, whole.boundary, whole.agreement),
        strict=True,
    ):
        assert a is not None
        assert b is not None
        np.testing.assert_array_equal(a, b)


def test_what_a_model_does_not_tell_is_none(tmp_path: Path) -> None:
    write_scores(tmp_path / "a.npz", SCORES)
    found = read_scores(tmp_path / "a.npz")
    assert found is not None
    assert found.boundary is None
    assert found.agreement is None
    assert found.agreement_over(0, 4) is None


@pytest.mark.parametrize(
    "bad",
    [
        replace(SCORES, classes=("up",)),
        replace(SCORES, times=TIMES[:-1]),
        replace(SCORES, scores=TABLE[:0], times=TIMES[:1]),
        replace(SCORES, scores=TABLE[0]),
        replace(SCORES, agreement=np.ones(3, np.float32)),
    ],
)
def test_scores_that_do_not_fit_together_are_none(tmp_path: Path, bad: Scores) -> None:
    write_scores(tmp_path / "a.npz", bad)
    assert read_scores(tmp_path / "a.npz") is None


@pytest.mark.parametrize("data", [b"", b"nonsense", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(data)
    assert read_scores(tmp_path / "a.npz") is None


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert read_scores(tmp_path / "a.npz") is None


def test_a_stretch_has_the_mean_of_its_frames() -> None:
    assert SCORES.over(1, 3) == {"up": 0.5, "down": 0.125}


def test_a_stretch_outside_is_that_of_the_nearest_frame() -> None:
    assert SCORES.over(-5, -4) == {"up": 0, "down": 0}
    assert SCORES.over(50, 60) == {"up": 0, "down": 1}


def test_agreement_over_a_stretch_is_its_mean() -> None:
    agreed = replace(SCORES, agreement=np.array([1, 0.5, 0, 0], np.float32))
    assert agreed.agreement_over(0, 2) == 0.75


def test_a_class_has_its_column_and_an_unknown_one_zeros() -> None:
    assert SCORES.of_class("down").tolist() == [0, 0, 0.25, 1]
    assert SCORES.of_class("other").tolist() == [0, 0, 0, 0]


def test_another_version_of_a_model_has_another_file(tmp_path: Path) -> None:
    model = tmp_path / "m.h5"
    model.write_bytes(b"1")
    first = scores_file(tmp_path, "s", model)
    assert scores_file(tmp_path, "s", model) == first
    assert scores_file(tmp_path, "t", model) != first
    model.write_bytes(b"22")
    assert scores_file(tmp_path, "s", model) != first


def test_the_latest_scores_are_those_kept_last(tmp_path: Path) -> None:
    assert latest_scores(tmp_path, "s") is None
    for number, name in enumerate(("b", "a")):
        file = scores_file(tmp_path, "s", tmp_path / name)
        write_scores(file, replace(SCORES, model=name))
        os.utime(file, (number, number))
    write_scores(scores_file(tmp_path, "other", tmp_path / "c"), replace(SCORES, model="c"))
    found = latest_scores(tmp_path, "s")
    assert found is not None
    assert found.model == "a"


def test_scores_that_can_not_be_kept_are_let_go(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep_scores(tmp_path / "file" / "a.npz", SCORES)
    assert (tmp_path / "file").read_text() == ""
