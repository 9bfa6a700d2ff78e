"""The review queue: what is to be looked at over all sessions, in which order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from labelloop.errors import UserError, printable
from labelloop.jobs.scores import Scores, latest_scores
from labelloop.labeling.matching import Event
from labelloop.labeling.order import (
    Candidate,
    Estimate,
    Usual,
    errors_left,
    near_misses,
    review_order,
    error_probability,
    usual_lengths,
)
from labelloop.labeling.postprocess import PostSettings, to_events
from labelloop.project.changes import Compound
from labelloop.project.editor import Applied
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import USER, Label
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.services.sessions.locked import refuse_read_only_files
from labelloop.storage.store import ProjectStore

LOWER = 0.6  # of a class's threshold: from here on something is perhaps missed
DISAGREE = 0.6  # agreement of the models below which a user is told so
UNSURE = 0.5  # error probability from which a label wants a look
Dismissed = Mapping[str, Sequence[Sequence[object]]]  # places by session where nothing is: start, end, class


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. ``label`` is None where a label is perhaps missing."""

    session: str
    track: str
    event: Event
    label: Label | None
    error_probability: float
    alternatives: tuple[tuple[str, float], ...] = ()
    remark: str = ""

    @property
    def missed(self) -> bool:
        """Whether no label is there yet."""
        return self.label is None


@dataclass
class Queue:
    """Items in their order, and what a user said of those that were looked at."""

    items: list[Item]
    at: int = 0
    judged: dict[int, bool] = field(default_factory=dict)  # place -> whether it was wrong

    @property
    def current(self) -> Item | None:
        """What is to be looked at now."""
        return self.items[self.at] if self.at < len(self.items) else None

    @property
    def left(self) -> int:
        """How many were not judged."""
        return len(self.items) - len(self.judged)

    @property
    def unsure_left(self) -> int:
        """How many doubtful ones were not judged."""
        return sum(x.error_probability >= UNSURE for i, x in enumerate(self.items) if i not in self.judged)

    def judge(self, wrong: bool) -> None:
        """Note what a user said of the current item, and go on."""
        self.judged[self.at] = wrong
        self.skip()

    def skip(self) -> None:
        """On to the next that was not judged; past the end when there is none behind."""
        self.at = next(
            (i for i in range(self.at + 1, len(self.items)) if i not in self.judged), len(self.items)
        )

    def back(self) -> None:
        """To the item before, judged or not."""
        self.at = max(0, self.at - 1)

    def again(self, place: int) -> None:
        """An item is open again: what was said of it was undone."""
        self.judged.pop(place, None)
        self.at = place

    def estimate(self) -> Estimate:
        """How many errors are to be expected among those that nobody looked at."""
        seen = [(self.items[i].error_probability, wrong) for i, wrong in self.judged.items()]
        return errors_left(seen, [x.error_probability for i, x in enumerate(self.items) if i not in self.judged])


def build_queue(store: ProjectStore, sessions: Sequence[Session], dismissed: Dismissed) -> Queue:
    """The queue over some sessions: unconfirmed labels and places where one is perhaps missing."""
    confirmed: list[Label] = []
    found: list[tuple[Candidate, Item]] = []
    for session in store.project.sessions():
        if not session.broken and session.totals:
            confirmed += [x for x in store.project.track(session.id) if x.confirmed]
    for session in sessions:
        if not session.broken:
            found += _of_session(store, session, dismissed.get(session.path, ()))
    usual = usual_lengths(confirmed)
    order = review_order([candidate for candidate, _ in found], usual)
    return Queue([_judged(*found[i], usual) for i in order])


def _of_session(
    store: ProjectStore, session: Session, dismissed: Sequence[Sequence[object]]
) -> list[tuple[Candidate, Item]]:
    track = store.project.track(session.id)
    scores = latest_scores(store.layout.cache, session.id)
    settings = PostSettings.from_json(scores.post) if scores else PostSettings()
    out = []
    for label in track:
        if not label.confirmed:
            event = Event(label.start, label.end, label.name, label.confidence)
            out.append(_candidate(session, event, label, scores, settings))
    generated = any(label.origin.startswith("run:") for label in track)
    if scores is not None and generated and not session.done:
        for event in _perhaps_missed(scores, settings, list(track), dismissed):
            out.append(_candidate(session, event, None, scores, settings))
    return out


def _candidate(
    session: Session, event: Event, label: Label | None, scores: Scores | None, settings: PostSettings
) -> tuple[Candidate, Item]:
    means = scores.over(event.start, event.end) if scores else {}
    ranked = tuple(sorted(means.items(), key=lambda pair: -pair[1]))
    rival = max((value for name, value in ranked if name != event.name), default=0.0)
    least = settings.of(event.name, "threshold") or 0.5
    agreement = scores.agreement_over(event.start, event.end) if scores else None
    candidate = Candidate(session.id, event, least, rival, agreement, missed=label is None)
    return candidate, Item(session.id, session.label_track, event, label, 0.0, ranked[:3])


def _judged(candidate: Candidate, item: Item, usual: Mapping[str, Usual]) -> Item:
    remark = _remark(candidate.event, usual)
    if not remark and candidate.agreement is not None and candidate.agreement < DISAGREE:
        remark = "the models disagree"
    return replace(item, error_probability=error_probability(candidate, usual), remark=remark)


def _remark(event: Event, usual: Mapping[str, Usual]) -> str:
    """What is unusual about an event's length."""
    known = usual.get(event.name)
    length = event.end - event.start
    if known is None or known.outlier_score(length) < 0.5:
        return ""
    word = "shorter" if length < known.length_s else "longer"
    return f"{word} than usual for {printable(event.name)} ({known.length_s:.3g} s)"


def _perhaps_missed(
    scores: Scores, settings: PostSettings, taken: list[Label], dismissed: Sequence[Sequence[object]]
) -> list[Event]:
    own = {
        name: {
            "threshold": max(0.02, LOWER * (settings.of(name, "threshold") or 0.5)),
            "min_length_s": LOWER * (settings.of(name, "min_length_s") or 0.0),
        }
        for name in scores.classes
    }
    lower = settings.merged({"per_class": own, "least_score": LOWER * settings.least_score})
    found = to_events(scores.scores, scores.times, scores.classes, settings, scores.boundary)
    more = to_events(scores.scores, scores.times, scores.classes, lower, scores.boundary)
    known = taken + [
        Label.spanning(float(str(start)), float(str(end)), str(name)) for start, end, name in dismissed
    ]
    return near_misses([e for e in found if _is_labelled(e, known)], more, known)


def _is_labelled(event: Event, labels: Iterable[Label]) -> bool:
    """Whether a found event became a label; one that a user deleted is not offered again, either."""
    return True if not labels else any(x.start < event.end and x.end > event.start for x in labels)


# Judging


def accept(store: ProjectStore, item: Item) -> Applied | None:
    """Confirm the label as it is, or make the missing one; None when a user did so already."""
    if item.label is None:
        event = item.event
        label = Label.spanning(event.start, event.end, event.name, origin=USER)
        return store.editor.apply(EditLabels(item.session, item.track, (), (label,)))
    if item.label.confirmed:
        return None
    after = replace(item.label, confirmed=True)
    name = printable(item.event.name)
    return store.editor.apply(
        EditLabels(item.session, item.track, (item.label,), (after,)),
        f"{name} {item.event.start:.2f} s confirmed",
    )


def reclass(store: ProjectStore, item: Item, name: str) -> Applied | None:
    """Give the label another class and confirm it."""
    if item.label is None:
        return accept(store, replace(item, event=item.event._replace(name=name)))
    after = replace(item.label, name=name, confirmed=True, origin=USER, source_text="")
    return store.editor.apply(EditLabels(item.session, item.track, (item.label,), (after,)))


def reject(store: ProjectStore, item: Item) -> Applied | None:
    """Delete the label; a missing one stays missing (None: nothing of the project changes)."""
    if item.label is None:
        return None
    return store.editor.apply(EditLabels(item.session, item.track, (item.label,)))


def waiting_like(queue: Queue, item: Item, least: float, scope: str) -> dict[int, Item]:
    """Labels that wait, with their places, from a confidence: of the item's class, "session", or "all"."""
    return {
        place: other
        for place, other in enumerate(queue.items)
        if place not in queue.judged
        and other.label is not None
        and other.label.confidence >= least
        and (
            scope == "all"
            or (other.session == item.session if scope == "session" else other.event.name == item.event.name)
        )
    }


def label_now(track: Iterable[Label], item: Item) -> Label | None:
    """The item's label as it is in its track by now: itself, or what lies in its place."""
    near = [x for x in track if x.start < item.event.end and x.end > item.event.start]
    if item.label in near:
        return item.label
    place = Segment(item.event.start, item.event.end)
    return max(near, key=lambda x: x.segment.iou(place), default=None)


def accept_all(store: ProjectStore, items: Iterable[Item], least: float) -> Applied | None:
    """Confirm every label of a confidence as one change; None when there is none.

    Raises:
        UserError: the confidence is not between 0 and 1, or a file of labels is read-only.
    """
    if not 0 <= least <= 1:
        raise UserError("The confidence is a number from 0 to 1, or a percentage such as 90 %.")
    edits: dict[tuple[str, str], list[Label]] = {}
    for item in items:
        if item.label is not None and item.label.confidence >= least:
            edits.setdefault((item.session, item.track), []).append(item.label)
    if not edits:
        return None
    refuse_read_only_files(store, edits)
    parts = tuple(
        EditLabels(sid, track, tuple(labels), tuple(replace(x, confirmed=True) for x in labels))
        for (sid, track), labels in edits.items()
    )
    count = sum(len(part.removed) for part in parts)
    return store.editor.apply(Compound(parts), f"{count} labels from {least:.0%} confirmed")
