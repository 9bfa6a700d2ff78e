"""Training requests and results: the form of their files, and what is made of damaged ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.contract.training import (
    CurvePoint,
    LabelledSession,
    Metrics,
    ModelResult,
    Statistics,
    TrainingJob,
    TrainingResult,
    UnlabelledSession,
)
from tests.golden.files import text, value

OF_EVERY_RUN = ("kind", "name", "created")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("run", ["t1", "t3"])
def test_a_request_keeps_its_form(run: str) -> None:
    known = value(f"runs/{run}/request.json")
    again = TrainingJob.from_json(known).to_json() | {key: known[key] for key in OF_EVERY_RUN}
    assert json.dumps(again) == text(f"runs/{run}/request.json").rstrip("\n")


def test_settings_for_all_models_come_last_and_come_back() -> None:
    job = TrainingJob(options={"size": "small", "batch_size": 4}, context_s=1.5)
    body = job.to_json()
    assert list(body)[-3:] == ["context_s", "size", "batch_size"]
    assert TrainingJob.from_json(body) == job


def test_going_on_names_the_model_and_its_sessions() -> None:
    body = TrainingJob(start="/m.h5", start_train=("a",)).to_json()
    assert (body["from"], body["from_train"]) == ("/m.h5", ["a"])
    assert "from" not in TrainingJob().to_json()


def test_sessions_come_back_as_they_were() -> None:
    session = LabelledSession("i", "n", "train", "/s", ((1.0, 2.0, "up"),), ((3.0, 4.0),), 5.0)
    assert LabelledSession.from_json(session.to_json()) == session
    other = UnlabelledSession("n", "/s")
    assert UnlabelledSession.from_json(other.to_json()) == other


def test_sessions_of_a_set() -> None:
    rows = tuple(LabelledSession(str(n), "", name, "") for n, name in enumerate(("train", "test", "train")))
    assert [s.id for s in TrainingJob(sessions=rows).of_set("train")] == ["0", "2"]


def test_a_result_is_read_whole() -> None:
    result = TrainingResult.from_json(value("runs/t1/result.json"))
    assert result.best is not None
    assert result.best.name == "dense-distilled"
    assert result.best.on("validation").event_f1 == 1.0
    assert result.best.parameters == next(m.parameters for m in result.models if m.name == "dense-distilled")
    member = result.models[0]
    assert member.statistics["validation"].classes == ("down",)
    assert len(member.statistics["validation"].confusion) == 2
    assert member.statistics["train"].events[0].actual == "down"


def test_a_curve_is_read_and_written_in_its_form() -> None:
    rows = value("runs/t3/result.json")["curve"]
    assert [point.to_json() for point in TrainingResult.from_json({"curve": rows}).curve] == rows


def test_no_result_is_an_empty_one() -> None:
    assert TrainingResult.from_json(None) == TrainingResult()
    assert not Statistics()


def test_the_figure_that_models_are_compared_by() -> None:
    assert Metrics(0.3, 0.6, 0.9).event_f1 == pytest.approx(0.6)
    assert Metrics(event_f1_50=0.5).event_f1 == 0.5
    assert Metrics(f1=0.5).event_f1 is None
    assert Metrics(0.1, 0.2, 0.3).at(70) == 0.3


def test_a_model_without_figures_has_empty_ones() -> None:
    assert ModelResult("m").on("test") == Metrics()


def test_a_point_that_lacks_figures() -> None:
    assert CurvePoint.from_json({"events": 3}) == CurvePoint(3, 0.0, 0.0, 0.0)


@given(st.dictionaries(st.sampled_from(["best", "models", "curve", "message", "state"]), JSON))
def test_damaged_results_are_read_as_far_as_they_go(data: dict[str, object]) -> None:
    assert isinstance(TrainingResult.from_json(data), TrainingResult)
