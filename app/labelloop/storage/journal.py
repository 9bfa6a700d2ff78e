"""The journal: each change as one line that is on disk before the change counts."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import Refused, UserError, os_reason, printable
from labelloop.project.change_json import change_from_json, change_to_json
from labelloop.project.fitting import fits
from labelloop.project.history import Entry, History
from labelloop.storage.atomic import replace_file, sync_folder

_BLOCK = 1 << 16  # bytes of the journal that are read at once from its end
_SUM = re.compile(rb',"sum":"([0-9a-f]{8})"}\n\Z')  # how a line ends; lines of version 0.1.0 have no sum
_LINES = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_JOINED = re.compile(rb'(?<="})[^\n](?=\{"seq":)')  # a line feed that became another byte


def entry_to_line(entry: Entry) -> bytes:
    """One line of the journal, with its line feed."""
    data: dict[str, Any] = {"seq": entry.seq, "op": entry.op, "t": round(entry.time, 3), "title": entry.title}
    if entry.tag:
        data["tag"] = entry.tag
    if entry.of:
        data["of"] = entry.of
    data["change"] = change_to_json(entry.change)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return with_sum(text.encode("utf-8", "surrogatepass"))


def with_sum(text: bytes) -> bytes:
    """A line of the journal: a JSON object with the check sum of its bytes as its last member."""
    body = text[:-1]
    return body + b',"sum":"%08x"}\n' % zlib.crc32(body)


class NewerJournal(UserError):
    """The journal of a project that a newer version has unsaved edits in: it can be read only."""


class Newer(UserError):
    """An entry that a newer version wrote: whole, of a kind that is not known here."""


class Damaged(UserError):
    """A line that is not as it was written."""


def entry_of_line(line: bytes) -> Entry:
    """The entry of a line.

    Raises:
        Newer: the line is whole, but of a newer version.
        Damaged: the line is not as it was written.
    """
    found = _SUM.search(line)
    if found and zlib.crc32(line[: found.start()]) != int(found[1], 16):
        raise Damaged("its check sum is wrong")
    if not found and not line.endswith(b"}}\n"):
        raise Damaged("it is cut")
    data = _parse(line)
    if data is None:
        raise Damaged("it is no entry")
    try:
        return entry_from_json(data)
    except UserError as error:
        raise (Newer if found else Damaged)(str(error)) from error


def entry_from_json(data: dict[str, Any]) -> Entry:
    """The entry of one line.

    Raises:
        UserError: it is none that this version writes.
    """
    change = change_from_json(data["change"])
    if not (fits(int)(data.get("seq")) and fits(int)(data.get("of", 0)) and fits(float)(data.get("t", 0))):
        raise UserError("A journal entry can't be read: its numbers are none.")
    try:
        texts = str(data.get("title", "")), str(data.get("tag", ""))
        return Entry(
            int(data["seq"]), str(data["op"]), change, *texts, int(data.get("of", 0)), data.get("t", 0)
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UserError(
            f"A journal entry can't be read ({error!r}): it may be of a newer version."
        ) from error


class JournalFile:
    """The journal of one project.

    ``pending`` holds the entries behind the mark when the journal was opened: those that may not be in the
    project's files yet. A torn last line is cut off when ``writable``, else passed over. ``warnings`` says
    what else could not be read.
    """

    def __init__(self, path: Path, mark: Path, writable: bool = True) -> None:
        self._path = path
        self._mark = mark
        self._fd: int | None = None
        self.warnings: list[str] = []
        self.newer = ""  # why an entry that waits can't be read: a newer version wrote it
        self._damaged: int | None = None  # where the first damaged line begins ...
        self._damages = 0  # ... and how many there are
        self._closed_why = "The project is open for reading only; nothing was changed."
        self._marked_offset, self._last_seq = self._read_mark()
        self.pending, self._size = self._read_from(self._marked_offset)
        if self.pending:
            self._last_seq = self.pending[-1].seq
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
            if not line.endswith(b"\n") and _SUM.search(_ended(line)) is None:
                break  # it was being written, and never counted
            for piece in _pieces(line):
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
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = not self._path.exists()
            self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
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

    def _write(self, fd: int, line: bytes) -> None:
        done = 0
        while done < len(line):
            done += os.pwrite(fd, line[done:], self._size + done)

    def _cut_back(self, fd: int) -> None:
        try:
            os.ftruncate(fd, self._size)
        except OSError:
            os.close(fd)
            self._fd = None  # a torn line is there: no later edit may follow it
            self._closed_why = "Edits can't be written to disk any more: close the project and open it again."

    def set_mark(self) -> None:
        """Note that all entries so far are in the project's files."""
        if self._size != self._marked_offset and self._fd is not None:
            data = {"offset": self._size, "seq": self._last_seq}
            replace_file(self._mark, json.dumps(data).encode())
            self._marked_offset = self._size

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
            for piece in reversed(_pieces(line)):
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


def _ended(line: bytes) -> bytes:
    """A line whose line feed became another byte, with its line feed."""
    return line if line.endswith(b"\n") else line[:-1] + b"\n"


def _pieces(line: bytes) -> list[bytes]:
    """The entries of a line: several where a line feed between them became another byte."""
    line = _ended(line)
    if _JOINED.search(line) is None:
        return [line]
    return [piece.removesuffix(b"\n") + b"\n" for piece in _JOINED.split(line)]


def _parse(line: bytes) -> dict[str, Any] | None:
    """A line's object, or None when the line is torn."""
    if not line.endswith(b"\n"):
        return None
    try:
        data = parsed(line.decode("utf-8", "surrogatepass"))
    except ValueError:
        return None
    return data if isinstance(data, dict) and "change" in data else None


def _wait_for_disk(fd: int) -> None:
    """Return when what was written is on the disk; macOS has no ``fdatasync``."""
    getattr(os, "fdatasync", os.fsync)(fd)
