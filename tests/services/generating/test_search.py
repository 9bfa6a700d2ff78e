"""Searching sessions beside the app, and the run that turns what is found into labels."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.labeling.matching import Event
from labelloop.project.session import Session
from labelloop.services.generating.merging import Target
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.generating.runs import opening
from labelloop.services.generating.search import AT_A_TIME, LEVEL, Search, start_search
from labelloop.storage.store import ProjectStore

REQUEST = GenerateRequest("threshold", ("all",), Target.parse("new:auto"), ("x > 0",), classes=("up",))


class _Finder:
    """Finds one event a session, at the level that all sessions gave."""

    title, name = "made up", "up"

    shortest_s = 0.0

    def __init__(self, bad: str = "") -> None:
        self.level: float | None = None
        self.looked: list[str] = []
        self.adjusted = 0
        self.go = threading.Event()
        self.go.set()
        self._bad = bad

    def adjust(self, request: GenerateRequest) -> None:
        self.adjusted += 1

    def candidates(self, session: Session) -> Any:
        assert self.go.wait(10)
        self.looked.append(session.name)
        if session.name == self._bad:
            raise UserError("It is empty.")
        return session.name

    def settle(self, everything: Sequence[Any]) -> None:
        self.level = float(len(everything))

    def events(self, found: Any) -> list[Event]:
        return [Event(6.0, 6.5, "up", (self.level or 0) / 10)]


def _until_done(search: Search, count: int) -> None:
    end = time.monotonic() + 10
    while search.done < count and time.monotonic() < end:
        time.sleep(0.01)


def test_a_session_is_searched_once(made: ProjectStore) -> None:
    finder = _Finder()
    search, sessions = Search(finder), list(made.project.sessions())
    search.ask(sessions)
    search.ask(sessions[::-1])
    _until_done(search, 4)
    assert finder.looked == [s.name for s in sessions]
    assert search.result(sessions[1]) == sessions[1].name
    search.stop()


def test_settling_is_done_when_more_is_known_or_settings_change(made: ProjectStore) -> None:
    finder = _Finder("up_00")
    search, sessions = Search(finder), list(made.project.sessions())
    search.ask(sessions)
    _until_done(search, 4)
    search.settle()
    assert finder.level == 3  # the one that failed gives nothing
    finder.level = None
    search.settle()
    assert finder.level is None
    search.adjust(REQUEST)
    search.settle()
    assert finder.adjusted == 1
    assert search.finder.level == 3
    search.stop()


def test_what_is_not_searched_yet_is_not_ready(made: ProjectStore) -> None:
    finder = _Finder()
    finder.go.clear()
    search, sessions = Search(finder), list(made.project.sessions())
    search.ask(sessions[:1])
    assert not search.ready(sessions[0])
    assert not search.ready(sessions[1])
    finder.go.set()
    _until_done(search, 1)
    assert search.ready(sessions[0])
    search.stop()


def test_all_sessions_get_the_level_that_all_gave(made: ProjectStore) -> None:
    run = start_search(made, REQUEST, _Finder("down_01"), opening(made, REQUEST.to_json(), None))
    outcome = wait_for_run(run)
    assert [row.added for row in outcome.sessions] == [1, 0, 1, 1]
    assert outcome.failed[0].problem == "It is empty."
    folder = made.layout.runs / outcome.run
    assert json.loads((folder / LEVEL).read_text()) == {"level": 3.0}


def test_a_dry_run_writes_nothing(made: ProjectStore) -> None:
    outcome = wait_for_run(start_search(made, REQUEST, _Finder(), None))
    assert (outcome.run, outcome.added) == ("", 4)
    assert all("auto" not in made.project.label_tracks_of(s.id) for s in made.project.sessions())


def test_a_cancelled_run_leaves_whole_sessions(made: ProjectStore) -> None:
    finder = _Finder()
    finder.go.clear()
    run = start_search(made, REQUEST, finder, opening(made, REQUEST.to_json(), None))
    assert not run.poll()
    assert run.status is not None
    assert "searched 0 of 4 sessions" in run.status.message
    run.cancel()
    assert run.poll()
    assert run.outcome.sessions == []
    finder.go.set()


def test_sessions_are_applied_a_few_at_a_time() -> None:
    assert AT_A_TIME == 8


@pytest.mark.parametrize("target", ["existing:auto", "new:label"])
def test_a_target_that_does_not_fit_is_refused_first(made: ProjectStore, target: str) -> None:
    from dataclasses import replace

    finder = _Finder()
    with pytest.raises(UserError, match="use --target"):
        start_search(made, replace(REQUEST, target=Target.parse(target)), finder, None)
    assert finder.looked == []
