"""Lines of the journal: an entry each, with a check sum, and what can be read of damaged ones."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError
from labelloop.project.change_json import change_from_json, change_to_json
from labelloop.project.fitting import fits
from labelloop.project.history import Entry

_SUM = re.compile(rb',"sum":"([0-9a-f]{8})"}\n\Z')  # how a line ends; lines of version 0.1.0 have no sum
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


def has_sum(line: bytes) -> bool:
    """Whether a line ends with a check sum, as those of version 0.1.0 don't."""
    return _SUM.search(line) is not None


def ended(line: bytes) -> bytes:
    """A line whose line feed became another byte, with its line feed."""
    return line if line.endswith(b"\n") else line[:-1] + b"\n"


def pieces(line: bytes) -> list[bytes]:
    """The entries of a line: several where a line feed between them became another byte."""
    line = ended(line)
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
