"""A recording that a process of its own reads into the cache while the app goes on."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import labelloop
from labelloop.contract.values import parsed
from labelloop.errors import UserError, os_reason, printable
from labelloop.storage.signals import Signal, SignalStore


class Reading:
    """The reading of one recording. Call ``poll`` now and then; it never waits.

    ``signal`` is the newest that can be drawn: None at first, then with the rows read so far, in the end
    whole. ``error`` is a sentence when it failed; ``no_cache`` then says that only the cache folder is at
    fault, so that `SignalStore.load` in a thread can still read it into memory. The process goes on when the
    app ends; what it makes is used the next time.
    """

    def __init__(self, store: SignalStore, source: Path) -> None:
        self.store, self.source = store, source
        self.signal: Signal | None = None
        self.error = ""
        self.no_cache = False
        self.finished = False
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.signal = store.cached(source)
            self.finished = self.signal is not None
            if not self.finished:
                self._process = _spawn([source, store.folder])
        except UserError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"{printable(str(source))} can't be read: {os_reason(error)}.")

    @property
    def share(self) -> float:
        """How much of the recording was read, 0 to 1."""
        if self.signal is None:
            return 0.0
        return self.signal.n / self.signal.total

    def poll(self) -> bool:
        """Look whether there is more; True when ``signal``, ``error`` or ``finished`` changed."""
        if self.finished or self._process is None:
            return False
        code = self._process.poll()
        try:
            if code is None:
                return self._take(self.store.partial(self.source))
            return self._end(code)
        except UserError as error:
            self._fail(str(error))
            return True

    def _take(self, partial: Signal | None) -> bool:
        if partial is None or (self.signal and partial.n <= self.signal.n):
            return False
        self.signal = partial
        return True

    def _end(self, code: int) -> bool:
        assert self._process is not None
        said, _ = self._process.communicate()
        if code == 0 and (whole := self.store.cached(self.source)):
            self.signal, self.finished = whole, True
            return True
        self.no_cache = code == 2
        with contextlib.suppress(ValueError, KeyError, TypeError):
            self._fail(str(parsed(said.splitlines()[-1])["error"]) if said else "")
        self._fail(self.error or f"Reading {printable(str(self.source))} broke off; open it again.")
        return True

    def _fail(self, text: str) -> None:
        self.error, self.finished = text, True

    def stop(self) -> None:
        """End the process; what was read so far is dropped by it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.communicate(timeout=2)
        if not self.finished:
            self._fail(f"Reading {printable(str(self.source))} was stopped.")


class Reader:
    """One process that reads recordings in turn: for many short ones, each of which a process would outlast.

    It ends with the process that asks, or when nothing is asked for a while, and is begun anew when it is
    needed again. Use it from one thread at a time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, source: Path) -> None:
        """Wait until a recording lies in the cache. Raises UserError when it can't be read."""
        try:
            said = self._ask(source) or self._ask(source)
        except OSError as error:
            raise UserError(f"{printable(str(source))} can't be read: {os_reason(error)}.") from error
        if not said:
            raise UserError(f"Reading {printable(str(source))} broke off; open it again.")
        if problem := parsed(said).get("error"):
            raise UserError(str(problem))

    def _ask(self, source: Path) -> bytes:
        """The process's answer; empty when it was lost."""
        if self._process is None or self._process.poll() is not None:
            self._process = _spawn([self.folder], piped=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = b""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(os.path.abspath(source)).encode() + b"\n")
            self._process.stdin.flush()
            said = self._process.stdout.readline()
        if not said:
            self.close()
        return said

    def close(self) -> None:
        """End the process; a recording that it reads just now is dropped by it."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired, BrokenPipeError):
                self._process.communicate(timeout=2)
            self._process = None


def _spawn(places: Sequence[Path], piped: bool = False) -> subprocess.Popen[bytes]:
    """A reading process for a source and a cache folder, or for a folder and sources on its stdin."""
    home = str(Path(labelloop.__file__).resolve().parent.parent)
    paths = [home, *(os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p)]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "labelloop.storage.ingest", *map(os.path.abspath, places)],
        stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))},
    )
