"""The journal: each change as one line that is on disk before the change counts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import Refused, UserError, os_reason, printable
from labelloop.project.change_json import change_from_json, change_to_json
from labelloop.project.history import Entry, History
from labelloop.storage.atomic import replace_file, sync_folder

_BLOCK = 1 << 16  # bytes of the journal that are read at once from its end


def entry_to_line(entry: Entry) -> bytes:
    """One line of the journal, with its line feed."""
    data: dict[str, Any] = {"seq": entry.seq, "op": entry.op, "t": round(entry.time, 3), "title": entry.title}
    if entry.tag:
        data["tag"] = entry.tag
    if entry.of:
        data["of"] = entry.of
    data["change"] = change_to_json(entry.change)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def entry_from_json(data: dict[str, Any]) -> Entry:
    """The entry of one line.

    Raises:
        UserError: it is none that this version writes.
    """
    change = change_from_json(data["change"])
    try:
        texts = str(data.get("title", "")), str(data.get("tag", ""))
        return Entry(
            int(data["seq"]), str(data["op"]), change, *texts, int(data.get("of", 0)), data.get("t", 0)
        )
    except (KeyError, TypeError, ValueError) as error:
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
        self._closed_why = "The project is open for reading only; nothing was changed."
        self._marked_offset, self._last_seq = self._read_mark()
        self.pending, self._size = self._read_from(self._marked_offset)
        if self.pending:
            self._last_seq = self.pending[-1].seq
        if writable:
            self._open_for_writing()

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
        """The whole entries from ``offset`` on and where the last of them ends."""
        entries: list[Entry] = []
        end = offset
        for line in self._lines(offset):
            data = _parse(line)
            if data is None:
                break
            entries.append(entry_from_json(data))
            end += len(line)
        return entries, end

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
            torn = os.fstat(self._fd).st_size - self._size
            if torn:
                self._keep_torn(torn)
                os.ftruncate(self._fd, self._size)
        except OSError as error:
            self.close()
            shown = printable(str(self._path))
            raise UserError(f"The journal {shown} can't be written: {os_reason(error)}.") from error

    def _keep_torn(self, length: int) -> None:
        """Put what can't be read beside the journal when it is more than one unfinished line."""
        with self._path.open("rb") as file:
            file.seek(self._size)
            rest = file.read(length)
        if b"\n" in rest[:-1]:
            aside = self._path.with_name(f"journal.unreadable-{int(time.time())}")
            replace_file(aside, rest)
            self.warnings.append(
                f"A part of the journal can't be read: edits in it are lost; it was put into {aside.name}."
            )

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

    def entries(self) -> list[Entry]:
        """All entries ever written, oldest first."""
        return self._read_from(0)[0]

    def history(self) -> History:
        """All entries ever written, as what can be undone and redone; read from the end, as far as asked."""
        return History(self._newest_first(self._size))

    def _newest_first(self, end: int) -> Iterator[Entry]:
        """The entries before ``end``, the last one first, back to one that can't be read."""
        for line in self._lines_back(end):
            data = _parse(line)
            if data is None:
                return
            try:
                yield entry_from_json(data)
            except UserError:
                return

    def _lines_back(self, end: int) -> Iterator[bytes]:
        """Whole lines before ``end``, the last one first."""
        rest = b""
        while end > 0:
            begin = max(0, end - max(_BLOCK, len(rest)))
            block = self._bytes(begin, end - begin)
            lines = (block + rest).splitlines(keepends=True) if block else []
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
