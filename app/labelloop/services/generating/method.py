"""What a method of generating labels is: how it starts a run, and what it would do to one session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from labelloop.jobs.run import RunFolder
from labelloop.jobs.scores import Scores
from labelloop.labeling.postprocess import PostSettings
from labelloop.project.changes import primitives
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.merging import Run, SessionOutcome, labels_from_events, session_change
from labelloop.services.generating.request import GenerateRequest
from labelloop.services.generating.scorer import MakeFinder, Scorer
from labelloop.storage.store import ProjectStore


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """One session as it would be: the labels that come, what they replace, the model's scores if any."""

    outcome: SessionOutcome
    added: tuple[Label, ...] = ()
    removed: tuple[Label, ...] = ()
    scores: Scores | None = None
    settings: PostSettings = field(default_factory=PostSettings)
    level: float | None = None  # the threshold that was found from all sessions


class Method(Protocol):
    """One way of generating labels; runs, previews and tallies know no other.

    ``id`` is its name on the command line and in runs. With ``names_classes`` the request's classes say what
    events are called, not which of them are wanted. ``by_confidence`` says that events differ in confidence,
    so that some are to be looked at first.
    """

    id: str
    names_classes: bool
    by_confidence: bool

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it; ``into`` is a run that goes on, ``dry`` writes nothing.

        Raises:
            UserError: something of the request does not fit; nothing was changed.
        """
        ...

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session; None while that is being found out. Raises UserError."""
        ...

    def in_place(self, request: GenerateRequest) -> bool:
        """Whether labels are changed where they are, instead of being put beside others."""
        ...


def merged(
    store: ProjectStore,
    request: GenerateRequest,
    session: Session,
    events: Sequence[Label],
    classes: Sequence[str],
    parts: dict[str, float] | None = None,
) -> Preview:
    """What events amount to in a session, put among its labels by the request's rules."""
    change, outcome = session_change(store, session, events, request.rules.with_parts(parts or {}), classes)
    edits = [p for p in primitives(change) if isinstance(p, EditLabels)] if change else []
    added = tuple(x for e in edits for x in e.added)
    return Preview(outcome, added, tuple(x for e in edits for x in e.removed))


def preview_by_search(
    store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer, make: MakeFinder
) -> Preview | None:
    """What a search's events amount to in a session; None while it is searched."""
    search = scorer.search(request, make)
    search.ask([session])
    if not search.ready(session):
        return None
    search.settle()
    finder = search.finder
    rows = [(e.start, e.end, e.name, e.confidence) for e in finder.events(search.result(session))]
    parts = {finder.name: finder.shortest_s}
    made = merged(store, request, session, labels_from_events(rows, ""), [finder.name], parts)
    return replace(made, level=finder.level)
