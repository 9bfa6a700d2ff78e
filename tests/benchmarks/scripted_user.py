"""A scripted user who knows the truth reviews generated labels in the app's order: keys, and errors left.

    python -m tests.benchmarks.scripted_user PROJECT TRUTH [--labelled 88]

PROJECT holds labels generated for its unassigned sessions; TRUTH is a folder with the same sessions and their
true label files. Keys: 3 for an event by hand (start, end, class); in review 1 to accept, reject or give a
class, 2 more to move both edges. The user reviews as long as the app expects more than one error in a
hundred labels among what nobody has looked at, then accepts the rest with one command. Moving is not counted.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from labelloop.formats.labels.label_file import parse_labels
from labelloop.labeling.matching import Event, event_score, match_events
from labelloop.services.review.queue import Item, Queue, build_queue
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore

BY_HAND, WIZARD, BULK = 3, 8, 7  # keys: an event; the wizard's enters; A 0 space a l l enter
ENOUGH = 0.01  # errors a label that may stay unseen
LEAST = 0.5  # of overlap; edges that are worse are wrong


class User:
    """Knows the true events of each session, and which of them the labels have hit."""

    def __init__(self, truth: dict[str, list[Event]], items: Iterable[Item]) -> None:
        self._truth = truth
        self._of: dict[int, Event | None] = {}
        by_session: dict[str, list[Item]] = {}
        for item in items:
            by_session.setdefault(item.session, []).append(item)
        for session, found in by_session.items():
            for missed in (False, True):  # labels first; what is perhaps missed gets what they leave
                part = [x for x in found if x.missed == missed]
                taken = {id(e) for e in self._of.values() if e is not None}
                free = [e for e in truth[session] if id(e) not in taken]
                for m in match_events(free, [x.event for x in part], 0.2, classes=False):
                    self._of[id(part[m.found])] = free[m.truth]

    def truth_of(self, item: Item) -> Event | None:
        """The true event in an item's place."""
        return self._of.get(id(item))

    def judge(self, item: Item) -> tuple[int, bool, Event | None]:
        """Keys, whether the item was wrong, and the event that is there afterwards."""
        true = self.truth_of(item)
        if true is None:
            return 1, not item.missed, None
        overlap = (min(true.end, item.event.end) - max(true.start, item.event.start)) / (
            max(true.end, item.event.end) - min(true.start, item.event.start)
        )
        wrong = item.missed or true.name != item.event.name or overlap < LEAST
        keys = 1 + (2 if overlap < LEAST else 0)
        mended = true if overlap < LEAST else item.event._replace(name=true.name)
        return keys, wrong, mended


def review(queue: Queue, user: User) -> tuple[int, int, dict[int, Event | None]]:
    """Judge until few errors are to be expected; keys, items judged, and what became of each."""
    keys, kept = 0, dict[int, Event | None]()
    while (item := queue.current) is not None:
        spent, wrong, event = user.judge(item)
        keys += spent
        kept[queue.at] = event
        queue.judge(wrong)
        if len(queue.judged) >= 20 and queue.estimate().expected < ENOUGH * len(queue.items):
            break
    for place, item in enumerate(queue.items):
        if place not in kept and not item.missed:
            kept[place] = item.event
    return keys + (BULK if queue.left else 0), len(queue.judged), kept


def errors_in(order: Sequence[Item], user: User, share: float) -> int:
    """How many errors the first part of an order shows."""
    return sum(user.judge(item)[1] for item in order[: round(share * len(order))])


def true_events(store: ProjectStore, truth: Path) -> dict[str, list[Event]]:
    """The true events of the unassigned sessions."""
    out = {}
    for session in store.project.in_set("unassigned"):
        file = truth / session.path / "label.label"
        labels = parse_labels(file.read_bytes(), str(file)).labels
        out[session.id] = [Event(x.start, x.end, x.name) for x in labels]
    return out


def main() -> None:
    """Print keys and errors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--labelled", type=int, default=88)
    args = parser.parse_args()
    store = open_project(args.project, "a scripted user", write=False)
    sessions = store.project.in_set("unassigned")
    truth = true_events(store, args.truth)
    queue = build_queue(store, sessions, {})
    user = User(truth, queue.items)
    never = sum(len(t) for t in truth.values()) - sum(user.truth_of(x) is not None for x in queue.items)
    wrong = sum(user.judge(x)[1] for x in queue.items)
    print(f"{len(queue.items)} items, {wrong} errors among them, {never} events that no item shows")
    mixed = list(queue.items)
    random.Random(0).shuffle(mixed)
    for share in (0.1, 0.25, 0.5, 1.0):
        ours, chance = errors_in(queue.items, user, share), errors_in(mixed, user, share)
        print(f"first {share:4.0%}: {ours} of {wrong} errors found, in random order {chance}")
    keys, judged, kept = review(queue, user)
    score = event_score([], [])
    for session, events in truth.items():
        found = [e for i, e in kept.items() if e is not None and queue.items[i].session == session]
        score += event_score(events, found)
    everything = args.labelled + sum(len(t) for t in truth.values())
    total = args.labelled * BY_HAND + WIZARD + keys
    print(f"{judged} items judged with {keys} keys; final event F1 {score.f1:.4f}")
    print(f"keys in all {total} of {BY_HAND * everything} by hand: {total / (BY_HAND * everything):.1%}")


if __name__ == "__main__":
    main()
