"""Labels from an existing track: adjusted in place, or copied into another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from labelloop.errors import UserError, printable
from labelloop.jobs.run import RunFolder
from labelloop.labeling.tracks import Adjustments, adjust
from labelloop.project.changes import Change, Compound
from labelloop.project.class_changes import class_additions
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.services.generating.merging import (
    EXISTING,
    Outcome,
    Rules,
    Run,
    SessionOutcome,
    check_target,
    chosen_sessions,
    put_events,
    session_change,
    sessions_having,
)
from labelloop.services.generating.method import Preview, merged
from labelloop.services.generating.request import Finished, GenerateRequest, track_adjustments
from labelloop.services.generating.runs import Opens, close_run, opening
from labelloop.services.generating.scorer import Scorer
from labelloop.services.sessions.select import require_class
from labelloop.storage.store import ProjectStore


@dataclass(frozen=True, slots=True)
class TrackRequest:
    """Labels of ``source`` adjusted and put into the target track of each session."""

    source: str
    sessions: tuple[str, ...]
    rules: Rules
    how: Adjustments = field(default_factory=Adjustments)
    classes: tuple[str, ...] = ()


def generate_from_track(store: ProjectStore, request: TrackRequest, opens: Opens | None) -> Outcome:
    """Adjust a track's labels in place, or put adjusted copies into another track.

    In place, the adjusted labels keep their standing (confirmed or not); copies are unconfirmed. ``opens``
    makes the run; without it nothing is written.

    Raises:
        UserError: sessions lack the track, or the target does not fit; nothing was changed.
    """
    project = store.project
    classes = tuple(require_class(project, name) for name in request.classes)
    sessions = chosen_sessions(project, request.sessions, ())
    if lacking := sessions_having(store, sessions, request.source, False):
        raise UserError(f"{lacking} have no label track {printable(request.source)}.")
    check_target(store, sessions, request.rules.target)
    with one_run(opens, f"labels from track {request.source}", sessions) as outcome:
        for session in sessions:
            outcome.sessions.append(_one(store, session, request, classes, outcome.run, opens is None))
    return outcome


def _one(
    store: ProjectStore, session: Session, request: TrackRequest, classes: Sequence[str], run: str, dry: bool
) -> SessionOutcome:
    try:
        source = [
            x for x in store.project.track(session.id, request.source) if not classes or x.name in classes
        ]
        ends = Segment(session.start_s, max(session.start_s, session.end_s))
        adjusted = adjust(source, request.how, ends)
        if request.rules.target.kind == EXISTING and request.rules.target.track == request.source:
            return _in_place(store, session, request, source, adjusted, run, dry)
        events = [replace(x, origin=f"run:{run}", confirmed=False, source_text="") for x in adjusted]
        names = classes or sorted({x.name for x in events})
        if dry:
            return session_change(store, session, events, request.rules, names)[1]
        for change in class_additions(store.project, names):
            store.editor.apply(change, tag=f"run:{run}")
        return put_events(store, run, session, events, request.rules, names)
    except UserError as error:
        return SessionOutcome(session, problem=str(error))


def _in_place(
    store: ProjectStore,
    session: Session,
    request: TrackRequest,
    source: Sequence[Label],
    adjusted: Sequence[Label],
    run: str,
    dry: bool,
) -> SessionOutcome:
    """Replace the labels that the adjustment altered."""
    before, after = set(source), set(adjusted)
    removed = tuple(x for x in source if x not in after)
    added = tuple(x for x in adjusted if x not in before)
    outcome = SessionOutcome(session, len(added), len(source) - len(removed), len(removed))
    if not dry and (removed or added):
        parts: list[Change] = list(class_additions(store.project, (x.name for x in added)))
        parts.append(EditLabels(session.id, request.source, removed, added))
        change = parts[0] if len(parts) == 1 else Compound(tuple(parts))
        title = f"{len(added)} labels adjusted in {printable(session.name)}"
        store.editor.apply(change, title, f"run:{run}")
    return outcome


@contextmanager
def one_run(opens: Opens | None, name: str, sessions: Sequence[Session]) -> Iterator[Outcome]:
    """A run folder for what is written within, so that the run has an id to revert by."""
    run = opens(name, sessions) if opens else None
    state = "failed"
    try:
        yield Outcome(run.id if run else "")
        state = "done"
    finally:
        if run is not None:
            close_run(run, state)


class FromTrack:
    """The labels of a track, adjusted in place or copied into another one."""

    id = "track"
    names_classes = False
    by_confidence = False

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it. Raises UserError when something does not fit."""
        opens = None if dry else opening(store, request.to_json(), into)
        how = track_adjustments(request)
        request = TrackRequest(request.one_source, request.sessions, request.rules, how, request.classes)
        return Finished(generate_from_track(store, request, opens))

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session. Raises UserError when something does not fit."""
        source = [
            x
            for x in store.project.track(session.id, request.one_source)
            if not request.classes or x.name in request.classes
        ]
        ends = Segment(session.start_s, max(session.start_s, session.end_s))
        adjusted = adjust(source, track_adjustments(request), ends)
        if self.in_place(request):
            added = tuple(x for x in adjusted if x not in set(source))
            removed = tuple(x for x in source if x not in set(adjusted))
            outcome = SessionOutcome(session, len(added), len(source) - len(removed), len(removed))
            return Preview(outcome, added, removed)
        return merged(store, request, session, adjusted, request.classes or sorted({x.name for x in adjusted}))

    def in_place(self, request: GenerateRequest) -> bool:
        """Whether labels are changed where they are."""
        return request.target.track in request.source
