"""Labelling in the viewer: make, change, move, split, join, copy, delete."""

from __future__ import annotations

import statistics

from labelloop.commands.catalogue import by_id
from labelloop.errors import UserError, printable
from labelloop.labeling import edits
from labelloop.labeling.edits import Edit, Place
from labelloop.project.segment import Segment
from labelloop.project.session import Session
from labelloop.rendering.format import plural, span
from labelloop.screens.viewer.edges import ViewerEdges
from labelloop.screens.viewer.typed import label_text, parse_label
from labelloop.services.labels.classes import class_for_key
from labelloop.services.sessions.marks import toggle_done
from labelloop.services.sessions.select import require_class, totals

_NAMED = "="  # before a class's name where a digit is expected


class ViewerEdits(ViewerEdges):
    """Commands that make and change labels."""

    # Making labels

    def do_viewer_mark(self, _: str) -> None:
        """Mark the start, or take the mark off where it is."""
        view = self.place
        self.show_view(view.marked(None if view.mark == view.cursor else view.cursor))
        self.say("" if self.place.mark is None else "Move, then press a class; esc leaves.", "dim")

    def do_viewer_class(self, key: str) -> None:
        """Label the marked stretch, change the label under the cursor, or stamp."""
        name = key.removeprefix(_NAMED) if key.startswith(_NAMED) else class_for_key(self.host.store, key)
        if name is None:
            self.say(f"No class has the key {key}; ' finds one by its name.", "warn")
            return
        selection = self.place.selection
        label = self.meant()
        if selection and selection[1] > selection[0]:
            self.label_stretch(*selection, name)
        elif label is not None and label.name == name and label.confirmed:
            self.say(f"It is {printable(name)} already.")
        elif label is not None:
            self.put(edits.relabelled(label, name), f"{printable(label.name)} is now {printable(name)}")
        else:
            self._stamp(name)

    def label_stretch(self, start: float, end: float, name: str) -> None:
        """A new label, its edges snapped when snapping is on; the mark goes."""
        segment = Segment(start, end)
        if self.host.view.snapping and (snapper := self.snapper(name)):
            segment = snapper.edges(segment)
        edit = edits.by_hand(self.track, segment.start, segment.end, name, self.ends, self.sample_s / 2)
        self.place = self.place.marked(None)
        self._made(edit)

    def _stamp(self, name: str) -> None:
        length = self.usual_length(name)
        if length is None:
            self.say(
                f"No {printable(name)} event yet to tell the usual length: mark the start with space first.",
                "warn",
            )
            return
        room = edits.room_for(self.track, self.place.cursor, length, self.ends)
        if self.host.view.snapping and (snapper := self.snapper(name)):
            room = self._free_part(snapper.event(self.place.cursor, length), room)
        self.place = self.place.marked(None)
        self._made(edits.by_hand(self.track, room.start, room.end, name, self.ends, self.sample_s / 2))

    def _free_part(self, found: Segment | None, otherwise: Segment) -> Segment:
        """What of a found event no label covers, about the cursor."""
        if found is None:
            return otherwise
        start, end, cursor = found.start, found.end, self.place.cursor
        for label in self.track.between(start, end):
            if label.end <= cursor + self.column_s:
                start = max(start, label.end)
            elif label.start >= cursor:
                end = min(end, label.start)
        return Segment(start, end) if end - start > self.sample_s else otherwise

    def _made(self, edit: Edit) -> None:
        label = edit.label
        assert label is not None
        cut = f", {plural(len(edit.removed), 'label')} cut" if edit.removed else ""
        self.put(edit, f"labelled{cut}")

    def usual_length(self, name: str) -> float | None:
        """The usual length of a class's events: here, else in the whole project."""
        own = edits.usual_length(self.track, name, self.place.cursor)
        if own is not None:
            return own
        project = self.host.project
        means = [
            total.length / total.count
            for session in project.sessions()
            for total in totals(project, session)
            if total.name == name and total.count and total.length > 0
        ]
        return statistics.median(means) if means else None

    def do_viewer_class_by_name(self, key: str) -> None:
        """Ask for the first letters of a class."""
        if key.startswith(_NAMED):
            self.do_viewer_class(key)
            return
        names = self.host.project.class_names
        letters = {self.signs.of(name).letter: name for name in reversed(names)}

        def beginning(text: str) -> list[str]:
            return [n for n in names if n.lower().startswith(text.strip().lower())]

        def meant(text: str) -> str | None:
            text = text.strip()
            found = [text] if text in names else beginning(text)
            return letters.get(text) or (found[0] if len(found) == 1 else None)

        def check(text: str) -> str | None:
            if meant(text) is None:
                return ", ".join(map(printable, beginning(text))) or "no class begins like that"
            return None

        def take(text: str) -> None:
            name = meant(text)
            if name is not None:
                before = self.host.store.journal.last_seq
                self.do_viewer_class(_NAMED + name)
                if self.host.store.journal.last_seq != before:
                    self.host.last_edit = (by_id("viewer.class_by_name"), _NAMED + name)

        hint = "  ".join(f"{self.signs.of(n).letter} {printable(n)}" for n in names)
        self.ask("class", " class", take, "", hint, check, names)

    # Whole labels

    def do_viewer_delete(self, _: str) -> None:
        """Delete the label."""
        if label := self.meant():
            self.put(edits.deleted(label), f"{printable(label.name)} {span(label.length)} deleted")

    def do_viewer_accept(self, _: str) -> None:
        """Confirm the label."""
        label = self.meant()
        if label and label.confirmed:
            self.say("It is confirmed already.")
        elif label:
            self.put(edits.confirmed(label), f"{printable(label.name)} confirmed")

    def do_viewer_move(self, _: str) -> None:
        """The label to the cursor."""
        label = self.near()
        if label is None:
            self.say("No label is in view that could be moved here.", "warn")
            return
        edit = edits.moved(self.track, label, self.place.cursor, self.ends, self.sample_s / 2)
        self.put(edit, f"{printable(label.name)} moved {span((edit.label or label).start - label.start)}")

    def do_viewer_split(self, _: str) -> None:
        """Split at the cursor."""
        if label := self.meant():
            self.put(edits.split(label, self.place.cursor), f"{printable(label.name)} split")

    def do_viewer_join(self, _: str) -> None:
        """Join with the next one."""
        if label := self.meant():
            self.put(edits.joined(self.track, label), f"{printable(label.name)} joined with the next one")

    def do_viewer_copy(self, _: str) -> None:
        """Copy the label."""
        self.copied = self.meant()
        if self.copied:
            self.say(f"{printable(self.copied.name)} copied ({span(self.copied.length)}); p pastes it here.")

    def do_viewer_paste(self, _: str) -> None:
        """Paste at the cursor."""
        if self.copied:
            edit = edits.pasted(self.track, self.copied, self.place.cursor, self.ends, self.sample_s / 2)
            self._made(edit)

    def do_viewer_edit(self, _: str) -> None:
        """All fields in one line."""
        label = self.meant()
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
            require_class(self.host.project, to.name)
            edit = edits.edited(self.track, label, to, self.ends, self.sample_s / 2)
            self.put(edit, f"{printable(to.name)} changed")

        hint = "class start end confidence comment; +0.1 moves an edge"
        self.ask("label", " label", change, label_text(label) + " ", hint, check)

    def do_viewer_across(self, _: str) -> None:
        """The marked stretch in every ticked session, with the active class."""
        active = self.host.active_class
        if active:
            self._across(active)
            return
        names = self.host.project.class_names
        self.ask(
            "across", " class", lambda text: self._across(text.strip()), "", ", ".join(names), None, names
        )

    def _across(self, name: str) -> None:
        selection, project = self.place.selection, self.host.project
        require_class(project, name)
        if selection is None:
            return
        chosen = [project.session(sid) for sid in dict.fromkeys([self.session_id, *self.ticked()])]
        places = [self._place_in(s, Segment(*selection)) for s in chosen if not s.broken]
        change, missed = edits.everywhere(places, *selection, name)
        if not change.changes:
            raise UserError("None of the ticked sessions has that stretch of time.")
        self.host.store.editor.apply(change)
        self.place = self.place.marked(None)
        left_out = f"; {plural(len(missed), 'session')} too short for it" if missed else ""
        made = plural(len(change.changes), "session")
        self.say(f"{printable(name)} labelled in {made}{left_out}", right=[("z undo ", "dim")])

    def _place_in(self, session: Session, stretch: Segment) -> Place:
        """Where a stretch lies in another session: at the same time, else as far from its start."""
        ends = Segment(session.start_s, max(session.start_s, session.end_s))
        shift = 0.0 if ends & stretch else session.start_s - self.session.start_s
        track = self.host.project.track(session.id)
        return Place(session.id, session.label_track, track, ends, shift)

    def do_viewer_done(self, _: str) -> None:
        """Labelled in full for the active class, for all when none is active."""
        active = self.host.active_class
        names = [active] if active else self.host.project.class_names
        self.say(toggle_done(self.host.store.editor, [self.session], names).title)
