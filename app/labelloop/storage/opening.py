"""Opening a project: which file, its lock, and what the journal holds that the files do not."""

from __future__ import annotations

from pathlib import Path

from labelloop.errors import UserError, os_reason, printable
from labelloop.storage.home import ProjectHome
from labelloop.storage.journal import JournalFile, NewerJournal
from labelloop.storage.lock import Held, Holder, NoLocks, ProjectLock
from labelloop.storage.own_files import check_home, stranger
from labelloop.storage.permits import heed
from labelloop.storage.recovery import recover
from labelloop.storage.store import ProjectStore


def find_project(path: Path) -> Path:
    """The project file that ``path`` means: the file itself, or the one .improj in a folder.

    Raises:
        UserError: there is none, or more than one.
    """
    if path.is_dir():
        found = sorted(path.glob("*.improj"))
        if len(found) == 1:
            return found[0].resolve()
        shown = printable(str(path))
        if not found:
            raise UserError(f"{shown} holds no .improj project: make one with 'labelloop new {shown}'.")
        names = ", ".join(printable(p.name) for p in found)
        raise UserError(f"{shown} holds {len(found)} projects ({names}): name one of them.")
    if not path.exists():
        raise UserError(f"There is no project at {printable(str(path))}.")
    if path.suffix.lower() != ".improj":
        raise UserError(f"{printable(str(path))} is no project: name an .improj file or the folder of one.")
    return path.resolve()


def open_project(path: Path, what: str, write: bool = True, or_read_only: bool = False) -> ProjectStore:
    """Open a project and recover what the journal holds.

    Args:
        path: an .improj file or the folder that holds one.
        what: how others shall see us as the project's holder, e.g. ``labelloop assign``.
        write: take the project's lock.
        or_read_only: when the lock can't be had, open for reading only; ``holder`` says who has it.

    Raises:
        Held: another process changes the project.
        UserError: the project can't be read, or our files can't be written beside it.
    """
    file = find_project(path)
    heed(file.parent)
    layout = ProjectHome(file.parent)
    check_home(layout.home)
    lock, holder, warnings = _lock(layout, file, what, write, or_read_only)
    if told := stranger(layout.home):
        warnings.append(told)
    try:
        try:
            journal = JournalFile(layout.journal, layout.mark, lock is not None, layout.state)
        except NewerJournal:
            if not or_read_only or lock is None:
                raise
            lock.release()
            lock, journal = None, JournalFile(layout.journal, layout.mark, False, layout.state)
        try:
            store = ProjectStore(file, layout, lock, journal, holder, warnings)
            store.recovered = recover(store)
            return store
        except BaseException:
            journal.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def _lock(
    layout: ProjectHome, file: Path, what: str, write: bool, or_read_only: bool
) -> tuple[ProjectLock | None, Holder | None, list[str]]:
    if not write:
        return None, None, []
    lock = ProjectLock(layout.lock, file.stem)
    try:
        lock.acquire(what)
        return lock, None, []
    except (Held, NoLocks) as error:
        if not or_read_only:
            raise
        holder = error.holder if isinstance(error, Held) else None
        return None, holder, [f"{error} Opened for reading only."]
    except OSError as error:
        why = f"{printable(str(layout.home))} can't be written: {os_reason(error)}."
        if not or_read_only:
            raise UserError(why) from error
        return None, None, [f"{why} Opened for reading only."]
