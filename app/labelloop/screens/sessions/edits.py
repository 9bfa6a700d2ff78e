"""What the sessions screen changes in the project: sets, locks, marks, classes, tracks, membership."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from labelloop.errors import UserError, printable
from labelloop.project.session import Session
from labelloop.project.sets import TEST, TITLES, TRAIN, UNASSIGNED, VALIDATION
from labelloop.rendering.format import plural
from labelloop.screens import routes
from labelloop.screens.sessions.listed import Listed
from labelloop.screens.sessions.summary import outlook
from labelloop.screens.shared.parts import Commands, Part
from labelloop.services.projects.create import add_recordings
from labelloop.services.projects.rescan import rescan as rescan_project
from labelloop.services.sessions import marks
from labelloop.services.sessions.assign import (
    Shares,
    assign,
    moves_to,
    plan_redistribution,
    redistribute,
    set_locked,
)
from labelloop.services.sessions.erase import erase_sessions, files_of


class Edits(Part):
    """Commands that change sessions."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        self.screen = listed.screen
        self.host = listed.host

    def put_into(self, set_name: str) -> None:
        """Move the targets into a set; without ticks go on to the next row."""
        targets = self.listed.targets
        one = targets[0].id if len(targets) == 1 and targets[0] is self.listed.current else ""
        applied = assign(self.host.store.editor, targets, set_name)
        self.screen.report(applied.title if applied else f"Already in {TITLES[set_name]}.")
        if one and self.listed.current and self.listed.current.id == one:
            self.listed.table.go(self.listed.table.cursor + 1)

    def lock(self, _: str) -> None:
        """Lock the targets, or unlock them when all are locked."""
        targets = self.listed.targets
        applied = set_locked(self.host.store.editor, targets, not all(s.locked for s in targets))
        if applied:
            self.screen.report(applied.title)

    def done(self, _: str) -> None:
        """Mark as done for the active class (for all classes when none is active), or take the mark off."""
        names = [self.host.active_class] if self.host.active_class else self.host.project.class_names
        applied = marks.toggle_done(self.host.store.editor, self.listed.targets, names)
        self.screen.report(applied.title)

    def flag(self, _: str) -> None:
        """Ask for a comment to flag with; an empty one takes the flag off."""
        targets = self.listed.targets
        value = targets[0].flag if targets else ""

        def flag(text: str) -> None:
            applied = marks.set_flag(self.host.store.editor, targets, text)
            self.screen.report(applied.title if applied else "Nothing changed.")

        self.screen.ask("flag", " flag", flag, value, "a comment; empty takes the flag off")

    def whole(self, _: str) -> None:
        """Label each target from start to end with the class that its folder names."""
        applied = marks.label_whole(self.host.store, self.listed.targets, self.host.active_class)
        self.screen.report(applied.title)

    def label_track(self, _: str) -> None:
        """Ask for the active label track."""
        self._ask_track("label track", marks.label_tracks(self.host.store, self.listed.targets))

    def data_track(self, _: str) -> None:
        """Ask for the active data track."""
        self._ask_track("data track", marks.data_tracks(self.host.store, self.listed.targets))

    def _ask_track(self, what: str, names: Sequence[str]) -> None:
        targets = self.listed.targets
        if len(names) < 2:
            self.screen.report(
                f"There is only one {what} here ({', '.join(map(printable, names)) or 'none'}).", "warn"
            )
            return

        def choose(name: str) -> None:
            applied = marks.activate_track(self.host.store, targets, name, what)
            self.screen.report(applied.title if applied else "It is the active one already.")

        def check(name: str) -> str | None:
            return None if name in names else f"there is no track {printable(name)} in all of them"

        shown = ", ".join(printable(n) for n in names)
        self.screen.ask("track", f" {what}", choose, "", f"tab: {shown}", check, names)

    def custom(self, _: str) -> None:
        """Ask for a custom column and its value: ``column=value``."""
        targets, columns = self.listed.targets, self.host.project.state.columns

        def put(text: str) -> None:
            name, equals, value = text.partition("=")
            if not equals:
                raise UserError("Write column=value; a new column is made when there is none of that name.")
            applied = marks.set_custom(self.host.store.editor, targets, name.strip(), value.strip())
            self.screen.report(applied.title if applied else "Nothing changed.")

        choices = [f"{c.name}=" for c in columns]
        self.screen.ask("custom", " column=value", put, "", "tab walks through the columns", None, choices)

    # Sharing out

    def redistribute(self, _: str) -> None:
        """Ask for shares, show what would move, then ask again before moving."""
        hint = "or by time; 'unassigned' moves only those; enter shows"
        self.screen.ask("shares", " shares", self._preview, "60/20/20 labels", hint)

    def _preview(self, text: str) -> None:
        first, *words = text.replace(",", "/").split() or [""]
        if unknown := next((w for w in words if w not in ("labels", "time", "by", "unassigned")), ""):
            raise UserError(f"'{printable(unknown)}' is none of labels, time, unassigned.")
        by, project = "time" if "time" in words else "labels", self.host.project
        plan = plan_redistribution(project, _shares(first), by, "unassigned" in words)
        parts = ", ".join(outlook(project, plan))
        moving = sum(project.set_of(session_id) != target for session_id, target in plan.items())
        if not moving:
            self.screen.report(f"Nothing would move: {parts}.")
            return
        self.screen.report(f"By {by}: {parts}.", "accent")
        title = f" move {plural(moving, 'session')}? y/n"
        hint = "locked sessions stay; one undo"
        self.screen.ask("redistribute", title, lambda answer: self._redistribute(answer, plan), "y", hint)

    def _redistribute(self, answer: str, plan: dict[str, str]) -> None:
        if answer.strip().lower() not in ("y", "yes"):
            self.screen.report("Nothing was moved.")
            return
        applied = redistribute(self.host.store.editor, plan)
        if applied:
            self.screen.report(applied.title)

    def next_class(self, _: str) -> None:
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
            self.screen.report(f"{moved} moved to Unassigned; class {printable(following)} now.")
        self.host.forget_step()
        self.screen.refresh_all()

    # Classes

    def classes(self, _: str) -> None:
        """Open the list of classes."""
        self.screen.app.push_screen(routes.screen("classes"))

    # Membership

    def add(self, _: str) -> None:
        """Ask for a folder and add its recordings."""
        root = self.host.project.folder

        def add(text: str) -> None:
            folder = Path(text).expanduser()
            made = add_recordings(self.host.store, folder if folder.is_absolute() else root / folder)
            skipped = f", {len(made.skipped)} skipped: {made.skipped[0][1]}" if made.skipped else ""
            self.screen.report(
                f"{plural(len(made.sessions), 'session')} added{skipped}", "warn" if skipped else ""
            )

        self.screen.ask("add", " add recordings below", add, ".", "a folder inside the project")

    def rescan(self, _: str) -> None:
        """Look for what changed on disk."""
        found = rescan_project(self.host.store)
        parts = [f"{len(found.changed)} changed", f"{len(found.missing)} missing", f"{len(found.new)} new"]
        more = "; A adds the new ones" if found.new else ""
        self.screen.report("On disk: " + ", ".join(parts) + more + ".")
        self.screen.refresh_all()

    def remove(self, _: str) -> None:
        """Ask before the targets leave the project; their files stay."""
        targets = self.listed.targets

        def remove(answer: str) -> None:
            word = answer.strip().lower()
            if word in ("y", "yes"):
                applied = marks.remove_sessions(self.host.store.editor, targets)
                self.screen.report(applied.title, right=[("z brings them back ", "dim")])
            elif word == "disk":
                self._ask_erase(targets)
            else:
                self.screen.report("Nothing was removed.")

        name = printable(targets[0].path) if len(targets) == 1 else plural(len(targets), "session")
        hint = "the files stay on disk; 'disk' asks to delete them too"
        self.screen.ask("remove", f" take {name} out of the project? y/n", remove, "", hint)

    def _ask_erase(self, targets: Sequence[Session]) -> None:
        """Ask for the name, or the number of sessions, before files are deleted."""
        count = len(files_of(self.host.store, targets))
        wanted = targets[0].name if len(targets) == 1 else f"delete {len(targets)}"

        def erase(answer: str) -> None:
            if answer.strip() != wanted:
                self.screen.report("Nothing was deleted: that is not what was to be typed.", "warn")
                return
            _, gone = erase_sessions(self.host.store, targets)
            self.screen.report(
                f"{plural(len(targets), 'session')} removed, {plural(gone, 'file')} deleted.", "warn"
            )

        hint = "deleted files can't be brought back; escape leaves"
        title = f" type {printable(wanted)} to delete {plural(count, 'file')} for good"
        self.screen.ask("erase", title, erase, "", hint)

    def to_train(self, _: str) -> None:
        """Put into Train."""
        self.put_into(TRAIN)

    def to_validation(self, _: str) -> None:
        """Put into Validation."""
        self.put_into(VALIDATION)

    def to_test(self, _: str) -> None:
        """Put into Test."""
        self.put_into(TEST)

    def to_unassigned(self, _: str) -> None:
        """Take out of its set."""
        self.put_into(UNASSIGNED)

    COMMANDS: ClassVar[Commands] = {
        "sessions.to_train": to_train,
        "sessions.to_validation": to_validation,
        "sessions.to_test": to_test,
        "sessions.to_unassigned": to_unassigned,
        "sessions.lock": lock,
        "sessions.done": done,
        "sessions.flag": flag,
        "sessions.whole": whole,
        "sessions.label_track": label_track,
        "sessions.data_track": data_track,
        "sessions.custom": custom,
        "sessions.redistribute": redistribute,
        "sessions.next_class": next_class,
        "sessions.classes": classes,
        "sessions.add": add,
        "sessions.rescan": rescan,
        "sessions.remove": remove,
    }


def _shares(text: str) -> Shares:
    try:
        train, validation, test = (float(part) for part in text.replace(",", "/").split("/"))
    except ValueError:
        raise UserError("Write three shares, like 60/20/20.") from None
    return Shares(train, validation, test)
