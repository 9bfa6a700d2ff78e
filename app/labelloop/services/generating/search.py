"""Searching sessions on a thread of their own, and the run that turns what is found into labels."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from labelloop.errors import UserError
from labelloop.jobs.progress import JobStatus, duration
from labelloop.jobs.run import write_json
from labelloop.labeling.matching import Event
from labelloop.project.session import Session
from labelloop.services.generating.merging import (
    Outcome,
    SessionOutcome,
    check_classes,
    check_target,
    chosen_sessions,
    labels_from_events,
    put_events,
    session_change,
)
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.runs import Opens, close_run
from labelloop.services.sessions.select import require_class
from labelloop.storage.store import ProjectStore

LEVEL = "level.json"  # in a run folder: the threshold that the search of all sessions gave


AT_A_TIME = 8  # sessions that are applied between two looks at the screen


class Finder(Protocol):
    """Finds candidates in one session at a time (on any thread), then says which of them are events."""

    title: str  # what its runs are called
    name: str  # the class of its events

    @property
    def level(self) -> float | None:
        """The threshold for all sessions, if the method has one."""
        ...

    @property
    def shortest_s(self) -> float:
        """What is left of an event that confirmed labels cut must be this long to count."""
        ...

    def adjust(self, request: GenerateRequest) -> None:
        """Take over settings that need no other search."""
        ...

    def candidates(self, session: Session) -> Any:
        """What there is in a session. Raises UserError."""
        ...

    def settle(self, everything: Sequence[Any]) -> None:
        """Choose what depends on all sessions."""
        ...

    def events(self, found: Any) -> list[Event]:
        """The events among a session's candidates."""
        ...


class Search:
    """Candidates of sessions, found on a thread of their own and kept while settings change."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._found: dict[str, Future[Any]] = {}
        self._settled = -1

    def adjust(self, request: GenerateRequest) -> None:
        """Take over settings that need no other search."""
        self.finder.adjust(request)
        self._settled = -1

    def settle(self) -> None:
        """Choose what depends on all sessions that were searched by now."""
        if self.done != self._settled:
            self._settled = self.done
            self.finder.settle(self.good())

    def ask(self, sessions: Sequence[Session]) -> None:
        """Search these sessions in this order."""
        for session in sessions:
            if session.id not in self._found:
                self._found[session.id] = self._pool.submit(self.finder.candidates, session)

    def ready(self, session: Session) -> bool:
        """Whether a session was searched."""
        future = self._found.get(session.id)
        return future is not None and future.done()

    @property
    def done(self) -> int:
        """How many sessions were searched."""
        return sum(future.done() for future in self._found.values())

    def result(self, session: Session) -> Any:
        """A session's candidates; waits for them. Raises UserError."""
        return self._found[session.id].result()

    def good(self) -> list[Any]:
        """The candidates of all sessions that were searched without trouble."""
        return [f.result() for f in self._found.values() if f.done() and f.exception() is None]

    def stop(self) -> None:
        """Search no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass
class SignalRun:
    """A running search that ends in labels; ``poll`` until it says that it is over."""

    store: ProjectStore
    request: GenerateRequest
    sessions: list[Session]
    search: Search
    opens: Opens | None  # makes the run; without it nothing is written
    outcome: Outcome = field(init=False)
    status: JobStatus | None = None
    _next: int = 0
    _settled: bool = False
    _cancelled: bool = False
    _began: float = 0.0

    def __post_init__(self) -> None:
        self._run = self.opens(self.search.finder.title, self.sessions) if self.opens else None
        self.outcome = Outcome(self._run.id if self._run else "")
        self.search.ask(self.sessions)
        self._began = time.monotonic()

    def poll(self) -> bool:
        """Wait for the search, then apply a few sessions a time; True at the end."""
        if self._cancelled:
            return self._end()
        if not self._settled:
            done = self.search.done
            each = (time.monotonic() - self._began) / done if done else 0.0
            left = f", {duration(each * (len(self.sessions) - done))} left" if done else ""
            self._report(f"searched {done} of {len(self.sessions)} sessions{left}")
            if done < len(self.sessions):
                return False
            self.search.settle()
            self._keep_level()
            self._settled = True
        for session in self.sessions[self._next : self._next + AT_A_TIME]:
            self.outcome.sessions.append(self._apply(session))
        self._next += AT_A_TIME
        self._report(f"session {min(self._next, len(self.sessions))} of {len(self.sessions)}")
        return self._end() if self._next >= len(self.sessions) else False

    def _keep_level(self) -> None:
        """Note the threshold that all sessions gave, so that those left over get the same one."""
        level = self.search.finder.level
        if self._run is not None and level is not None:
            write_json(self._run.path / LEVEL, {"level": level})

    def _report(self, text: str) -> None:
        self.status = JobStatus(self.outcome.run, "generate", self.request.method, "", "running", text)

    def _apply(self, session: Session) -> SessionOutcome:
        name = self.search.finder.name
        try:
            events = self.search.finder.events(self.search.result(session))
            rows = [(e.start, e.end, e.name, e.confidence) for e in events]
            labels = labels_from_events(rows, self.outcome.run)
            rules = self.request.rules.with_parts({name: self.search.finder.shortest_s})
            if self.opens is None:
                return session_change(self.store, session, labels, rules, [name])[1]
            return put_events(self.store, self.outcome.run, session, labels, rules, [name])
        except UserError as error:
            return SessionOutcome(session, problem=str(error))

    def _end(self) -> bool:
        self.search.stop()
        if self._run is not None:
            close_run(self._run, "stopped" if self._cancelled else "done")
        return True

    def cancel(self) -> None:
        """Search and apply no more; sessions that are whole stay."""
        self._cancelled = True


def start_search(
    store: ProjectStore, request: GenerateRequest, finder: Finder, opens: Opens | None
) -> SignalRun:
    """Check what is asked and begin to search; ``opens`` makes the run, without it nothing is written.

    Raises:
        UserError: sessions or target don't fit; nothing was changed.
    """
    if not request.rules.add_classes:
        require_class(store.project, finder.name)
    sessions = chosen_sessions(store.project, request.sessions, [finder.name])
    check_target(store, sessions, request.rules.target)
    additions = check_classes(store.project, [finder.name], request.rules.add_classes)
    run = SignalRun(store, request, sessions, Search(finder), opens)
    if opens is not None:
        for change in additions:
            store.editor.apply(change, tag=f"run:{run.outcome.run}")
    return run
