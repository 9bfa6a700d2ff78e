"""What a recording must offer to be read into the cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.signals.text import wrong
from labelloop.storage.samples import F32, F64


class Block(Protocol):
    """A stretch of a recording that can be made into samples in any thread."""

    row: int
    line: int

    def parse(self) -> tuple[F64, F32]:
        """Times (rows) and samples (channels, rows), freshly made. Raises UserError."""
        ...


class Source(Protocol):
    """An open recording; it has at most ``rows`` rows."""

    names: tuple[str, ...]
    rows: int
    rate_hz: float
    timecoded: bool
    window_s: float

    def blocks(self) -> Iterator[Block]:
        """All blocks in the order of their rows."""
        ...


class RowsDiffer(Exception):
    """The recording has blank lines or more rows than thought, so they must be counted first."""


def pread(fd: int, size: int, at: int, path: Path) -> bytes:
    """Bytes of the recording ``path`` at a position. Raises UserError when the disk fails."""
    try:
        return os.pread(fd, size, at)
    except OSError as error:
        raise UserError(f"{printable(str(path))} can't be read: {os_reason(error)}.") from error


def changed(path: Path) -> UserError:
    """The error for a recording that changes while it is read."""
    return wrong(path, None, "the file changed while it was read; open it again when it is complete.")
