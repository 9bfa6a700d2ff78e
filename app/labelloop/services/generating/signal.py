"""Generating labels from the signal itself: find similar to example events, or a threshold rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from labelloop.errors import UserError, printable
from labelloop.jobs.progress import JobStatus, duration
from labelloop.jobs.run import write_json
from labelloop.labeling import similar, threshold
from labelloop.labeling.matching import Event
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.generate import (
    Outcome,
    Rules,
    SessionOutcome,
    check_classes,
    check_target,
    chosen_sessions,
    labels_from_events,
    put_events,
    session_change,
    split_setting,
)
from labelloop.services.generating.runs import Opens, close_run
from labelloop.services.sessions.select import require_class, select
from labelloop.services.sessions.signal_of import signal_of
from labelloop.storage.store import ProjectStore

LEVEL = "level.json"  # in a run folder: the threshold that the search of all sessions gave
AT_A_TIME = 8  # sessions that are applied between two looks at the screen


@dataclass(frozen=True, slots=True)
class SignalRequest:
    """Sources (``SESSION@start`` each, or one rule), sessions by word, and settings in words."""

    method: str
    source: tuple[str, ...]
    sessions: tuple[str, ...]
    rules: Rules
    settings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def number(self, option: str) -> float | None:
        """A setting's value for all classes. Raises UserError when it is no number."""
        return split_setting(self.settings.get(option, ()), "--" + option.replace("_", "-"))[0]


class Method(Protocol):
    """Finds candidates in one session at a time (on any thread), then says which of them are events."""

    name: str

    @property
    def level(self) -> float | None:
        """The threshold for all sessions, if the method has one."""
        ...

    def adjust(self, asked: SignalRequest) -> None:
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


class Similar:
    """Places that look like example events; all examples are of one class."""

    def __init__(self, store: ProjectStore, asked: SignalRequest) -> None:
        self._store = store
        self._least = 0.0
        self._wanted: float | None = None
        self._threshold = 0.5
        self.adjust(asked)
        labels = same_class(store, asked.source)
        self.name = labels[0][1].name
        self._examples = [self._cut(session, label) for session, label in labels]
        self._alike = similar.agreement(self._examples)

    def adjust(self, asked: SignalRequest) -> None:
        """Another threshold or smallest length."""
        self._least = asked.number("min_length") or 0.0
        self._wanted = asked.number("threshold")
        self._threshold = self._wanted if self._wanted is not None else self._threshold

    def _cut(self, session: Session, label: Label) -> similar.Example:
        signal = signal_of(self._store, session)
        first, last = int(signal.index_of(label.start)), int(signal.index_of(label.end))
        if last - first < 2:
            raise UserError(f"The example at {label.start:g} s in {printable(session.path)} is too short.")
        return similar.Example.cut(signal.read(0, signal.n), first, last, signal.rate_hz)

    def candidates(self, session: Session) -> Any:
        """Ranked suggestions with the times of the session."""
        signal = signal_of(self._store, session)
        channels = self._examples[0].values.shape[1]
        if len(signal.names) != channels:
            raise UserError(f"It has {len(signal.names)} channels, the examples have {channels}.")
        shortest = min(e.length / e.rate_hz for e in self._examples) * min(similar.STRETCHES)
        if signal.n < shortest * signal.rate_hz:
            raise UserError(f"It is too short for the examples: they take {shortest:.3g} s or more.")
        found = similar.suggest(signal.read(0, signal.n), signal.rate_hz, self._examples)
        return found, signal.times_of(0, signal.n)

    def settle(self, everything: Sequence[Any]) -> None:
        """A threshold from all scores, unless one was given."""
        if self._wanted is None:
            scores = [s.score for found, _ in everything for s in found]
            self._threshold = similar.default_threshold(scores, self._alike)

    def events(self, found: Any) -> list[Event]:
        """Suggestions from the threshold on."""
        suggestions, times = found
        events = similar.to_events(suggestions, times, self.name, self._threshold)
        return [e for e in events if e.end - e.start >= self._least]

    @property
    def level(self) -> float:
        """The likeness from which a place counts."""
        return self._threshold


class Threshold:
    """Where a rule holds; its events are of one class."""

    level = None

    def __init__(self, store: ProjectStore, asked: SignalRequest) -> None:
        self._store = store
        if len(asked.source) != 1:
            raise UserError("Threshold needs one rule, such as --source 'norm(1,2,3) > 1.5/1.2'.")
        if len(asked.rules.classes) != 1:
            raise UserError("Threshold needs the class of its events: --classes NAME.")
        self.name = asked.rules.classes[0]
        self._text = asked.source[0]
        self.adjust(asked)

    def adjust(self, asked: SignalRequest) -> None:
        """Other lengths and gaps."""
        names = ("min_length", "max_length", "gap")
        self._lengths = {f"{n}_s": value for n in names if (value := asked.number(n)) is not None}

    def candidates(self, session: Session) -> Any:
        """The rule as the session's channels are named, and the stretches where it holds."""
        signal = signal_of(self._store, session)
        rule = threshold.parse_rule(self._text, signal.names)
        data, times = signal.read(0, signal.n), signal.times_of(0, signal.n)
        values = threshold.values_of(rule, data, signal.names, signal.rate_hz)
        return rule, threshold.stretches(rule, values, times)

    def settle(self, everything: Sequence[Any]) -> None:
        """A rule needs no other sessions."""

    def events(self, found: Any) -> list[Event]:
        """What is left by lengths and gaps."""
        rule, held = found
        return threshold.from_stretches(threshold.with_lengths(rule, **self._lengths), held, self.name)


METHODS: dict[str, Callable[[ProjectStore, SignalRequest], Method]] = {
    "similar": Similar,
    "threshold": Threshold,
}


def example_label(store: ProjectStore, word: str) -> tuple[Session, Label]:
    """The labelled event that ``SESSION@start`` means: the one that is there, or starts nearest to it.

    Raises:
        UserError: the word is not of that form, or no label is near.
    """
    name, at, text = word.rpartition("@")
    try:
        start = float(text)
    except ValueError:
        at = ""
        start = 0.0
    if not at:
        raise UserError(f"'{printable(word)}' is no example: write SESSION@start, the start in seconds.")
    found = select(store.project, [name])
    if len(found) != 1:
        raise UserError(f"'{printable(name)}' means {len(found)} sessions; an example lies in one.")
    track = store.project.track(found[0].id)
    label = track.at(start) or min(track, key=lambda x: abs(x.start - start), default=None)
    if label is None or abs(label.start - start) > max(1.0, label.length):
        raise UserError(f"There is no label at {start:g} s in {printable(found[0].path)} to be an example.")
    return found[0], label


def same_class(store: ProjectStore, words: Sequence[str]) -> list[tuple[Session, Label]]:
    """The examples that words mean, all of one class.

    Raises:
        UserError: there is none, or they are of several classes.
    """
    labels = [example_label(store, word) for word in words]
    names = {label.name for _, label in labels}
    if not labels:
        raise UserError("Find similar needs an example: --source SESSION@start, which can be given again.")
    if len(names) > 1:
        shown = ", ".join(map(printable, sorted(names)))
        raise UserError(f"The examples are of several classes ({shown}): search for one class at a time.")
    return labels


class Search:
    """Candidates of sessions, found on a thread of their own and kept while settings change."""

    def __init__(self, method: Method) -> None:
        self.method = method
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="search")
        self._found: dict[str, Future[Any]] = {}
        self._settled = -1

    def adjust(self, asked: SignalRequest) -> None:
        """Take over settings that need no other search."""
        self.method.adjust(asked)
        self._settled = -1

    def settle(self) -> None:
        """Choose what depends on all sessions that were searched by now."""
        if self.done != self._settled:
            self._settled = self.done
            self.method.settle(self.good())

    def ask(self, sessions: Sequence[Session]) -> None:
        """Search these sessions in this order."""
        for session in sessions:
            if session.id not in self._found:
                self._found[session.id] = self._pool.submit(self.method.candidates, session)

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
    asked: SignalRequest
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
        name = {"similar": "similar events", "threshold": "labels by threshold"}[self.asked.method]
        self._run = self.opens(name, self.sessions) if self.opens else None
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
            self._say(f"searched {done} of {len(self.sessions)} sessions{left}")
            if done < len(self.sessions):
                return False
            self.search.settle()
            self._keep_level()
            self._settled = True
        for session in self.sessions[self._next : self._next + AT_A_TIME]:
            self.outcome.sessions.append(self._apply(session))
        self._next += AT_A_TIME
        self._say(f"session {min(self._next, len(self.sessions))} of {len(self.sessions)}")
        return self._end() if self._next >= len(self.sessions) else False

    def _keep_level(self) -> None:
        """Note the threshold that all sessions gave, so that those left over get the same one."""
        level = self.search.method.level
        if self._run is not None and level is not None:
            write_json(self._run.path / LEVEL, {"level": level})

    def _say(self, text: str) -> None:
        self.status = JobStatus(self.outcome.run, "generate", self.asked.method, "", "running", text)

    def _apply(self, session: Session) -> SessionOutcome:
        name = self.search.method.name
        try:
            events = self.search.method.events(self.search.result(session))
            rows = [(e.start, e.end, e.name, e.confidence) for e in events]
            labels = labels_from_events(rows, self.outcome.run)
            if self.opens is None:
                return session_change(self.store, session, labels, self.asked.rules, [name])[1]
            return put_events(self.store, self.outcome.run, session, labels, self.asked.rules, [name])
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


def start_signal_run(store: ProjectStore, asked: SignalRequest, opens: Opens | None) -> SignalRun:
    """Check what is asked and begin to search; ``opens`` makes the run, without it nothing is written.

    Raises:
        UserError: examples, rule, sessions or target don't fit; nothing was changed.
    """
    method = METHODS[asked.method](store, asked)
    if not asked.rules.add_classes:
        require_class(store.project, method.name)
    sessions = chosen_sessions(store.project, asked.sessions, [method.name])
    check_target(store, sessions, asked.rules.target)
    additions = check_classes(store.project, [method.name], asked.rules.add_classes)
    run = SignalRun(store, asked, sessions, Search(method), opens)
    if opens is not None:
        for change in additions:
            store.editor.apply(change, tag=f"run:{run.outcome.run}")
    return run
