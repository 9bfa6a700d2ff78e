"""A file that we save: what is on disk, which change it holds, and its replacement without surprises."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import UserError, printable
from labelloop.storage.atomic import read_file, replace_file, sync_folder
from labelloop.storage.own_files import make_own_folder, read_own

MISSING = ""  # the digest of a file that is not there
_RECORD = 7  # what is known of one label: its row's five fields, its origin, whether it is confirmed

Extra = dict[str, Any]


class Conflict(UserError):
    """Another program changed the file since we read it; both versions were kept. ``key`` names it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def digest_of(data: bytes | bytearray | None) -> str:
    """A content's digest; MISSING for no file."""
    return MISSING if data is None else hashlib.sha256(data).hexdigest()


def names_other_file(side: Path, path: Path) -> bool:
    """Whether a side file is there and belongs to a file of another name."""
    try:
        return bool(parsed(side.read_text(encoding="utf-8"))["file"] != path.name)
    except (OSError, ValueError, LookupError, TypeError):
        return False


@dataclass(frozen=True, slots=True)
class Version:
    """One content of the file: its digest, the last change in it, and what we know beyond its text."""

    digest: str
    seq: int = 0
    extra: Extra = field(default_factory=dict)

    def to_json(self) -> Extra:
        """As a JSON object."""
        return {"digest": self.digest, "seq": self.seq, "extra": self.extra}

    @staticmethod
    def from_json(data: Extra) -> Version:
        """The version that ``to_json`` wrote."""
        extra = dict(data["extra"])
        if any(len(record) != _RECORD for record in extra.get("records", ())):
            raise ValueError("a record of a label is not whole")
        return Version(str(data["digest"]), int(data["seq"]), extra)


@dataclass
class DocumentFile:
    """One file of the project and its side file, which names the content that holds all changes up to one.

    The side file is replaced first and names both the new content and the one it follows, so that at any
    moment the file's digest says which changes are in it.
    """

    key: str
    path: Path
    side: Path
    conflicts: Path
    version: Version = Version(MISSING)
    recognised: bool = False
    foreign: bool = False
    damaged: bool = False
    _stat: tuple[int, int, int] | None = None
    _coming: str | None = None  # the digest of what is being written: while it is, that is ours, too
    _unsure: bool = False  # the last replacement failed at its end: what is there may not be on the disk
    _aside: dict[str, Path] = field(default_factory=dict)

    def load(self) -> bytes | None:
        """The file's content, None when there is no file. Sets ``version`` and what is known of it.

        ``recognised`` is true when the content is one of those that the side file names, ``foreign`` when
        the side file names others only, ``damaged`` when there is a side file that can't be read.
        """
        self._stat = self._stat_now()
        data = self._read()
        self._recognise(digest_of(data))
        return data

    def _read(self) -> bytes | None:
        return read_file(self.path, "file") if self.path.exists() else None

    def content(self) -> bytes | None:
        """What the file holds now; None when there is none. Raises UserError."""
        return self._read()

    def _stat_now(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _recognise(self, digest: str) -> None:
        known = self._read_side()
        for version in known:
            if version.digest == digest:
                self.version, self.recognised, self.foreign = version, True, False
                return
        self.recognised, self.foreign = False, bool(known)
        self.version = Version(digest, known[0].seq, known[0].extra) if known else Version(digest)

    def _read_side(self) -> list[Version]:
        self.damaged = False
        try:
            data = parsed(read_own(self.side))
            known = [Version.from_json(item) for item in data["versions"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            known = []
        self.damaged = not known
        return known

    def saved_records(self) -> list[list[Any]] | None:
        """The provenance records of the last saved version, without reading the file itself.

        None when there is no side file, or none that can be read.
        """
        known = self._read_side()
        return list(known[0].extra.get("records", [])) if known else None

    def changed_outside(self) -> bool:
        """Whether the file is another than the one we read, wrote last or write now on another thread."""
        now = self._stat_now()
        if now == self._stat:
            return False
        sidecar = {self.version.digest, self._coming}
        found = digest_of(self._read())
        if found not in sidecar | {self.version.digest, self._coming}:
            return True
        self._stat = now
        return False

    def write(self, data: bytes | bytearray | None, seq: int, extra: Extra) -> None:
        """Replace the file's content; with None remove the file.

        Raises:
            Conflict: it was changed outside; our version lies in the conflicts folder.
            UserError: it can't be written; the old content is there.
        """
        if self.changed_outside():
            if not self._read_side():
                self._note([self.version])  # so that the next start sees the change as another's
            raise self._conflict(data)
        new = Version(digest_of(data), seq, extra)
        self._note([new] if new.digest == self.version.digest else [new, self.version])
        self._coming = new.digest
        try:
            self._replace(data, new)
        except BaseException:
            with contextlib.suppress(UserError):
                if digest_of(self._read()) == new.digest:
                    self.version, self._unsure = new, True  # it is there, but may be gone after a crash
            raise
        else:
            self.version, self.recognised, self.foreign, self._stat = new, True, False, self._stat_now()
            self._unsure = False
        finally:
            self._coming = None

    def _replace(self, data: bytes | bytearray | None, new: Version) -> None:
        if data is None:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        elif new.digest != self.version.digest or self._unsure:
            replace_file(self.path, data)

    def _note(self, versions: list[Version]) -> None:
        """Write the side file."""
        note = {"file": self.path.name, "versions": [version.to_json() for version in versions]}
        make_own_folder(self.side.parent)
        replace_file(self.side, json.dumps(note, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def _conflict(self, data: bytes | bytearray | None) -> Conflict:
        said = (
            f"{printable(str(self.path))} was changed by another program while there were edits for it here: "
            "it was left as it is"
        )
        if data is None:
            return Conflict(self.key, f"{said}.")
        aside = self.keep_aside(data, "ours")
        return Conflict(self.key, f"{said}, and the version with your edits is {printable(str(aside))}.")

    def keep_aside(self, data: bytes | bytearray, what: str) -> Path:
        """Put a version of the file into the conflicts folder; each version once."""
        digest = digest_of(data)
        if digest not in self._aside:
            make_own_folder(self.conflicts)
            stamp = f"{what}.{time.strftime('%Y%m%d-%H%M%S')}.{digest[:4]}"
            aside = self.conflicts / f"{self.path.parent.name}.{self.path.stem}.{stamp}{self.path.suffix}"
            replace_file(aside, data)
            self._aside[digest] = aside
        return self._aside[digest]

    def keep_theirs(self, what: str = "theirs") -> Path | None:
        """Keep a copy of what another program wrote before our edits go into it; None when it is gone."""
        data = self._read()
        return None if data is None else self.keep_aside(data, what)
