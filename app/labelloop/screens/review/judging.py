"""Judging the items of the review queue one after the other, or many at once, and taking that back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from labelloop.errors import UserError, printable
from labelloop.labeling.edits import Edit
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.shared.parts import Commands, Part
from labelloop.screens.viewer.opener import Opener
from labelloop.screens.viewer.pane import Paint, SessionPane
from labelloop.services.labels.classes import class_for_key
from labelloop.services.labels.history import Reversed
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

ROOM_S = 1.0  # shown on either side of an event, at least


class Judging(Part):
    """The queue over the pane's sessions, and the commands that judge its items."""

    def __init__(self, pane: SessionPane, opener: Opener) -> None:
        self.pane = pane
        self.opener = opener
        self.queue = Queue([])
        self.began = time.monotonic()
        self.single = 0  # items that were judged one by one, which the pace is about
        self._dismissed: list[tuple[int, int, list[list[object]]]] = []  # after which edit, where, of which
        self._least = "90"  # the confidence in % that was asked for last
        self._places: dict[int, tuple[int, list[int]]] = {}  # by an edit's number: where, of what
        pane.edited = self._label_edited

    def begin(self) -> None:
        """Make the queue and show its first item."""
        host = self.pane.host
        sessions = [host.project.session(sid) for sid in self.pane.order if sid in host.project]
        self.queue = build_queue(host.store, sessions, host.view.dismissed)
        self.began = time.monotonic()
        self.show_item()

    @property
    def item(self) -> Item | None:
        """What is to be looked at."""
        return self.queue.current

    @property
    def can_undo_dismissal(self) -> bool:
        """Whether a place without a label was passed over that can be offered again."""
        return bool(self._dismissed)

    # Showing

    def show_item(self) -> None:
        """Bring the item into view, its label the target."""
        item, pane = self.item, self.pane
        if item is None or item.session not in pane.host.project:
            self._show_end(item)
            return
        if item.session != pane.session_id or pane.signal is None:
            self.opener.open(item.session)
        start, end = item.event.start, item.event.end
        room = max(ROOM_S, end - start)
        pane.view = replace(pane.view.show(start - room, end + room, 0.0).at(start), mark=None)
        pane.pick(label_now(pane.track.between(start, end), item) if not item.missed else None)
        pane.said = ("", "", [])
        pane.paint(Paint.VIEW | Paint.LABELS | Paint.BARS)

    def _show_end(self, item: Item | None) -> None:
        if item is not None:
            self.queue.skip()
            self.show_item()
            return
        waiting = self.queue.left
        more = f" {plural(waiting, 'item')} skipped: N goes back." if waiting else ""
        self.pane.report(f"The end of the queue.{more} q goes back to the sessions.", "good")
        self.pane.pick(None)
        self.pane.paint(Paint.LABELS | Paint.BARS)

    def change_event(self, start: float, end: float) -> None:
        """The item's event lies elsewhere."""
        item = self.item
        if item is not None:
            self.queue.items[self.queue.at] = replace(item, event=item.event._replace(start=start, end=end))

    def _label_edited(self, edit: Edit) -> None:
        if self.item is not None and edit.label is not None and self.item.label is not None:
            self.change_event(edit.label.start, edit.label.end)

    # Judging

    def _judge(self, action: Callable[[Item], object], wrong: bool) -> None:
        item = self._present()
        if item is None:
            return
        at, journal = self.queue.at, self.pane.host.store.journal
        before = journal.last_seq
        edited = item.label is not None and self._edited(item)
        action(item)
        if journal.last_seq != before:
            self._places[journal.last_seq] = (at, [at])
        self.single += at not in self.queue.judged
        self.queue.judge(wrong or edited or self.queue.judged.get(at, False))
        self.show_item()

    def _present(self) -> Item | None:
        """The current item with its label as it is now; one whose label is gone is passed over."""
        item = self.item
        if item is None or item.label is None:
            return item
        track = self.pane.host.project.track(item.session, item.track)
        label = self.pane.picked or item.label
        if label not in track:
            self.queue.judge(True)
            self.show_item()
            return None
        return replace(item, label=label)

    def _edited(self, item: Item) -> bool:
        """Whether the user moved the label's edges so far that it was wrong before."""
        original = self.queue.items[self.queue.at].label
        assert item.label is not None
        return original is not None and item.label.segment.iou(original.segment) < 0.5

    def accept(self, _: str) -> None:
        """Confirm, next."""
        item = self.item
        self._judge(lambda one: accept(self.pane.host.store, one), bool(item and item.missed))

    def reject(self, _: str) -> None:
        """Delete, next; a place where nothing is missing is not offered again."""
        item = self.item
        if item is not None and item.missed:
            self._dismiss(item)
            return
        self._judge(lambda one: reject(self.pane.host.store, one), True)

    def _dismiss(self, item: Item) -> None:
        host = self.pane.host
        places = host.view.dismissed.setdefault(self.pane.session.path, [])
        places.append([item.event.start, item.event.end, item.event.name])
        self._dismissed.append((host.store.journal.last_seq, self.queue.at, places))
        self.single += self.queue.at not in self.queue.judged
        self.queue.judge(False)
        self.show_item()

    def take_class(self, key: str) -> None:
        """Another class and confirmed, next."""
        name = class_for_key(self.pane.host.store, key)
        if name is None:
            self.pane.report(f"No class has the key {key}; ' finds one by its name.", "warn")
            return
        self._reclass(name)

    def _reclass(self, name: str) -> None:
        item = self.item
        wrong = bool(item and (item.missed or item.event.name != name))
        self._judge(lambda one: reclass(self.pane.host.store, one, name), wrong)

    def class_by_name(self, _: str) -> None:
        """Ask for a class."""
        names = self.pane.host.project.class_names

        def check(text: str) -> str | None:
            return None if text in names else "tab walks through the classes"

        hint = ", ".join(map(printable, names))
        self.pane.screen.ask("class", " class", self._reclass, "", hint, check, names)

    # Many at once

    def accept_above(self, _: str) -> None:
        """Ask for a confidence, and whether here or for the class everywhere."""
        item = self.item
        if item is None:
            return
        hint = f"all of {printable(item.event.name)}; '90 session' all of this session; '90 all' everything"
        title = " accept all of at least %"
        self.pane.screen.ask("accept all", title, self._accept_all, self._least, hint)

    def accept_class(self, _: str) -> None:
        """All of this class from the confidence that was asked for last."""
        self._accept_all(self._least)

    def accept_session(self, _: str) -> None:
        """All of this session from the confidence that was asked for last."""
        self._accept_all(f"{self._least} session")

    def _accept_all(self, text: str) -> None:
        item = self.item
        if item is None:
            return
        number, _, scope = text.strip().rstrip("%").partition(" ")
        try:
            least = float(number.rstrip("%"))
        except ValueError:
            raise UserError(
                "Write a percentage, such as 90, and perhaps 'session' or 'all' behind it."
            ) from None
        queue = self.queue
        chosen = waiting_like(queue, item, least / 100, scope.strip())
        applied = accept_all(self.pane.host.store, chosen.values(), least / 100)
        self._least = f"{least:g}"
        if applied is None:
            self.pane.report(f"No label that waits has {least:g} %.", "warn")
            return
        self._places[applied.entry.seq] = (queue.at, list(chosen))
        queue.judged.update(dict.fromkeys(chosen, False))
        if queue.at in queue.judged:
            queue.skip()
        self.show_item()
        self.pane.report(applied.title, right=[("z takes it back ", "dim")])

    # Through the queue

    def skip(self, _: str) -> None:
        """Leave it for later."""
        self.queue.skip()
        self.show_item()

    def previous(self, _: str) -> None:
        """The one before."""
        self.queue.back()
        self.show_item()

    def open_viewer(self, _: str) -> None:
        """The session in the viewer, here."""
        pane = self.pane
        viewer = routes.screen("viewer", pane.session_id, [pane.session_id])
        pane.screen.app.push_screen(viewer)
        viewer.go_to(pane.view.cursor, pane.view.cursor)

    # Taking back

    def undo_dismissal(self) -> bool:
        """Offer the last place again that was passed over, when nothing was edited since; whether it was."""
        if not self._dismissed or self._dismissed[-1][0] != self.pane.host.store.journal.last_seq:
            return False
        _, at, places = self._dismissed.pop()
        places.pop()
        self.queue.again(at)
        self.single -= 1
        self.show_item()
        self.pane.report("Undone: nothing is missing here")
        return True

    def reopen(self, done: Reversed) -> bool:
        """Open the items again that an undone edit had judged; whether there are any."""
        found = self._places.get(done.last.entry.of)
        if found is None:
            return False
        at, places = found
        for place in places:
            self.queue.again(place)
        self.queue.at = at
        self.single -= places == [at]
        self.show_item()
        return True

    COMMANDS: ClassVar[Commands] = {
        "review.accept": accept,
        "review.reject": reject,
        "review.class": take_class,
        "review.class_by_name": class_by_name,
        "review.accept_all": accept_above,
        "review.accept_class": accept_class,
        "review.accept_session": accept_session,
        "review.skip": skip,
        "review.previous": previous,
        "review.open": open_viewer,
    }
