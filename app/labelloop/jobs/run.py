"""A job's run folder: an immutable request, a lock, events, a log, results."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelloop.contract.values import parsed
from labelloop.errors import NotPlain, UserError, os_reason, printable
from labelloop.jobs import locks, places
from labelloop.storage.atomic import replace_file
from labelloop.storage.own_files import MOST_BYTES, make_own_folder, open_own, read_own

TRAIN, GENERATE, SERVE = "train", "generate", "serve"
_NAME = re.compile(r"[a-z]([0-9]{1,9})")
_TAIL_BYTES = 1 << 18
_ABANDONED_S = 600.0


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Put a JSON file in place as a whole: other processes see all of it or nothing. Raises UserError."""
    replace_file(path, json.dumps(value, ensure_ascii=False).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None when there is no file or no object in it."""
    try:
        value = parsed(read_own(path))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One job's folder. Everything that is known of a job is in it; the app only looks."""

    path: Path

    @classmethod
    def create(cls, root: Path, kind: str, name: str, request: Mapping[str, Any]) -> RunFolder:
        """A new run with the project's next number; it appears whole or not at all.

        Raises:
            UserError: the folder can't be written.
        """
        whole = {**request, "kind": kind, "name": name, "created": time.time()}
        try:
            make_own_folder(root)
            _clear_abandoned(root)
            staged = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
            try:
                for part in ("models", "results"):
                    (staged / part).mkdir()
                (staged / "lock").touch()
                write_json(staged / "request.json", places.portable(whole, staged))
                return cls(_place(staged, root, kind))
            except BaseException:
                shutil.rmtree(staged, ignore_errors=True)
                raise
        except OSError as error:
            where = printable(str(root))
            raise UserError(f"A run folder can't be made in {where}: {os_reason(error)}.") from error

    @classmethod
    def open(cls, root: Path, run_id: str) -> RunFolder:
        """The run with this id. Raises UserError when there is none."""
        path = root / run_id
        if not _NAME.fullmatch(run_id) or path.is_symlink() or not (path / "request.json").is_file():
            known = ", ".join(run.id for run in list_runs(root)) or "there are none"
            raise UserError(f"There is no job {printable(run_id)!r} in this project; known jobs: {known}.")
        return cls(path)

    @property
    def id(self) -> str:
        """The run's short name within its project, such as t7."""
        return self.path.name

    @property
    def number(self) -> int:
        """The run's place in the order in which the project's runs were made."""
        found = _NAME.fullmatch(self.id)
        return int(found[1]) if found else 0

    @property
    def lock(self) -> Path:
        """The file whose lock the worker holds for life."""
        return self.path / "lock"

    @property
    def alive(self) -> bool:
        """Whether a worker (or a process that is starting one) holds the run."""
        return locks.is_held(self.lock)

    @property
    def stop_requested(self) -> bool:
        """Whether the worker was asked to stop."""
        return (self.path / "stop").exists()

    def request(self) -> dict[str, Any]:
        """What was asked for. Raises UserError when it can't be read."""
        request = read_json(self.path / "request.json")
        if request is None:
            raise UserError(f"The request of job {self.id} can't be read: {printable(str(self.path))}.")
        return places.rooted(request, self.path, places.written_below(request))

    def result(self) -> dict[str, Any] | None:
        """What the worker left at its end, or None."""
        return self.read("result.json")

    def read(self, name: str) -> dict[str, Any] | None:
        """The object in one of the run's files, its paths as they are where the project lies now; or None."""
        value = read_json(self.path / name)
        if value is None:
            return None
        request = read_json(self.path / "request.json") or {}
        return places.rooted(value, self.path, places.written_below(request))

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Put one of the run's files in place, so that the project can be moved with it. Raises UserError."""
        write_json(self.path / name, places.portable(value, self.path))

    def results(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The parts that are whole, by their place in the request; a file that can't be read is left out."""
        for path in sorted((self.path / "results").glob("*.json"), key=lambda p: (len(p.stem), p.stem)):
            part = read_json(path) if path.stem.isdecimal() else None
            if part is not None:
                yield int(path.stem), part

    def events(self, after: int = 0) -> tuple[list[dict[str, Any]], int]:
        """The events written behind byte ``after``, and the byte to go on from.

        A last line without its end is left for later; a line that is no event is passed over.
        """
        try:
            with os.fdopen(open_own(self.path / "events.jsonl"), "rb") as file:
                file.seek(after)
                data = file.read(MOST_BYTES)
        except (FileNotFoundError, NotPlain):
            return [], after
        whole = data[: data.rfind(b"\n") + 1]
        return [event for line in whole.splitlines() if (event := _event(line))], after + len(whole)

    def append(self, event: Mapping[str, Any]) -> None:
        """Write one event; for whoever holds the lock. A torn line before it is closed first."""
        line = json.dumps({"t": round(time.time(), 3), **event}, ensure_ascii=False).encode() + b"\n"
        fd = open_own(self.path / "events.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            size = os.fstat(fd).st_size
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            os.write(fd, b"\n" + line if torn else line)
        finally:
            os.close(fd)

    def stop(self) -> None:
        """Ask the worker to stop and to keep its best so far. Raises UserError when that can't be written."""
        try:
            os.close(open_own(self.path / "stop", os.O_WRONLY | os.O_CREAT))
        except OSError as error:
            raise UserError(f"Job {self.id} can't be asked to stop: {os_reason(error)}.") from error

    def delete(self) -> None:
        """Remove the run and all it made. Raises UserError while its worker lives, or when it can't."""
        try:
            fd = locks.try_lock(self.lock, patience_s=1.0)
        except OSError as error:
            raise UserError(f"Job {self.id} can't be deleted: {os_reason(error)}.") from error
        if fd is None:
            raise UserError(f"Job {self.id} is running: stop it before deleting it.")
        try:
            away = self.path.with_name(f".gone-{self.id}-{os.getpid()}")
            self.path.rename(away)
            shutil.rmtree(away, ignore_errors=True)
        except OSError as error:
            raise UserError(f"Job {self.id} can't be deleted: {os_reason(error)}.") from error
        finally:
            os.close(fd)

    def log_tail(self, lines: int = 200) -> list[str]:
        """The last lines of what the worker printed, safe to show."""
        try:
            with os.fdopen(open_own(self.path / "log.txt"), "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL_BYTES))
                text = file.read(_TAIL_BYTES).decode("utf-8", "replace")
        except (FileNotFoundError, NotPlain):
            return []
        shown = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
        return [printable(line) for line in shown if line][-lines:] if lines > 0 else []


def list_runs(root: Path, kind: str | None = None) -> list[RunFolder]:
    """A project's runs, oldest first; of one kind if asked."""
    try:
        names = [e.name for e in os.scandir(root) if _NAME.fullmatch(e.name) and not e.is_symlink()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    runs = sorted((RunFolder(root / name) for name in names), key=lambda run: run.number)
    return [run for run in runs if _is_kind(run, kind)]


def _clear_abandoned(root: Path) -> None:
    """Remove folders of runs whose maker was killed; making one takes moments."""
    for path in root.glob(".new-*"):
        with contextlib.suppress(OSError):
            if not path.is_symlink() and path.stat().st_mtime < time.time() - _ABANDONED_S:
                shutil.rmtree(path, ignore_errors=True)


def _is_kind(run: RunFolder, kind: str | None) -> bool:
    request = read_json(run.path / "request.json")
    return request is not None and (kind is None or request.get("kind") == kind)


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = parsed(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _place(staged: Path, root: Path, kind: str) -> Path:
    """Give the staged folder the next number. Numbers of deleted runs are never given again."""
    with os.fdopen(open_own(root / ".numbers", os.O_RDWR | os.O_CREAT), "r+", encoding="ascii") as counter:
        locks.wait_for(counter.fileno())
        counter.seek(0)
        text = counter.read(64).strip()
        last = int(text) if text.isdecimal() else 0
        number = max([last, *(int(m[1]) for p in os.listdir(root) if (m := _NAME.fullmatch(p)))]) + 1
        counter.seek(0)
        counter.truncate()
        counter.write(f"{number}\n")
        counter.flush()
        place = root / f"{kind[:1]}{number}"
        staged.rename(place)
        return place
