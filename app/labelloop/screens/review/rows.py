"""What the review says of its queue and of the item that is looked at."""

from __future__ import annotations

from typing import NamedTuple

from labelloop.errors import printable
from labelloop.rendering.cells import Row
from labelloop.rendering.format import percent, plural
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.review.queue import Item, Queue

ENOUGH = 10  # judged items from which the errors that nobody saw are estimated


class Pace(NamedTuple):
    """Items judged one by one, keys pressed for all, minutes that went by."""

    single: int
    keys: int
    minutes: float


def progress(queue: Queue, pace: Pace, brief: bool) -> Row:
    """How far the queue is, the pace, the errors that nobody saw; in few words for a narrow window."""
    done, total = len(queue.judged), len(queue.items)
    gap = "  " if brief else "   "
    row: Row = [(f" Review{gap}", "title"), (f"{done} of {total}", "strong")]
    row.append((f"{gap}{queue.unsure_left} unsure{'' if brief else ' left'}", ""))
    if pace.single:
        events = f"{pace.single / max(pace.minutes, 1 / 60):.0f}"
        row.append((f"{gap}{events}/min" if brief else f"{gap}{events} events a minute", "dim"))
        keys = f"{pace.keys / max(1, done):.1f}"
        row.append((f"{gap}{keys} keys" if brief else f", {keys} keys an event", "dim"))
    if done >= ENOUGH:  # before that nobody can say
        expected = queue.estimate().expected
        about = "~" if brief else "about "
        style = "warn" if expected >= 1 else "good"
        row.append((f"{gap}{about}{plural(round(expected), 'error')} unseen", style))
    return row


def likely(item: Item, signs: ClassSigns, most: int) -> Row:
    """The likeliest classes of an item's place, its own one marked."""
    event = item.event
    row: Row = [("perhaps missed: ", "warn")] if item.missed else []
    for place, (name, score) in enumerate((item.alternatives or ((event.name, event.confidence),))[:most]):
        sign = signs.of(name)
        text = f"{sign.key} {printable(name)} {percent(score)}".lstrip()
        style = f"{sign.style} strong" if name == event.name else "dim"
        row.append((("  ·  " if place else "") + text, style))
    return row
