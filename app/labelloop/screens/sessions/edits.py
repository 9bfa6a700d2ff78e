"""What the sessions screen changes in the project: sets, locks, marks, classes, tracks, membership."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from labelloop.errors import UserError, printable
from labelloop.project.session import Session
from labelloop.project.sets import TITLES, UNASSIGNED
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.sessions.exchange import SessionExchange
from labelloop.screens.sessions.summary import outlook
from labelloop.services.labels.history import Reversed
from labelloop.services.sessions import marks
from labelloop.services.sessions.assign import (
    Shares,
    assign,
    moves_to,
    plan_redistribution,
    redistribute,
    set_locked,
)

if TYPE_CHECKING:
    from labelloop.widgets.list_table import ListTable


class SessionEdits(SessionExchange):
    """Commands that change sessions; mixed into the sessions screen."""

    if TYPE_CHECKING:
        _shown: list[Session]

        @property
        def targets(self) -> list[Session]:
            """What commands act on."""

        @property
        def current(self) -> Session | None:
            """The session under the cursor."""

        @property
        def table(self) -> ListTable:
            """The list."""

    def put_into(self, set_name: str) -> None:
        """Move the targets into a set; without ticks go on to the next row."""
        targets = self.targets
        one = targets[0].id if len(targets) == 1 and targets[0] is self.current else ""
        applied = assign(self.host.store.editor, targets, set_name)
        self.say(applied.title if applied else f"Already in {TITLES[set_name]}.")
        if one and self.current and self.current.id == one:
            self.table.go(self.table.cursor + 1)

    def do_sessions_lock(self, _: str) -> None:
        """Lock the targets, or unlock them when all are locked."""
        targets = self.targets
        applied = set_locked(self.host.store.editor, targets, not all(s.locked for s in targets))
        if applied:
            self.say(applied.title)

    def do_sessions_done(self, _: str) -> None:
        """Mark as done for the active class (for all classes when none is active), or take the mark off."""
        names = [self.host.active_class] if self.host.active_class else self.host.project.class_names
        applied = marks.toggle_done(self.host.store.editor, self.targets, names)
        self.say(applied.title)

    def do_sessions_flag(self, _: str) -> None:
        """Ask for a comment to flag with; an empty one takes the flag off."""
        targets = self.targets
        value = targets[0].flag if targets else ""

        def flag(text: str) -> None:
            applied = marks.set_flag(self.host.store.editor, targets, text)
            self.say(applied.title if applied else "Nothing changed.")

        self.ask("flag", " flag", flag, value, "a comment; empty takes the flag off")

    def do_sessions_whole(self, _: str) -> None:
        """Label each target from start to end with the class that its folder names."""
        applied = marks.label_whole(self.host.store, self.targets, self.host.active_class)
        self.say(applied.title)

    def do_sessions_label_track(self, _: str) -> None:
        """Ask for the active label track."""
        self._ask_track("label track", marks.label_tracks(self.host.store, self.targets))

    def do_sessions_data_track(self, _: str) -> None:
        """Ask for the active data track."""
        self._ask_track("data track", marks.data_tracks(self.host.store, self.targets))

    def _ask_track(self, what: str, names: Sequence[str]) -> None:
        targets = self.targets
        if len(names) < 2:
            self.say(f"There is only one {what} here ({', '.join(map(printable, names)) or 'none'}).", "warn")
            return

        def choose(name: str) -> None:
            applied = marks.activate_track(self.host.store, targets, name, what)
            self.say(applied.title if applied else "It is the active one already.")

        def check(name: str) -> str | None:
            return None if name in names else f"there is no track {printable(name)} in all of them"

        shown = ", ".join(printable(n) for n in names)
        self.ask("track", f" {what}", choose, "", f"tab: {shown}", check, names)

    def do_sessions_custom(self, _: str) -> None:
        """Ask for a custom column and its value: ``column=value``."""
        targets, columns = self.targets, self.host.project.state.columns

        def put(text: str) -> None:
            name, equals, value = text.partition("=")
            if not equals:
                raise UserError("Write column=value; a new column is made when there is none of that name.")
            applied = marks.set_custom(self.host.store.editor, targets, name.strip(), value.strip())
            self.say(applied.title if applied else "Nothing changed.")

        choices = [f"{c.name}=" for c in columns]
        self.ask("custom", " column=value", put, "", "tab walks through the columns", None, choices)

    # Sharing out

    def do_sessions_redistribute(self, _: str) -> None:
        """Ask for shares, show what would move, then ask again before moving."""
        hint = "or by time; 'unassigned' moves only those; enter shows"
        self.ask("shares", " shares", self._preview, "60/20/20 labels", hint)

    def _preview(self, text: str) -> None:
        first, *words = text.replace(",", "/").split() or [""]
        if unknown := next((w for w in words if w not in ("labels", "time", "by", "unassigned")), ""):
            raise UserError(f"'{printable(unknown)}' is none of labels, time, unassigned.")
        by, project = "time" if "time" in words else "labels", self.host.project
        plan = plan_redistribution(project, _shares(first), by, "unassigned" in words)
        parts = ", ".join(outlook(project, plan))
        moving = sum(project.set_of(session_id) != target for session_id, target in plan.items())
        if not moving:
            self.say(f"Nothing would move: {parts}.")
            return
        self.say(f"By {by}: {parts}.", "accent")
        title = f" move {plural(moving, 'session')}? y/n"
        hint = "locked sessions stay; one undo"
        self.ask("redistribute", title, lambda answer: self._redistribute(answer, plan), "y", hint)

    def _redistribute(self, answer: str, plan: dict[str, str]) -> None:
        if answer.strip().lower() not in ("y", "yes"):
            self.say("Nothing was moved.")
            return
        applied = redistribute(self.host.store.editor, plan)
        if applied:
            self.say(applied.title)

    def do_sessions_next_class(self, _: str) -> None:
        """Move all unlocked sessions to Unassigned and make the next class the active one."""
        project = self.host.project
        free = {s.id: UNASSIGNED for s in project.sessions() if not s.locked}
        change = moves_to(project, free)
        names = project.class_names
        if change.moves:
            self.host.store.editor.apply(change, "all sessions to Unassigned for the next class")
        if names:
            active = self.host.active_class
            following = names[(names.index(active) + 1) % len(names)] if active in names else names[0]
            self.host.view.active_class = following
            moved = plural(len(change.moves), "session")
            self.say(f"{moved} moved to Unassigned; class {printable(following)} now.")
        self.host.forget_step()
        self.refresh_all()

    # Classes

    def do_sessions_classes(self, _: str) -> None:
        """Open the list of classes."""
        self.app.push_screen(routes.screen("classes"))

    # Membership

    def do_sessions_add(self, _: str) -> None:
        """Ask for a folder and add its recordings."""
        root = self.host.project.folder

        def add(text: str) -> None:
            from labelloop.services.projects.create import add_recordings

            folder = Path(text).expanduser()
            made = add_recordings(self.host.store, folder if folder.is_absolute() else root / folder)
            skipped = f", {len(made.skipped)} skipped: {made.skipped[0][1]}" if made.skipped else ""
            self.say(f"{plural(len(made.sessions), 'session')} added{skipped}", "warn" if skipped else "")

        self.ask("add", " add recordings below", add, ".", "a folder inside the project")

    def do_sessions_rescan(self, _: str) -> None:
        """Look for what changed on disk."""
        from labelloop.services.projects.rescan import rescan

        found = rescan(self.host.store)
        parts = [f"{len(found.changed)} changed", f"{len(found.missing)} missing", f"{len(found.new)} new"]
        more = "; A adds the new ones" if found.new else ""
        self.say("On disk: " + ", ".join(parts) + more + ".")
        self.refresh_all()

    def do_sessions_remove(self, _: str) -> None:
        """Ask before the targets leave the project; their files stay."""
        targets = self.targets

        def remove(answer: str) -> None:
            word = answer.strip().lower()
            if word in ("y", "yes"):
                applied = marks.remove_sessions(self.host.store.editor, targets)
                self.say(applied.title, right=[("z brings them back ", "dim")])
            elif word == "disk":
                self._ask_erase(targets)
            else:
                self.say("Nothing was removed.")

        name = printable(targets[0].path) if len(targets) == 1 else plural(len(targets), "session")
        hint = "the files stay on disk; 'disk' asks to delete them too"
        self.ask("remove", f" take {name} out of the project? y/n", remove, "", hint)

    def _ask_erase(self, targets: Sequence[Session]) -> None:
        """Ask for the name, or the number of sessions, before files are deleted."""
        from labelloop.services.sessions.erase import erase_sessions, files_of

        count = len(files_of(self.host.store, targets))
        wanted = targets[0].name if len(targets) == 1 else f"delete {len(targets)}"

        def erase(answer: str) -> None:
            if answer.strip() != wanted:
                self.say("Nothing was deleted: that is not what was to be typed.", "warn")
                return
            _, gone = erase_sessions(self.host.store, targets)
            self.say(f"{plural(len(targets), 'session')} removed, {plural(gone, 'file')} deleted.", "warn")

        hint = "deleted files can't be brought back; escape leaves"
        title = f" type {printable(wanted)} to delete {plural(count, 'file')} for good"
        self.ask("erase", title, erase, "", hint)

    def bring_into_view(self, done: Reversed) -> None:
        """The cursor to the first session that an undo or redo touched."""
        index = next((i for i, s in enumerate(self._shown) if s.id in done.touched.sessions), None)
        if index is not None:
            self.table.go(index)


def _shares(text: str) -> Shares:
    try:
        train, validation, test = (float(part) for part in text.replace(",", "/").split("/"))
    except ValueError:
        raise UserError("Write three shares, like 60/20/20.") from None
    return Shares(train, validation, test)
