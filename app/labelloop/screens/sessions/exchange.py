"""Labels out of the sessions screen into files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from labelloop.errors import printable
from labelloop.formats.paths import safe_file_name
from labelloop.formats.registry import as_list
from labelloop.project.session import Session
from labelloop.rendering.format import plural
from labelloop.screens.sessions.listed import Listed
from labelloop.screens.shared.parts import Commands, Part
from labelloop.services.exchange.exchange import export_labels


class Exchange(Part):
    """The command that exports."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        self.screen = listed.screen
        self.host = listed.host

    def export(self, _: str) -> None:
        """Ask for a format, then for a folder, and write the targets' active label tracks there."""
        targets = self.listed.targets
        names = [label_format.name for label_format in as_list()]

        def check(name: str) -> str | None:
            return None if name in names else f"one of {', '.join(names)}"

        title = f" export labels of {plural(len(targets), 'session')} as"
        hint = "tab: " + ", ".join(names)
        self.screen.ask("format", title, lambda name: self._ask_folder(targets, name), "", hint, check, names)

    def _ask_folder(self, targets: list[Session], name: str) -> None:
        project = self.host.project
        root = project.folder.parent

        def export(text: str) -> None:
            folder = root / Path(text.strip() or usual).expanduser()
            done = export_labels(self.host.store, name, targets, folder)
            passed = [*done.skipped, *done.failed]
            more = f"; {printable(passed[0][0])} skipped: {passed[0][1]}" if passed else ""
            what = f"{plural(done.labels, 'label')} written into {plural(len(done.files), 'file')}"
            self.screen.report(f"{what} below {printable(str(folder))}{more}.", "warn" if passed else "")

        usual = f"{safe_file_name(project.name)}-{name}"
        self.screen.ask(
            "export", " into the folder", export, usual, f"new files only, below {printable(str(root))}"
        )

    COMMANDS: ClassVar[Commands] = {
        "sessions.export": export,
    }
