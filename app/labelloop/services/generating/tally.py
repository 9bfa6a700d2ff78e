"""What a request would do to all chosen sessions, found out a few at a time while somebody looks on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from labelloop.errors import UserError, printable
from labelloop.labeling.tracks import KEEP, REPLACE_ALL
from labelloop.project.changes import count_of
from labelloop.project.session import Session
from labelloop.services.generating.merging import SessionOutcome, chosen_sessions
from labelloop.services.generating.method import Preview
from labelloop.services.generating.methods import method_of, preview
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import Scorer
from labelloop.storage.store import ProjectStore

UNSURE = 0.6  # below this confidence an event wants a look
AHEAD = 8  # sessions that a model is asked for at a time
LOOKED_AT = 40  # sessions that are looked at for the reason why nothing comes
TITLES = {
    "min_length": "smallest length",
    "max_length": "longest length",
    "gap": "gap",
    "by": "longer by",
    "factor": "length times",
    "length": "fixed length",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One session as it would be; ``level`` is the threshold that was found for all, if there is one."""

    outcome: SessionOutcome
    unsure: int = 0
    level: float | None = None


@dataclass
class Tally:
    """Counts that follow a request. ``go_on`` until ``complete``; another request begins anew."""

    store: ProjectStore
    scorer: Scorer
    request: GenerateRequest | None = None
    sessions: Sequence[Session] = ()
    why: str = ""  # why no event would come, once that is known
    _counted: dict[str, Counted] = field(default_factory=dict)

    def ask(self, request: GenerateRequest, sessions: Sequence[Session]) -> None:
        """Count for this request; what was counted for the same one stays."""
        if (request, tuple(sessions)) != (self.request, tuple(self.sessions)):
            self.request, self.sessions = request, tuple(sessions)
            self.why = ""
            self._counted.clear()

    def look(self, session: Session) -> Preview | None:
        """One session's preview, counted when it is known. Raises UserError, which is counted, too."""
        assert self.request is not None
        try:
            made = preview(self.store, self.request, session, self.scorer)
        except UserError as error:
            self._counted[session.id] = Counted(SessionOutcome(session, problem=str(error)))
            raise
        if made is not None:
            unsure = sum(x.confidence < UNSURE for x in made.added)
            self._counted[session.id] = Counted(made.outcome, unsure, made.level)
        return made

    def go_on(self, budget_s: float = 0.05) -> None:
        """Count some more sessions, for about so long."""
        if self.request is None:
            return
        until, waiting = time.monotonic() + budget_s, 0
        for session in self._uncounted():
            try:
                waiting += self.look(session) is None
            except UserError:
                continue
            if waiting >= AHEAD or time.monotonic() > until:
                return
        if self.complete and not self.left and not self.why:
            self.why = self._reason()

    def _uncounted(self) -> Iterator[Session]:
        """Sessions not counted yet, then those that were counted with a level that is another by now."""
        missing = [s for s in self.sessions if s.id not in self._counted]
        yield from missing
        if not missing:
            yield from (s for s in self.sessions if self._counted[s.id].level not in (None, self.level))

    @property
    def level(self) -> float | None:
        """The threshold that the method has found for all sessions by now, if it finds one."""
        return self.scorer.level

    @property
    def complete(self) -> bool:
        """Whether all sessions are counted as they would be."""
        return next(self._uncounted(), None) is None

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to find out."""
        return self.complete and bool(self.left or self.why or not self.sessions)

    @property
    def outcomes(self) -> list[SessionOutcome]:
        """What is known so far."""
        return [c.outcome for c in self._counted.values()]

    def of(self, session: Session) -> SessionOutcome | None:
        """What is known of a session."""
        found = self._counted.get(session.id)
        return found.outcome if found else None

    @property
    def added(self) -> int:
        """Labels that would come."""
        return sum(o.added for o in self.outcomes)

    @property
    def by_confidence(self) -> bool:
        """Whether events differ in confidence, so that some are to be looked at first."""
        return self.request is not None and method_of(self.request).by_confidence

    @property
    def unsure(self) -> int:
        """How many of them have a low confidence."""
        return sum(c.unsure for c in self._counted.values())

    @property
    def left(self) -> int:
        """Labels that would come or, where a track is adjusted in its place, stay."""
        return sum(_left(self.request, o) for o in self.outcomes if self.request)

    def text(self) -> str:
        """What will change, in one line, as far as it is known."""
        known, total = len(self._counted), len(self.sessions)
        if not known:
            return "counting what will change ..."
        outcomes = self.outcomes
        removed, kept = sum(o.removed for o in outcomes), sum(o.kept for o in outcomes)
        text = f"{count_of(self.added, 'label')} will be added, {removed} removed, {kept} kept"
        text += f" in {known} of {count_of(total, 'session')} so far" if not self.complete else ""
        return text + (f": {self.why}" if self.why else "")

    @property
    def problems(self) -> list[SessionOutcome]:
        """The sessions for which something does not fit."""
        return [o for o in self.outcomes if o.problem]

    def _reason(self) -> str:
        assert self.request is not None
        if len(self.problems) == len(self.sessions):
            return self.problems[0].problem
        why = why_nothing(self.store, self.request, self.sessions, self.scorer)
        with suppress(UserError):  # the search is as the request wants it again
            preview(self.store, self.request, self.sessions[0], self.scorer)
        return why


def reason(store: ProjectStore, request: GenerateRequest, limit_s: float = 20.0) -> str:
    """Why a request would bring no events at all, looked for at once; empty when that can't be told."""
    scorer = Scorer(store)
    try:
        tally = Tally(store, scorer)
        tally.ask(request, chosen_sessions(store.project, request.sessions, request.classes)[:LOOKED_AT])
        until = time.monotonic() + limit_s
        while not tally.finished and time.monotonic() < until:
            tally.go_on()
            time.sleep(0.01)
        return tally.why
    except UserError:
        return ""
    finally:
        scorer.stop()


def why_nothing(
    store: ProjectStore, request: GenerateRequest, sessions: Sequence[Session], scorer: Scorer
) -> str:
    """Why a request brings no events at all: the setting without which there would be some.

    Sessions whose preview is not known at once are passed over.
    """
    without = list(_without(request))
    bare = replace(request, settings={}, existing=REPLACE_ALL, classes=request.classes if _named(request) else ())
    for session in list(sessions)[:LOOKED_AT]:
        if not _brings(store, bare, session, scorer):
            continue
        for words, request in without:
            if _brings(store, request, session, scorer):
                return f"{words} drops everything"
        return "these settings together drop everything"
    in_place = _in_place(request)
    return "nothing is there to be changed" if in_place else "nothing is found, whatever the settings"


def _named(request: GenerateRequest) -> bool:
    """Whether the classes say what events are called, not which of them are wanted."""
    return method_of(request).names_classes


def _without(request: GenerateRequest) -> Iterator[tuple[str, GenerateRequest]]:
    """The request without one of its settings each, and what that setting is called."""
    for option, words in request.settings.items():
        rest = {name: value for name, value in request.settings.items() if name != option}
        title = TITLES.get(option, option)
        yield f"{title} {printable(' '.join(words))}", replace(request, settings=rest)
    if request.classes and not _named(request):
        yield f"classes {printable(', '.join(request.classes))}", replace(request, classes=())
    if request.existing == KEEP:
        yield "keeping the confirmed labels there", replace(request, existing=REPLACE_ALL)


def _brings(store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer) -> bool:
    try:
        made = preview(store, request, session, scorer)
    except UserError:
        return False
    return made is not None and _left(request, made.outcome) > 0


def _in_place(request: GenerateRequest) -> bool:
    return method_of(request).in_place(request)


def _left(request: GenerateRequest | None, outcome: SessionOutcome) -> int:
    return outcome.added + (outcome.kept if request is not None and _in_place(request) else 0)
