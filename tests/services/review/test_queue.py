"""The review queue, and judging what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.jobs.scores import Scores, scores_file, write_scores
from labelloop.labeling.matching import Event
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.review.queue import (
    Item,
    Queue,
    accept,
    accept_all,
    build_queue,
    label_now,
    reclass,
    reject,
    waiting_like,
)
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _generated(store: ProjectStore, session: str, *places: tuple[float, float, str, float]) -> list[Label]:
    labels = [
        Label.spanning(a, b, name, confidence=sure, confirmed=False, origin="run:g1")
        for a, b, name, sure in places
    ]
    store.editor.apply(EditLabels(session, "label", (), tuple(labels)))
    return labels


def _queue(store: ProjectStore, dismissed: Mapping[str, Sequence[Sequence[object]]] | None = None) -> Queue:
    return build_queue(store, list(store.project.sessions()), dismissed or {})


def _items(count: int) -> Queue:
    event = Event(0, 1, "up", 0.9)
    return Queue([Item(str(n), "label", event, None, 0.1 * n) for n in range(count)])


def test_the_least_confident_comes_first(made: ProjectStore, named: Named) -> None:
    _generated(made, named("up_00").id, (6, 6.5, "up", 0.95), (7, 7.5, "up", 0.4))
    queue = _queue(made)
    assert [item.event.confidence for item in queue.items] == [0.4, 0.95]
    assert not queue.items[0].missed


def test_confirmed_labels_are_not_asked_about(made: ProjectStore) -> None:
    assert _queue(made).items == []


def test_an_unusual_length_is_remarked(made: ProjectStore, named: Named) -> None:
    _generated(made, named("up_00").id, (5.5, 9.5, "up", 0.9))
    assert "longer than usual for up" in _queue(made).items[0].remark


def _scored(store: ProjectStore, session: str) -> None:
    scores = np.zeros((100, 3), np.float32)
    scores[:, 0] = 0.9
    scores[53:78] = (0.3, 0.7, 0.0)
    value = Scores("m", ("up", "down"), np.arange(101) / 10, scores, None, {"threshold": 0.9}, None)
    from pathlib import Path

    write_scores(scores_file(store.layout.cache, session, Path("m.h5")), value)


def test_a_place_that_scored_nearly_enough_is_perhaps_missed(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    _generated(made, session.id, (8.5, 9.0, "up", 0.9))
    _scored(made, session.id)
    missed = [item for item in _queue(made).items if item.missed]
    assert [(item.event.name, round(item.event.start)) for item in missed] == [("up", 5)]
    dismissed = {session.path: [[5.0, 8.0, "up"]]}
    assert not [item for item in _queue(made, dismissed).items if item.missed]


def test_going_through() -> None:
    queue = _items(3)
    queue.judge(False)
    assert (queue.at, queue.left) == (1, 2)
    queue.skip()
    assert queue.at == 2
    queue.judge(True)
    assert queue.current is None
    queue.back()
    queue.back()
    assert queue.at == 1
    queue.back()
    queue.back()
    assert queue.at == 0
    queue.again(2)
    assert (queue.at, queue.left) == (2, 2)


def test_the_doubtful_that_are_left() -> None:
    queue = _items(10)
    assert queue.unsure_left == 5
    queue.at = 9
    queue.judge(False)
    assert queue.unsure_left == 4


def test_an_estimate_needs_judgements() -> None:
    queue = _items(20)
    for place in range(10):
        queue.at = place
        queue.judge(place % 2 == 0)
    assert queue.estimate().expected > 0


def test_accepting_confirms(made: ProjectStore, named: Named) -> None:
    session = named("up_00").id
    _generated(made, session, (6, 6.5, "up", 0.5))
    item = _queue(made).items[0]
    assert accept(made, item) is not None
    (label,) = [x for x in made.project.track(session) if x.start == 6]
    assert label.confirmed
    assert label.origin == "run:g1"
    assert accept(made, Item(session, "label", item.event, label, 0.0)) is None


def test_accepting_what_is_missed_makes_a_label(made: ProjectStore, named: Named) -> None:
    session = named("up_00").id
    accept(made, Item(session, "label", Event(6, 6.5, "down", 0.4), None, 0.0))
    (label,) = [x for x in made.project.track(session) if x.start == 6]
    assert (label.name, label.confirmed, label.origin) == ("down", True, "")


def test_another_class_confirms_too(made: ProjectStore, named: Named) -> None:
    session = named("up_00").id
    _generated(made, session, (6, 6.5, "up", 0.5))
    reclass(made, _queue(made).items[0], "down")
    (label,) = [x for x in made.project.track(session) if x.start == 6]
    assert (label.name, label.confirmed) == ("down", True)
    reclass(made, Item(session, "label", Event(7, 7.5, "up", 0.4), None, 0.0), "down")
    assert [x.name for x in made.project.track(session) if x.start == 7] == ["down"]


def test_rejecting_deletes(made: ProjectStore, named: Named) -> None:
    session = named("up_00").id
    _generated(made, session, (6, 6.5, "up", 0.5))
    item = _queue(made).items[0]
    reject(made, item)
    assert not [x for x in made.project.track(session) if x.start == 6]
    assert reject(made, Item(session, "label", item.event, None, 0.0)) is None


def test_which_wait_from_a_confidence(made: ProjectStore, named: Named) -> None:
    _generated(made, named("up_00").id, (6, 6.5, "up", 0.9), (7, 7.5, "down", 0.9), (8, 8.2, "up", 0.5))
    _generated(made, named("up_02").id, (6, 6.5, "up", 0.9))
    queue = _queue(made)
    item = next(x for x in queue.items if x.session == named("up_00").id and x.event.name == "up")

    def count(least: float, scope: str) -> int:
        return len(waiting_like(queue, item, least, scope))

    assert (count(0.8, ""), count(0.8, "session"), count(0.8, "all"), count(0, "all")) == (2, 2, 3, 4)
    queue.judged[queue.items.index(item)] = False
    assert count(0.8, "") == (2 if item.event.confidence < 0.8 else 1)


def test_accepting_many_is_one_change(made: ProjectStore, named: Named) -> None:
    _generated(made, named("up_00").id, (6, 6.5, "up", 0.9), (7, 7.5, "up", 0.5))
    _generated(made, named("up_02").id, (6, 6.5, "up", 0.8))
    before = made.journal.last_seq
    done = accept_all(made, _queue(made).items, 0.8)
    assert done is not None
    assert done.title == "2 labels from 80% confirmed"
    assert made.journal.last_seq == before + 1
    assert accept_all(made, _queue(made).items, 0.8) is None
    with pytest.raises(UserError, match="from 0 to 1"):
        accept_all(made, [], 1.2)


def test_the_label_as_it_is_by_now() -> None:
    label = Label.spanning(1, 2, "up")
    item = Item("s", "label", Event(1, 2, "up", 0.5), label, 0.0)
    moved, far = Label.spanning(1.2, 2.2, "up"), Label.spanning(1.9, 5, "up")
    assert label_now([label, far], item) == label
    assert label_now([moved, far], item) == moved
    assert label_now([Label.spanning(3, 4, "up")], item) is None
