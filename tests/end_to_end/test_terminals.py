"""Terminals as they are: bytes of other locales, a line that ends without a signal, ctrl+z, no UTF-8."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from labelloop.services.projects.demo import copy_demo
from tests.end_to_end.support import environment, labelloop
from tests.end_to_end.terminal import Terminal
from tests.made_project import make_project, write_recording


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "demo")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment({"XDG_CONFIG_HOME": str(tmp_path / "config")})


def _argv(project: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "labelloop", "--glyphs", "ascii", *options, str(project)]


@pytest.mark.parametrize(
    "junk", [b"\xf6", b"\xe4j", b"\x1b[M \x90\x21", b"\xff\xfe\x00"], ids=["latin1", "cut", "x10", "none"]
)
def test_bytes_that_are_no_text_are_passed_over(project: Path, env: dict[str, str], junk: bytes) -> None:
    with Terminal(_argv(project, "--mouse"), env) as terminal:
        terminal.wait_for("22 sessions")
        terminal.send(junk)
        terminal.press("?")
        terminal.wait_for("Move to the Train set.", 10)
        terminal.press("escape", "ctrl+q")
        assert terminal.wait(10) == 0


def test_a_terminal_that_goes_without_a_signal_ends_the_app(project: Path, env: dict[str, str]) -> None:
    """As after sudo or docker exec: the app does not lead the terminal's session, so no SIGHUP comes."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    more = {**env, "TERM": "xterm-256color"}
    app = subprocess.Popen(
        _argv(project), env=more, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    seen, end = b"", time.monotonic() + 20
    while b"22 sessions" not in seen and time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            seen += os.read(master, 65536)
    assert b"22 sessions" in seen
    os.close(master)
    gone = time.monotonic()
    assert app.wait(10) == 128 + signal.SIGHUP
    assert time.monotonic() - gone < 4
    assert labelloop("assign", project, "train", "down/down_01").code == 0, "the lock is free"


def test_the_screen_is_drawn_again_after_a_stop(project: Path, env: dict[str, str]) -> None:
    with Terminal(_argv(project), env) as terminal:
        terminal.wait_for("22 sessions")
        os.kill(terminal.pid, signal.SIGTSTP)
        time.sleep(0.5)
        terminal.screen.reset()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("22 sessions", 5)


@pytest.fixture(scope="module")
def latin1(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A locale whose encoding is Latin-1, made here."""
    if not shutil.which("localedef"):
        pytest.skip("this machine can't make locales (localedef)")
    folder, name = tmp_path_factory.mktemp("locales"), "en_US.ISO-8859-1"
    made = subprocess.run(["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(folder / name)], check=False)
    if made.returncode > 1 or not (folder / name).exists():
        pytest.skip("this machine lacks the sources of locales")
    return {"LOCPATH": str(folder), "LC_ALL": name, "LANG": name, "PYTHONUTF8": ""}


def test_paths_and_texts_are_utf8_whatever_the_locale(tmp_path: Path, latin1: dict[str, str]) -> None:
    write_recording(tmp_path / "日本" / "データ" / "歩く" / "data.csv")
    made = labelloop("new", tmp_path / "日本", more=latin1)
    assert made.code == 0, made.err
    shown = labelloop("info", tmp_path / "日本", more=latin1)
    assert shown.code == 0, shown.err
    assert "歩く" in str(labelloop("info", tmp_path / "日本", "--json").json)


def test_what_the_locale_lacks_is_replaced(tmp_path: Path, latin1: dict[str, str]) -> None:
    refused = labelloop("assign", make_project(tmp_path, 1), "train", "歩く", more=latin1)
    assert refused.code == 1
    assert "'??'" in refused.sentence


def test_glyphs_that_the_locale_lacks_are_not_drawn(
    project: Path, env: dict[str, str], latin1: dict[str, str]
) -> None:
    """Also when braille was chosen in a terminal that has it."""
    argv = [sys.executable, "-m", "labelloop", "--glyphs", "braille", str(project)]
    with Terminal(argv, env) as terminal:
        terminal.wait_for("22 sessions")
        terminal.press("ctrl+q")
        assert terminal.wait(10) == 0
    with Terminal([*argv[:3], str(project)], {**env, **latin1}) as terminal:
        terminal.wait_for("22 sessions")
        assert "\\u" not in terminal.text
        assert terminal.text.isascii()
