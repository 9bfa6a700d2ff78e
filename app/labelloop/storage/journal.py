"""The journal: each change as one line that is on disk before the change counts."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from labelloop.contract.values import parsed
from labelloop.errors import Refused, UserError, os_reason, printable
from labelloop.project.history import Entry, History
from labelloop.storage.atomic import replace_file, sync_folder
from labelloop.storage.journal_lines import (
    Damaged,
    Newer,
    ended,
    entry_of_line,
    entry_to_line,
    has_sum,
    pieces,
)
from labelloop.storage.numbering import greatest_number
from labelloop.storage.own_files import make_own_folder, open_own

_BLOCK = 1 << 16  # bytes of the journal that are read at once from its end
_LINES = re.compile(rb"[^\n]*\n|[^\n]+\Z")


class NewerJournal(UserError):
    """The journal of a project that a newer version has unsaved edits in: it can be read only."""


class JournalFile:
    """The journal of one project.

    ``pending`` holds the entries behind the mark when the journal was opened: those that may not be in the
    project's files yet. A torn last line is cut off when ``writable``, else passed over. ``warnings`` says
    what else could not be read.
    """

    def __init__(self, path: Path, mark: Path, writable: bool = True, state: Path | None = None) -> None:
        self._path = path
        self._mark = mark
        self._fd: int | None = None
        self.warnings: list[str] = []
        self.newer = ""  # why an entry that waits can't be read: a newer version wrote it
        self._damaged: int | None = None  # where the first damaged line begins ...
        self._damages = 0  # ... and how many there are
        self._closed_why = "The project is open for reading only; nothing was changed."
        self.guard: Callable[[], object] | None = None  # raises Refused when the project is another's by now
        self.made_anew: Callable[[], object] | None = None  # called when it was removed and is written again
        self._marked_offset, self._marked_seq = self._read_mark()
        self._last_seq = self._marked_seq
        self.pending, self._size = self._read_from(self._marked_offset)
        if self.pending:
            self._last_seq = self.pending[-1].seq
        if state is not None and not self._marked_offset:  # the journal may be another one, or a new one
            self._last_seq = max(self._last_seq, greatest_number(state))
        self._last_seq += self._damages  # their numbers are not given twice
        if self.newer:
            self._tell_newer(writable)
        if writable:
            self._open_for_writing()
        if self._damaged is not None:
            self._tell_damage(self._damaged, writable)

    @property
    def last_seq(self) -> int:
        """The number of the last entry; 0 when there is none."""
        return self._last_seq

    @property
    def size(self) -> int:
        """Bytes of whole lines."""
        return self._size

    def _read_mark(self) -> tuple[int, int]:
        try:
            data = parsed(self._mark.read_text(encoding="utf-8"))
            offset, seq = int(data["offset"]), int(data["seq"])
            if offset > 0 and self._ends_line(offset):
                return offset, seq
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return 0, 0  # each document says which changes it holds: nothing is applied twice

    def _ends_line(self, offset: int) -> bool:
        """Whether a line of the journal ends at this offset."""
        with self._path.open("rb") as file:
            file.seek(offset - 1)
            return file.read(1) == b"\n"

    def _read_from(self, offset: int) -> tuple[list[Entry], int]:
        """The entries from ``offset`` on and where the last whole line ends.

        A damaged line is passed over: each entry behind it is checked on its own when it is applied.
        """
        entries: list[Entry] = []
        end = offset
        for line in self._lines(offset):
            if not line.endswith(b"\n") and not has_sum(ended(line)):
                break  # it was being written, and never counted
            for piece in pieces(line):
                self._take(piece, end, entries)
            end += len(line)
        return entries, end

    def _take(self, piece: bytes, offset: int, entries: list[Entry]) -> None:
        """Read one entry, or note why it can't be."""
        try:
            entry = entry_of_line(piece)
            if entries and entry.seq <= entries[-1].seq:
                raise Damaged("its number was there before")
            entries.append(entry)
        except Newer as error:
            self.newer = self.newer or str(error)
        except Damaged:
            self._damaged = offset if self._damaged is None else self._damaged
            self._damages += 1

    def _lines(self, offset: int) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                yield from file
        except FileNotFoundError:
            return
        except OSError as error:
            raise UserError(
                f"The journal {printable(str(self._path))} can't be read: {os_reason(error)}."
            ) from error

    def _open_for_writing(self) -> None:
        try:
            make_own_folder(self._path.parent)
            new = not self._path.exists()
            self._fd = open_own(self._path, os.O_RDWR | os.O_CREAT)
            if new:
                sync_folder(self._path.parent)
            if os.fstat(self._fd).st_size > self._size:
                os.ftruncate(self._fd, self._size)  # a line that was being written: it never counted
            self._end_last_line(self._fd)
        except OSError as error:
            self.close()
            shown = printable(str(self._path))
            raise UserError(f"The journal {shown} can't be written: {os_reason(error)}.") from error

    def _end_last_line(self, fd: int) -> None:
        """Put the line feed back that a last line lost."""
        if self._size and not self._ends_line(self._size):
            os.pwrite(fd, b"\n", self._size - 1)

    def _tell_newer(self, writable: bool) -> None:
        shown = printable(str(self._path))
        said = f"{shown} holds edits that a newer version of labelloop made and did not save to the project"
        if writable:
            raise NewerJournal(f"{said}: open it with that version first.")
        self.warnings.append(f"{said}: they are not shown.")

    def _tell_damage(self, offset: int, writable: bool) -> None:
        """Keep a copy of the journal from the first damaged line on, and say so."""
        count = f"{self._damages} damaged lines" if self._damages != 1 else "a damaged line"
        said = f"The journal {printable(str(self._path))} has {count} from byte {offset:,} on"
        lost = "the edits in them are lost, those behind them that still fit are kept"
        if not writable:
            self.warnings.append(f"{said}: {lost}.")
            return
        rest = self._bytes(offset, self._size - offset)
        aside = self._path.with_name(f"journal.damaged-{hashlib.sha256(rest).hexdigest()[:8]}")
        if not aside.exists():
            replace_file(aside, rest)
        self.warnings.append(f"{said}: {lost}; this part of the journal was copied to {aside.name}.")

    def append(self, entry: Entry) -> None:
        """Write an entry and wait until it is on disk.

        Raises:
            Refused: it can't be written (full disk, no permission); the journal is as before.
        """
        self.make_sure()
        if self._fd is None:
            raise Refused(self._closed_why)
        line = entry_to_line(replace(entry, time=time.time()))
        try:
            self._write(self._fd, line)
            _wait_for_disk(self._fd)
        except OSError as error:
            self._cut_back(self._fd)
            raise Refused(
                f"The edit was not made, it can't be written to disk: {os_reason(error)}."
            ) from error
        except BaseException:
            self._cut_back(self._fd)
            raise
        self._size += len(line)
        self._last_seq = entry.seq

    def make_sure(self) -> None:
        """Look whether the journal is still the project's, and make it anew when it was removed.

        Raises:
            Refused: the project is another's by now, or the journal can't be made again.
        """
        if self._fd is None:
            return
        if self.guard is not None:
            self.guard()
        ours = os.fstat(self._fd)
        try:
            there = os.stat(self._path, follow_symlinks=False)
        except OSError:
            self._make_anew(self._fd)
            return
        if not os.path.samestat(ours, there) or ours.st_size != self._size:
            raise Refused(
                f"The edit was not made: another program changed {printable(str(self._path))} meanwhile. "
                "Close the project and open it again."
            )

    def _make_anew(self, old: int) -> None:
        """Write a journal that was removed again, with all that it held."""
        try:
            data = _whole(old, self._size)
            make_own_folder(self._path.parent)
            replace_file(self._path, data)
            self._fd = open_own(self._path, os.O_RDWR)
        except OSError as error:
            raise Refused(self._not_again(os_reason(error))) from error
        except UserError as error:
            raise Refused(self._not_again(str(error))) from error
        os.close(old)
        if self._marked_offset:
            self._write_mark(self._marked_offset, self._marked_seq)
        if self.made_anew is not None:
            self.made_anew()

    def _not_again(self, why: str) -> str:
        shown = printable(str(self._path))
        return f"The edit was not made: {shown} was removed and can't be written again: {why}"

    def _write(self, fd: int, line: bytes) -> None:
        done = 0
        while done < len(line):
            done += os.pwrite(fd, line[done:], self._size + done)

    def _cut_back(self, fd: int) -> None:
        try:
            os.ftruncate(fd, self._size)
            os.fsync(fd)  # what was refused must not be there after a power cut
        except OSError:
            os.close(fd)
            self._fd = None  # a torn line is there: no later edit may follow it
            self._closed_why = "Edits can't be written to disk any more: close the project and open it again."

    def set_mark(self) -> None:
        """Note that all entries so far are in the project's files."""
        if self._size != self._marked_offset and self._fd is not None:
            self._write_mark(self._size, self._last_seq)

    def _write_mark(self, offset: int, seq: int) -> None:
        replace_file(self._mark, json.dumps({"offset": offset, "seq": seq}).encode())
        self._marked_offset, self._marked_seq = offset, seq

    def unsaved(self) -> list[Entry]:
        """The entries behind the mark: those that may not be in the project's files yet."""
        return self._read_from(self._marked_offset)[0]

    def entries(self) -> list[Entry]:
        """All entries ever written, oldest first."""
        return list(self._newest_first(self._size))[::-1]

    def history(self) -> History:
        """All entries ever written, as what can be undone and redone; read from the end, as far as asked."""
        return History(self._newest_first(self._size))

    def _newest_first(self, end: int) -> Iterator[Entry]:
        """The entries before ``end``, the last one first; those that can't be read are passed over."""
        for line in self._lines_back(end):
            for piece in reversed(pieces(line)):
                try:
                    yield entry_of_line(piece)
                except (Newer, Damaged):
                    continue

    def _lines_back(self, end: int) -> Iterator[bytes]:
        """Whole lines before ``end``, the last one first."""
        rest = b""
        while end > 0:
            begin = max(0, end - max(_BLOCK, len(rest)))
            block = self._bytes(begin, end - begin)
            lines = _LINES.findall(block + rest) if block else []
            if not lines:
                return
            first = 0 if begin == 0 else 1  # the first one may begin further back
            yield from reversed(lines[first:])
            rest, end = lines[0], begin

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except OSError:
            return b""

    def close(self) -> None:
        """Close the file."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _whole(fd: int, size: int) -> bytes:
    """All bytes of a file, which may have no name any more. Raises OSError when some are missing."""
    parts, done = list[bytes](), 0
    while done < size:
        part = os.pread(fd, size - done, done)
        if not part:
            raise OSError(errno.EIO, "its end is missing")
        parts.append(part)
        done += len(part)
    return b"".join(parts)


def _wait_for_disk(fd: int) -> None:
    """Return when what was written is on the disk; macOS has no ``fdatasync``."""
    getattr(os, "fdatasync", os.fsync)(fd)
