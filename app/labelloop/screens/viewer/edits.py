"""Labelling in the viewer: make, change, move, split, join, copy, delete."""

from __future__ import annotations

import statistics
from typing import ClassVar

from labelloop.commands.catalogue import by_id
from labelloop.errors import UserError, printable
from labelloop.labeling import edits
from labelloop.labeling.edits import Edit, Place
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.rendering.format import plural, span
from labelloop.screens.shared.parts import Commands, Handler, Part
from labelloop.screens.viewer.edges import Edges
from labelloop.screens.viewer.pane import SessionPane
from labelloop.screens.viewer.typed import label_text, parse_label
from labelloop.services.labels.classes import class_for_key
from labelloop.services.sessions.marks import toggle_done
from labelloop.services.sessions.select import require_class, totals

NAMED = "="  # before a class's name where a digit is expected


class Edits(Part):
    """Commands that make and change labels."""

    def __init__(self, pane: SessionPane, edges: Edges) -> None:
        self.pane = pane
        self.edges = edges
        self.take_class: Handler = self.label_class  # playback takes a class in its own way

    # Making labels

    def mark(self, _: str) -> None:
        """Mark the start, or take the mark off where it is."""
        view = self.pane.view
        self.pane.show_view(view.marked(None if view.mark == view.cursor else view.cursor))
        self.pane.report("" if self.pane.view.mark is None else "Move, then press a class; esc leaves.", "dim")

    def label_class(self, key: str) -> None:
        """Label the marked stretch, change the label under the cursor, or stamp."""
        name = self.class_of(key)
        if name is None:
            self.pane.report(f"No class has the key {key}; ' finds one by its name.", "warn")
            return
        selection = self.pane.view.selection
        label = self.pane.target()
        if selection and selection[1] > selection[0]:
            self.label_stretch(*selection, name)
        elif label is not None and label.name == name and label.confirmed:
            self.pane.report(f"It is {printable(name)} already.")
        elif label is not None:
            self.pane.put(edits.relabelled(label, name), f"{printable(label.name)} is now {printable(name)}")
        else:
            self._stamp(name)

    def class_of(self, key: str) -> str | None:
        """The class that a key stands for, or that was named behind ``=``."""
        return key.removeprefix(NAMED) if key.startswith(NAMED) else class_for_key(self.pane.host.store, key)

    def label_stretch(self, start: float, end: float, name: str) -> None:
        """A new label, its edges snapped when snapping is on; the mark goes."""
        segment = Segment(start, end)
        if self.pane.host.view.snapping and (snapper := self.edges.snapper(name)):
            segment = snapper.edges(segment)
        edit = edits.by_hand(
            self.pane.track, segment.start, segment.end, name, self.pane.ends, self.pane.sample_s / 2
        )
        self.pane.view = self.pane.view.marked(None)
        self._made(edit)

    def _stamp(self, name: str) -> None:
        length = self.usual_length(name)
        if length is None:
            self.pane.report(
                f"No {printable(name)} event yet to tell the usual length: mark the start with space first.",
                "warn",
            )
            return
        room = edits.room_for(self.pane.track, self.pane.view.cursor, length, self.pane.ends)
        if self.pane.host.view.snapping and (snapper := self.edges.snapper(name)):
            room = self._free_part(snapper.event(self.pane.view.cursor, length), room)
        self.pane.view = self.pane.view.marked(None)
        self._made(
            edits.by_hand(self.pane.track, room.start, room.end, name, self.pane.ends, self.pane.sample_s / 2)
        )

    def _free_part(self, found: Segment | None, otherwise: Segment) -> Segment:
        """What of a found event no label covers, about the cursor."""
        if found is None:
            return otherwise
        start, end, cursor = found.start, found.end, self.pane.view.cursor
        for label in self.pane.track.between(start, end):
            if label.end <= cursor + self.pane.column_s:
                start = max(start, label.end)
            elif label.start >= cursor:
                end = min(end, label.start)
        return Segment(start, end) if end - start > self.pane.sample_s else otherwise

    def _made(self, edit: Edit) -> None:
        label = edit.label
        assert label is not None
        cut = f", {plural(len(edit.removed), 'label')} cut" if edit.removed else ""
        self.pane.put(edit, f"labelled{cut}")

    def usual_length(self, name: str) -> float | None:
        """The usual length of a class's events: here, else in the whole project."""
        own = edits.usual_length(self.pane.track, name, self.pane.view.cursor)
        if own is not None:
            return own
        project = self.pane.host.project
        means = [
            total.length / total.count
            for session in project.sessions()
            for total in totals(project, session)
            if total.name == name and total.count and total.length > 0
        ]
        return statistics.median(means) if means else None

    def class_by_name(self, key: str) -> None:
        """Ask for the first letters of a class."""
        if key.startswith(NAMED):
            self.take_class(key)
            return
        names = self.pane.host.project.class_names
        letters = {self.pane.signs.of(name).letter: name for name in reversed(names)}

        def beginning(text: str) -> list[str]:
            return [n for n in names if n.lower().startswith(text.strip().lower())]

        def target(text: str) -> str | None:
            text = text.strip()
            found = [text] if text in names else beginning(text)
            return letters.get(text) or (found[0] if len(found) == 1 else None)

        def check(text: str) -> str | None:
            if target(text) is None:
                return ", ".join(map(printable, beginning(text))) or "no class begins like that"
            return None

        def take(text: str) -> None:
            name = target(text)
            if name is not None:
                before = self.pane.host.store.journal.last_seq
                self.take_class(NAMED + name)
                if self.pane.host.store.journal.last_seq != before:
                    self.pane.host.last_edit = (by_id("viewer.class_by_name"), NAMED + name)

        hint = "  ".join(f"{self.pane.signs.of(n).letter} {printable(n)}" for n in names)
        self.pane.screen.ask("class", " class", take, "", hint, check, names)

    # Whole labels

    def delete_label(self, _: str) -> None:
        """Delete the label."""
        if label := self.pane.target():
            self.pane.put(edits.deleted(label), f"{printable(label.name)} {span(label.length)} deleted")

    def accept(self, _: str) -> None:
        """Confirm the label."""
        label = self.pane.target()
        if label and label.confirmed:
            self.pane.report("It is confirmed already.")
        elif label:
            self.pane.put(edits.confirmed(label), f"{printable(label.name)} confirmed")

    def move_label(self, _: str) -> None:
        """The label to the cursor."""
        label = self.pane.edge_target()
        if label is None:
            self.pane.report("No label is in view that could be moved here.", "warn")
            return
        edit = edits.moved(
            self.pane.track, label, self.pane.view.cursor, self.pane.ends, self.pane.sample_s / 2
        )
        self.pane.put(
            edit, f"{printable(label.name)} moved {span((edit.label or label).start - label.start)}"
        )

    def split(self, _: str) -> None:
        """Split at the cursor."""
        if label := self.pane.target():
            self.pane.put(edits.split(label, self.pane.view.cursor), f"{printable(label.name)} split")

    def join(self, _: str) -> None:
        """Join with the next one."""
        if label := self.pane.target():
            self.pane.put(
                edits.joined(self.pane.track, label), f"{printable(label.name)} joined with the next one"
            )

    def copy_label(self, _: str) -> None:
        """Copy the label."""
        pane = self.pane
        pane.copied = pane.target()
        if pane.copied:
            pane.report(f"{printable(pane.copied.name)} copied ({span(pane.copied.length)}); p pastes it here.")

    def paste(self, _: str) -> None:
        """Paste at the cursor."""
        if self.pane.copied:
            edit = edits.pasted(
                self.pane.track,
                self.pane.copied,
                self.pane.view.cursor,
                self.pane.ends,
                self.pane.sample_s / 2,
            )
            self._made(edit)

    def edit_label(self, _: str) -> None:
        """All fields in one line."""
        label = self.pane.target()
        if label is None:
            return

        def check(text: str) -> str | None:
            try:
                parse_label(text, label)
            except UserError as error:
                return str(error)
            return None

        def change(text: str) -> None:
            to = parse_label(text, label)
            require_class(self.pane.host.project, to.name)
            edit = edits.edited(self.pane.track, label, to, self.pane.ends, self.pane.sample_s / 2)
            self.pane.put(edit, f"{printable(to.name)} changed")

        hint = "class start end confidence comment; +0.1 moves an edge"
        self.pane.screen.ask("label", " label", change, label_text(label) + " ", hint, check)

    def across(self, _: str) -> None:
        """The marked stretch in every ticked session, with the active class."""
        active = self.pane.host.active_class
        if active:
            self._across(active)
            return
        names = self.pane.host.project.class_names
        self.pane.screen.ask(
            "across", " class", lambda text: self._across(text.strip()), "", ", ".join(names), None, names
        )

    def _across(self, name: str) -> None:
        selection, project = self.pane.view.selection, self.pane.host.project
        require_class(project, name)
        if selection is None:
            return
        chosen = [project.session(sid) for sid in dict.fromkeys([self.pane.session_id, *self.pane.ticked()])]
        places = [self._place_in(s, Segment(*selection)) for s in chosen if not s.broken]
        change, missed = edits.everywhere(places, *selection, name)
        if not change.changes:
            raise UserError("None of the ticked sessions has that stretch of time.")
        self.pane.host.store.editor.apply(change)
        self.pane.view = self.pane.view.marked(None)
        left_out = f"; {plural(len(missed), 'session')} too short for it" if missed else ""
        made = plural(len(change.changes), "session")
        self.pane.report(f"{printable(name)} labelled in {made}{left_out}", right=[("z undo ", "dim")])

    def _place_in(self, session: Session, stretch: Segment) -> Place:
        """Where a stretch lies in another session: at the same time, else as far from its start."""
        ends = Segment(session.start_s, max(session.start_s, session.end_s))
        shift = 0.0 if ends & stretch else session.start_s - self.pane.session.start_s
        track = self.pane.host.project.track(session.id)
        return Place(session.id, session.label_track, track, ends, shift)

    def done(self, _: str) -> None:
        """Labelled in full for the active class, for all when none is active."""
        active = self.pane.host.active_class
        names = [active] if active else self.pane.host.project.class_names
        self.pane.report(toggle_done(self.pane.host.store.editor, [self.pane.session], names).title)

    COMMANDS: ClassVar[Commands] = {
        "viewer.mark": mark,
        "viewer.class_by_name": class_by_name,
        "viewer.delete": delete_label,
        "viewer.accept": accept,
        "viewer.move": move_label,
        "viewer.split": split,
        "viewer.join": join,
        "viewer.copy": copy_label,
        "viewer.paste": paste,
        "viewer.edit": edit_label,
        "viewer.across": across,
        "viewer.done": done,
    }
