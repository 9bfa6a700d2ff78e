"""Review: unconfirmed labels over all sessions, the likeliest to be wrong first, each in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from labelloop.commands.command import Context, Group
from labelloop.errors import UserError, printable
from labelloop.labeling.edits import Edit
from labelloop.project.labels import Label
from labelloop.rendering.cells import Row, width_of
from labelloop.rendering.format import clock, plural, span
from labelloop.rendering.lanes import Event as LaneEvent
from labelloop.screens.review.rows import Pace, likely, progress
from labelloop.screens.viewer.base import Part
from labelloop.screens.viewer.screen import ViewerScreen
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
from labelloop.widgets.lanes import TrackLane

ROOM_S = 1.0  # shown on either side of an event, at least
PERHAPS = "perhaps"
PASSIVE = frozenset({"help", "palette", "glyphs", "escape"})  # commands that are no keys of the work


class ReviewScreen(ViewerScreen):
    """The queue over some sessions."""

    GROUP: ClassVar[Group] = Group.REVIEW

    def __init__(self, session_ids: Sequence[str]) -> None:
        super().__init__(session_ids[0], session_ids)
        self._queue = Queue([])
        self._began = time.monotonic()
        self._keys = 0
        self._dismissed: list[tuple[int, int, list[list[object]]]] = []  # after which edit, where, of which
        self._single = 0  # items that were judged one by one, which the pace is about
        self._least = "90"  # the confidence in % that was asked for last
        self._places: dict[int, tuple[int, list[int]]] = {}  # by an edit's number: where, of what

    # Parts

    def first_show(self) -> None:
        """Make the queue and show its first item."""
        project = self.host.project
        sessions = [project.session(sid) for sid in self.order if sid in project]
        self._queue = build_queue(self.host.store, sessions, self.host.view.dismissed)
        self._began = time.monotonic()
        self._show_item()

    @property
    def item(self) -> Item | None:
        """What is to be looked at."""
        return self._queue.current

    def _show_item(self) -> None:
        item = self.item
        if item is None or item.session not in self.host.project:
            self._show_end(item)
            return
        if item.session != self.session_id or self.signal is None:
            self.open_session(item.session)
        start, end = item.event.start, item.event.end
        room = max(ROOM_S, end - start)
        self.place = replace(self.place.show(start - room, end + room, 0.0).at(start), mark=None)
        self.pick(label_now(self.track.between(start, end), item) if not item.missed else None)
        self.said = ("", "", [])
        self.paint(Part.VIEW | Part.LABELS | Part.BARS)

    def _show_end(self, item: Item | None) -> None:
        if item is not None:
            self._queue.skip()
            self._show_item()
            return
        waiting = self._queue.left
        more = f" {plural(waiting, 'item')} skipped: N goes back." if waiting else ""
        self.say(f"The end of the queue.{more} q goes back to the sessions.", "good")
        self.pick(None)
        self.paint(Part.LABELS | Part.BARS)

    # What is shown

    def header(self) -> tuple[Row, Row]:
        """How far the queue is, the pace, and an honest word on what was not seen."""
        minutes = (time.monotonic() - self._began) / 60
        left_s = minutes * 60 / self._single * self._queue.left if self._single else None
        right: Row = [(f"{clock(left_s)} left ", "dim")] if left_s else []
        pace = Pace(self._single, self._keys, minutes)
        row = progress(self._queue, pace, brief=False)
        where: Row = [(f"   {printable(self.session.path)}", "dim")] if self.item else []
        for whole in ([*row, *where], row):
            if width_of([*whole, *right]) < self.size.width:
                return whole, right
        return progress(self._queue, pace, brief=True), right

    def _label_text(self) -> Row:
        """The classes that the place may be, its times, what is unusual; what does not fit is left out."""
        item = self.item
        if item is None:
            return super()._label_text()
        event = item.event
        length = span(event.end - event.start)
        times: Row = [(f"   {event.start:.2f} – {event.end:.2f} s ({length})", "")]
        remark: Row = [(f"   {item.remark}", "warn")] if item.remark else []
        for most, what in ((3, times), (3, [(f"   {length}", "")]), (2, [(f"   {length}", "")])):
            row = [*likely(item, self.signs, most), *what, *remark]
            if width_of(row) < self.size.width:
                break
        return row

    def scored_class(self) -> str:
        """The class of the item."""
        return self.item.event.name if self.item else super().scored_class()

    def _track_lanes(self, meant: Label | None) -> list[TrackLane]:
        lanes = super()._track_lanes(meant)
        item = self.item
        if item is not None and item.missed and item.session == self.session_id:
            event, sign = item.event, self.signs.of(item.event.name)
            shown = LaneEvent(event.start, event.end, sign.letter, sign.style, False, event.confidence, True)
            lanes.append(TrackLane(PERHAPS, [shown]))
        return lanes

    def context(self) -> Context:
        """Whether there is something to judge."""
        base = super().context()
        undo = base.undo or ("a place without a label" if self._dismissed else "")
        return replace(base, unconfirmed=int(self.item is not None), step=self._queue.at, undo=undo)

    # Judging

    def action_command(self, command_id: str, key: str) -> None:
        """Count the key, then run the command."""
        if command_id not in PASSIVE:
            self._keys += 1
        super().action_command(command_id, key)

    def _judge(self, action: Callable[[Item], object], wrong: bool) -> None:
        item = self._present()
        if item is None:
            return
        at, journal = self._queue.at, self.host.store.journal
        before = journal.last_seq
        edited = item.label is not None and self._edited(item)
        action(item)
        if journal.last_seq != before:
            self._places[journal.last_seq] = (at, [at])
        self._single += at not in self._queue.judged
        self._queue.judge(wrong or edited or self._queue.judged.get(at, False))
        self._show_item()

    def _present(self) -> Item | None:
        """The current item with its label as it is now; one whose label is gone is passed over."""
        item = self.item
        if item is None or item.label is None:
            return item
        track = self.host.project.track(item.session, item.track)
        label = self.picked or item.label
        if label not in track:
            self._queue.judge(True)
            self._show_item()
            return None
        return replace(item, label=label)

    def _edited(self, item: Item) -> bool:
        """Whether the person moved the label's edges so far that it was wrong before."""
        original = self._queue.items[self._queue.at].label
        assert item.label is not None
        return original is not None and item.label.segment.iou(original.segment) < 0.5

    def do_review_accept(self, _: str) -> None:
        """Confirm, next."""
        item = self.item
        self._judge(lambda one: accept(self.host.store, one), bool(item and item.missed))

    def do_review_reject(self, _: str) -> None:
        """Delete, next; a place where nothing is missing is not offered again."""
        item = self.item
        if item is not None and item.missed:
            self._dismiss(item)
            return
        self._judge(lambda one: reject(self.host.store, one), True)

    def _dismiss(self, item: Item) -> None:
        places = self.host.view.dismissed.setdefault(self.session.path, [])
        places.append([item.event.start, item.event.end, item.event.name])
        self._dismissed.append((self.host.store.journal.last_seq, self._queue.at, places))
        self._single += self._queue.at not in self._queue.judged
        self._queue.judge(False)
        self._show_item()

    def do_undo(self, key: str) -> None:
        """The last judgement back, also one that changed nothing in the project."""
        if not self._dismissed or self._dismissed[-1][0] != self.host.store.journal.last_seq:
            super().do_undo(key)
            return
        _, at, places = self._dismissed.pop()
        places.pop()
        self._queue.again(at)
        self._single -= 1
        self._show_item()
        self.say("Undone: nothing is missing here")

    def do_review_class(self, key: str) -> None:
        """Another class and confirmed, next."""
        name = class_for_key(self.host.store, key)
        if name is None:
            self.say(f"No class has the key {key}; ' finds one by its name.", "warn")
            return
        self._reclass(name)

    def _reclass(self, name: str) -> None:
        item = self.item
        wrong = bool(item and (item.missed or item.event.name != name))
        self._judge(lambda one: reclass(self.host.store, one, name), wrong)

    def do_review_class_by_name(self, _: str) -> None:
        """Ask for a class."""
        names = self.host.project.class_names

        def check(text: str) -> str | None:
            return None if text in names else "tab walks through the classes"

        self.ask("class", " class", self._reclass, "", ", ".join(map(printable, names)), check, names)

    def do_review_accept_all(self, _: str) -> None:
        """Ask for a confidence, and whether here or for the class everywhere."""
        item = self.item
        if item is None:
            return
        name = item.event.name
        hint = f"all of {printable(name)}; '90 session' all of this session; '90 all' everything"
        self.ask("accept all", " accept all of at least %", self._accept_all, self._least, hint)

    def do_review_accept_class(self, _: str) -> None:
        """All of this class from the confidence that was asked for last."""
        self._accept_all(self._least)

    def do_review_accept_session(self, _: str) -> None:
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
        queue = self._queue
        chosen = waiting_like(queue, item, least / 100, scope.strip())
        applied = accept_all(self.host.store, chosen.values(), least / 100)
        self._least = f"{least:g}"
        if applied is None:
            self.say(f"No label that waits has {least:g} %.", "warn")
            return
        self._places[applied.entry.seq] = (queue.at, list(chosen))
        queue.judged.update(dict.fromkeys(chosen, False))
        if queue.at in queue.judged:
            queue.skip()
        self._show_item()
        self.say(applied.title, right=[("z takes it back ", "dim")])

    def do_review_skip(self, _: str) -> None:
        """Leave it for later."""
        self._queue.skip()
        self._show_item()

    def do_review_previous(self, _: str) -> None:
        """The one before."""
        self._queue.back()
        self._show_item()

    def do_review_open(self, _: str) -> None:
        """The session in the viewer, here."""
        viewer = ViewerScreen(self.session_id, [self.session_id])
        self.app.push_screen(viewer)
        viewer.go_to(self.place.cursor, self.place.cursor)

    def bring_into_view(self, done: Reversed) -> None:
        """The item that was judged is open again."""
        found = self._places.get(done.last.entry.of)
        if found is None:
            super().bring_into_view(done)
            return
        at, places = found
        for place in places:
            self._queue.again(place)
        self._queue.at = at
        self._single -= places == [at]
        self._show_item()

    # Edges: the viewer's own commands; the label stays the item's

    def put(self, edit: Edit, text: str) -> None:
        """Make an edit of a label; of a missing one only the place changes."""
        super().put(edit, text)
        item = self.item
        if item is not None and edit.label is not None and item.label is not None:
            event = item.event._replace(start=edit.label.start, end=edit.label.end)
            self._queue.items[self._queue.at] = replace(item, event=event)

    def _edge(self, start: float | None, end: float | None, run: Callable[[str], None]) -> None:
        """Move an edge of what is perhaps missing, or run the viewer's command on the label."""
        item = self.item
        if item is None or not item.missed:
            run("")
            return
        low = item.event.start if start is None else start
        high = item.event.end if end is None else end
        if high - low < self.sample_s:
            self.say("The end must lie behind the start.", "warn")
            return
        self._queue.items[self._queue.at] = replace(item, event=item.event._replace(start=low, end=high))
        self.paint(Part.LABELS | Part.BARS)

    def do_review_edge_start(self, _: str) -> None:
        """The start to the cursor."""
        self._edge(self.place.cursor, None, self.do_viewer_edge_start)

    def do_review_edge_end(self, _: str) -> None:
        """The end to the cursor."""
        self._edge(None, self.place.cursor, self.do_viewer_edge_end)

    def _by_column(self, start: int, end: int, run: Callable[[str], None]) -> None:
        item = self.item
        if item is None:
            return
        by = max(self.column_s, self.sample_s)
        low = item.event.start + start * by if start else None
        high = item.event.end + end * by if end else None
        self._edge(low, high, run)

    def do_review_start_left(self, _: str) -> None:
        """The start a column left."""
        self._by_column(-1, 0, self.do_viewer_start_left)

    def do_review_start_right(self, _: str) -> None:
        """The start a column right."""
        self._by_column(1, 0, self.do_viewer_start_right)

    def do_review_end_left(self, _: str) -> None:
        """The end a column left."""
        self._by_column(0, -1, self.do_viewer_end_left)

    def do_review_end_right(self, _: str) -> None:
        """The end a column right."""
        self._by_column(0, 1, self.do_viewer_end_right)

    def do_review_snap(self, _: str) -> None:
        """Both edges to the signal's own."""
        self._edge(None, None, self.do_viewer_snap)

    def do_review_left(self, key: str) -> None:
        """One column left."""
        self.do_viewer_left(key)

    def do_review_right(self, key: str) -> None:
        """One column right."""
        self.do_viewer_right(key)
