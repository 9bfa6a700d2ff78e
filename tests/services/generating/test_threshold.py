"""Labels by a rule on the signal."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.generating.threshold import Threshold
from labelloop.storage.store import ProjectStore
from tests.made_project import write_recording
from tests.services.conftest import Named

TARGET = Target.parse("new:auto")


def _request(
    *source: str, classes: tuple[str, ...] = ("up",), **settings: tuple[str, ...]
) -> GenerateRequest:
    return GenerateRequest("threshold", ("up/up_00",), TARGET, source, classes=classes, settings=settings)


@pytest.fixture
def bumps(made: ProjectStore, named: Named) -> ProjectStore:
    """A session with 5 from 2.0 to 2.95 s, from 4.0 to 4.2 s and from 4.5 s to 6.45 s."""
    file = made.inside(named("up_00").data_file, "it")
    write_recording(file)
    rows = []
    for n in range(200):
        high = 40 <= n < 60 or 80 <= n < 85 or 90 <= n < 130
        rows.append(f"{n / 20:.3f},{5 if high else 0},0")
    file.write_text("Time (seconds),x,y\n" + "\n".join(rows) + "\n")
    return made


def _found(store: ProjectStore, named: Named, request: GenerateRequest) -> list[tuple[float, float]]:
    outcome = wait_for_run(start(store, request))
    assert [row.problem for row in outcome.sessions] == [""]
    return [(x.start, round(x.end, 3)) for x in store.project.track(named("up_00").id, "auto")]


def test_one_rule_and_one_class_are_needed(made: ProjectStore) -> None:
    for source in ((), ("x > 1", "y > 1")):
        with pytest.raises(UserError, match="Threshold needs one rule"):
            Threshold(made, _request(*source))
    with pytest.raises(UserError, match="Threshold needs the class of its events"):
        Threshold(made, _request("x > 1", classes=("up", "down")))


def test_stretches_over_the_level_become_labels(bumps: ProjectStore, named: Named) -> None:
    found = _found(bumps, named, _request("x > 1"))
    assert [start for start, _ in found] == [2.0, 4.0, 4.5]


def test_short_and_long_ones_are_dropped_and_gaps_closed(bumps: ProjectStore, named: Named) -> None:
    request = _request("x > 1", gap=("0.4",), min_length=("0.5",))
    assert [start for start, _ in _found(bumps, named, request)] == [2.0, 4.0]


def test_a_longest_length(bumps: ProjectStore, named: Named) -> None:
    found = _found(bumps, named, _request("x > 1", max_length=("1.5",)))
    assert [start for start, _ in found] == [2.0, 4.0]


def test_an_unknown_channel_is_said_for_the_session(made: ProjectStore) -> None:
    outcome = wait_for_run(start(made, _request("speed > 1")))
    assert "speed" in outcome.sessions[0].problem
