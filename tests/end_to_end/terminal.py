"""A terminal for tests: a program in a pseudo-terminal, its screen as text, its bytes counted."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Sequence
from types import TracebackType

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "space": " ",
    "tab": "\t",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+q": "\x11",
}
ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}


class Terminal:
    """A program that runs in a terminal of ``columns`` by ``rows``.

    ``bytes_per_s`` throttles what is read from the program, as a slow connection does.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: dict[str, str],
        columns: int = 80,
        rows: int = 24,
        bytes_per_s: float | None = None,
    ) -> None:
        self.started = time.perf_counter()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._lock = threading.Lock()
        self._rate = bytes_per_s
        self.received = 0
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            size = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            if "LOCPATH" in env:
                del size["LANG"]
            os.execvpe(argv[0], list(argv), {**env, **size})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._status: int | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill(signal.SIGKILL)
        self.wait()
        self.hang_up()

    def _read(self) -> None:
        while True:
            try:
                if not select.select([self._fd], [], [], 0.1)[0]:
                    continue
                chunk = os.read(self._fd, 1 << 12 if self._rate else 1 << 16)
            except (OSError, ValueError):
                return
            if not chunk:
                return
            with self._lock:
                self.received += len(chunk)
                self._stream.feed(chunk)
            for question, answer in ANSWERS.items():
                if question in chunk:
                    os.write(self._fd, answer)
            if self._rate:
                time.sleep(len(chunk) / self._rate)

    @property
    def text(self) -> str:
        """The screen as text."""
        with self._lock:
            return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str, pause: float = 0.0) -> None:
        """Send keys, by name or as the characters they are."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())
            time.sleep(pause)

    def send(self, data: bytes) -> None:
        """Send bytes as they are, all at once."""
        os.write(self._fd, data)

    def wait_for(self, text: str, limit: float = 30.0) -> float:
        """Wait until the screen shows a text; seconds since the program was started."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if text in self.text:
                return time.perf_counter() - self.started
            time.sleep(0.01)
        raise AssertionError(f"{text!r} did not appear in {limit} s; the screen shows:\n{self.text}")

    def wait_idle(self, quiet: float = 0.15, limit: float = 10.0) -> None:
        """Wait until nothing is written any more."""
        end = time.perf_counter() + limit
        last, since = self.received, time.perf_counter()
        while time.perf_counter() < end:
            time.sleep(0.02)
            if self.received != last:
                last, since = self.received, time.perf_counter()
            elif time.perf_counter() - since >= quiet:
                return
        raise AssertionError("the program keeps writing")

    def kill(self, number: int) -> None:
        """Send the program a signal."""
        if self._status is None:
            os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped connection does."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def wait(self, limit: float = 10.0) -> int:
        """Wait for the program's end: its exit code, negative for a signal."""
        end = time.perf_counter() + limit
        while self._status is None and time.perf_counter() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.01)
        if self._status is None:
            raise AssertionError(f"the program did not end in {limit} s")
        return self._status
