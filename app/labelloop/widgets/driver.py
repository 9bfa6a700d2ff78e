"""The terminal's input: bytes that nobody can read are passed over, and the end of input ends the app."""

from __future__ import annotations

import os
import re
import selectors
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol, runtime_checkable

from textual import constants, events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_BLOCK = 4096
_WAIT_S = 0.05
_ESCAPE = "\x1b"
ESCAPE = None  # the escape key, among pieces of text
_ESCAPES = re.compile(r"(\x1b)(?![\[\]OP_^])")  # those that begin no sequence
_PASTE_STARTS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_OLD_MOUSE = b"\x1b[M"  # a mouse report in X10 form: three bytes follow it, of any value


@runtime_checkable
class EndsWithInput(Protocol):
    """An app that has to know when no more input can come."""

    def input_ended(self) -> None:
        """The terminal is gone: save and end."""
        ...

    def input_failed(self, error: BaseException) -> None:
        """Input can't be read any more because of an error of the program."""
        ...


class InputDecoder:
    """Bytes from a terminal as text: UTF-8, without what is none, and mouse reports in one form.

    A byte that is no UTF-8 (another locale's key, a stray clipboard) is dropped. A mouse report in X10 form,
    whose bytes may have any value, becomes one in SGR form, so that none of its bytes is taken for a key.
    Both may be cut in two anywhere.

    >>> decoder = InputDecoder()
    >>> decoder.feed(b"a\\xe4"), decoder.feed(b"j"), decoder.feed(b"\\xc3"), decoder.feed(b"\\xbc")
    ('a', 'j', '', 'ü')
    >>> decoder.feed(b"\\x1b[M \\x90!x")
    '\\x1b[<0;112;1Mx'
    """

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._tail = b""  # the beginning of what may be a mouse report
        self._given = 0  # how many bytes of it were handed on already

    def feed(self, data: bytes) -> str:
        """The text of the next bytes."""
        data, given, text = self._tail + data, self._given, ""
        self._tail, self._given = b"", 0
        while (at := data.find(_OLD_MOUSE)) >= 0:
            text += self._decode(data[:at])
            report = data[at + len(_OLD_MOUSE) : at + len(_OLD_MOUSE) + 3]
            if len(report) < 3:
                self._tail, self._given = data[at:], 0 if text else given
                return text[given:]
            text += _modern(report)
            data = data[at + len(_OLD_MOUSE) + 3 :]
        for begun in (_OLD_MOUSE[:2], _OLD_MOUSE[:1]):
            if data.endswith(begun):
                self._tail, self._given = begun, len(begun)
                break
        return (text + self._decode(data))[given:]


def _modern(report: bytes) -> str:
    """A mouse report's three bytes in SGR form."""
    buttons, column, row = (max(0, byte - 32) for byte in report)
    released = buttons & 3 == 3 and not buttons & 96
    return f"\x1b[<{buttons & ~3 if released else buttons};{column};{row}{'m' if released else 'M'}"


class EscapeSplitter:
    r"""Tells the escape key from the beginning of a sequence, also when another key follows it at once.

    ``pieces`` gives text for the parser, and ``ESCAPE`` for the key alone: what follows it begins no
    sequence, or did not come in time. Within pasted text nothing is a key.

    >>> splitter = EscapeSplitter()
    >>> splitter.pieces("a\x1bx\x1b[A", now=0.0)
    ['a', None, 'x\x1b[A']
    >>> splitter.pieces("\x1b", now=0.0), splitter.pieces("", now=0.05), splitter.pieces("", now=0.2)
    ([], [], [None])
    """

    def __init__(self, patience_s: float = constants.ESCAPE_DELAY) -> None:
        self._patience_s = patience_s
        self._held: float | None = None  # since when an escape waits for what follows it
        self._pasting = False

    def pieces(self, text: str, now: float) -> list[str | None]:
        """The next text in pieces; call it without text to let a waiting escape run out of time."""
        if self._held is not None:
            if not text and now - self._held < self._patience_s:
                return []
            text, self._held = _ESCAPE + text, None
            if text == _ESCAPE:
                return [ESCAPE]
        found: list[str | None] = []
        for part in _ESCAPES.split(text):
            if part == _ESCAPE and not self._pasting:
                found.append(ESCAPE)
            elif part:
                found.append(part)
                self._pasting = (self._pasting or _PASTE_STARTS in part) and _PASTE_ENDS not in part
        if found and found[-1] is ESCAPE and text.endswith(_ESCAPE):
            found.pop()
            self._held = now
        return found


class TerminalDriver(LinuxDriver):
    """Textual's driver with a reader of input that survives any bytes and notices the end."""

    def _run_input_thread(self) -> None:
        try:
            ended = self._read_input()
        except BaseException as error:
            if isinstance(self._app, EndsWithInput):
                self._app.call_later(self._app.input_failed, error)
            return
        if ended and isinstance(self._app, EndsWithInput):
            self._app.call_later(self._app.input_ended)

    def _read_input(self) -> bool:
        """Hand on input until the app takes no more; True when no more can come."""
        parser, decoder, splitter = XTermParser(self._debug), InputDecoder(), EscapeSplitter()
        ended = False
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not ended and not self.exit_event.is_set():
                text = ""
                if selector.select(_WAIT_S):
                    data = _read(self.fileno)
                    ended = not data
                    text = decoder.feed(data)
                for piece in splitter.pieces(text, time.monotonic()):
                    self._hand_on([events.Key("escape", _ESCAPE)] if piece is None else parser.feed(piece))
                self._hand_on(parser.tick())
        with suppress(EOFError, ParseError):
            self._hand_on(parser.feed(""))
        return ended

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def _read(fileno: int) -> bytes:
    """What the terminal has to say; nothing when it is gone."""
    try:
        return os.read(fileno, _BLOCK)
    except OSError:
        return b""


def driver_class() -> type[TerminalDriver] | None:
    """Our driver, unless the environment names another one."""
    return None if constants.DRIVER else TerminalDriver
