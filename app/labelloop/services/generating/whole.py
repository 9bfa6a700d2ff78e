"""One label for a whole session, by the class that its folder names."""

from __future__ import annotations

from collections.abc import Sequence

from labelloop.errors import UserError, printable
from labelloop.jobs.run import RunFolder
from labelloop.project.class_changes import class_additions
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.merging import (
    Outcome,
    Rules,
    Run,
    SessionOutcome,
    check_target,
    chosen_sessions,
    put_events,
    session_change,
)
from labelloop.services.generating.method import Preview, merged
from labelloop.services.generating.request import Finished, GenerateRequest
from labelloop.services.generating.runs import Opens, opening
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.track import one_run
from labelloop.services.sessions.select import require_class
from labelloop.storage.store import ProjectStore


def generate_whole(store: ProjectStore, words: Sequence[str], rules: Rules, opens: Opens | None) -> Outcome:
    """Label each session from its start to its end with the class that its folder names.

    ``opens`` makes the run; without it nothing is written.

    Raises:
        UserError: the target does not fit, or a folder names no class; nothing was changed.
    """
    project = store.project
    sessions = chosen_sessions(project, words, rules.classes)
    check_target(store, sessions, rules.target)
    named = {s.id: class_of_folder(store, s, rules) for s in sessions}
    dry = opens is None
    with one_run(opens, "whole-session labels", sessions) as outcome:
        for change in class_additions(project, named.values()) if not dry else ():
            store.editor.apply(change, tag=f"run:{outcome.run}")
        for session in sessions:
            outcome.sessions.append(_whole(store, session, named[session.id], rules, outcome.run, dry))
    return outcome


def _whole(
    store: ProjectStore, session: Session, name: str, rules: Rules, run: str, dry: bool
) -> SessionOutcome:
    label = Label.spanning(session.start_s, session.end_s, name, origin=f"run:{run}", confirmed=False)
    try:
        if dry:
            return session_change(store, session, [label], rules, [name])[1]
        return put_events(store, run, session, [label], rules, [name])
    except UserError as error:
        return SessionOutcome(session, problem=str(error))


def class_of_folder(store: ProjectStore, session: Session, rules: Rules) -> str:
    """The class that a session's folders name, the innermost first.

    Raises:
        UserError: none of them is a class.
    """
    folders = session.path.split("/")[:-1][::-1]
    if len(rules.classes) == 1:
        return rules.classes[0] if rules.add_classes else require_class(store.project, rules.classes[0])
    for folder in folders:
        if folder in store.project.class_names:
            return folder
    if rules.add_classes and folders:
        return folders[0]
    shown = printable(session.path)
    raise UserError(
        f"No folder of {shown} is named after a class: give one with --classes, or use --add-classes."
    )


class WholeSession:
    """One label from start to end."""

    id = "session"
    names_classes = True
    by_confidence = False

    def start(self, store: ProjectStore, request: GenerateRequest, dry: bool, into: RunFolder | None) -> Run:
        """Check the request and start it. Raises UserError when something does not fit."""
        opens = None if dry else opening(store, request.to_json(), into)
        return Finished(generate_whole(store, request.sessions, request.rules, opens))

    def preview(
        self, store: ProjectStore, request: GenerateRequest, session: Session, scorer: Scorer
    ) -> Preview | None:
        """What the request would do to a session. Raises UserError when something does not fit."""
        name = class_of_folder(store, session, request.rules)
        whole = Label.spanning(session.start_s, session.end_s, name, confirmed=False, origin="run:")
        return merged(store, request, session, [whole], [name])

    def in_place(self, _: GenerateRequest) -> bool:
        """Whether labels are changed where they are."""
        return False
