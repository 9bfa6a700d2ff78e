"""Events folded into a status."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.jobs.progress import JobStatus, Progress, duration


def fold(*events: dict[str, Any], state: str = "running", now: float = 0.0, **request: Any) -> JobStatus:
    progress = Progress.of_request("t1", {"kind": "train", "name": "n", **request})
    for event in events:
        progress.take(event)
    return progress.status(state, False, now)


def epoch(number: int, model: int = 0, t: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"t": t, "type": "epoch", "model": model, "epoch": number, "epochs": 100, **more}


def test_the_message_is_what_people_want_to_know() -> None:
    assert fold(epoch(18, eta_s=40)).message == "epoch 18 of 100, 40 s left"
    assert fold(epoch(18)).message == "epoch 18 of 100"
    assert fold(epoch(18, t=100, eta_s=40), now=110).message == "epoch 18 of 100, 30 s left"
    assert fold(epoch(18, t=100, eta_s=40), now=500).eta_s == 0


def test_several_models_are_numbered() -> None:
    models = [{"type": "model", "index": i, "name": f"m{i}", "state": "queued"} for i in range(4)]
    now = fold(*models, epoch(2, model=1, eta_s=200))
    assert now.message == "model 2 of 4, epoch 2 of 100, 3 min 20 s left"
    assert [m.name for m in now.models] == ["m0", "m1", "m2", "m3"]


def test_a_repeated_epoch_replaces_what_came_after_it() -> None:
    now = fold(*(epoch(i, loss=i) for i in (1, 2, 3, 4)), epoch(3, loss=9))
    assert [(r.epoch, r.loss) for r in now.models[0].history] == [(1, 1), (2, 2), (3, 9)]


def test_the_best_epoch_is_the_first_of_equals() -> None:
    model = fold(*(epoch(i, event_f1=f) for i, f in ((1, 0.2), (2, 0.9), (3, 0.9)))).models[0]
    assert model.best is not None
    assert model.best.epoch == 2
    assert model.last is not None
    assert model.last.epoch == 3


def test_generation_counts_sessions() -> None:
    done = [{"type": "session", "index": i, "events": 3} for i in (0, 1, 1)]
    now = fold(*done, kind="generate", sessions=[{}] * 20)
    assert (now.sessions_done, now.sessions, now.events_found) == (2, 20, 6)
    assert now.message == "session 2 of 20"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "epoch"},
        {"type": "epoch", "epoch": "x", "loss": "nan", "eta_s": True},
        {"type": "epoch", "epoch": -3, "epochs": float("inf")},
        {"type": "state"},
        {"type": "state", "state": None, "message": None},
        {"type": "model", "parameters": "many"},
        {"type": "unknown", "t": []},
        {"type": "session", "index": None, "events": 1e400},
    ],
)
def test_odd_events_do_no_harm(event: dict[str, Any]) -> None:
    assert isinstance(fold(event).message, str)


def test_a_running_job_that_was_lost_says_how_far_it_came() -> None:
    assert fold(epoch(18), state="lost").message == (
        "worker lost after epoch 18 of 100, killed or out of memory; resume goes on from there"
    )
    assert fold(state="lost").message == "worker lost, killed or out of memory; resume goes on from there"


def test_lengths_of_time() -> None:
    assert [duration(s) for s in (0, 59.6, 3599, 3600)] == ["0 s", "1 min 0 s", "59 min 59 s", "1 h 0 min"]
