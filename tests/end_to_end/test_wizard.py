"""The wizard in a pseudo-terminal: a dropped connection, and the command that it shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from labelloop.services.projects.demo import copy_demo
from tests.end_to_end.support import environment, labelloop
from tests.end_to_end.terminal import Terminal

SESSION = "down/down_09"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment({"XDG_CONFIG_HOME": str(tmp_path / "config")})


def _wizard(project: Path, env: dict[str, str]) -> Terminal:
    argv = [sys.executable, "-m", "labelloop", "--glyphs", "ascii", "wizard", str(project), SESSION]
    return Terminal(argv, env)


def _labels(project: Path) -> dict[str, bytes]:
    return {str(p.relative_to(project.parent)): p.read_bytes() for p in project.parent.rglob("*.label")}


def _to_settings(terminal: Terminal) -> None:
    """Threshold as method, a typed rule, a new track."""
    terminal.wait_for("Model Assisted")
    terminal.press("down", "down", "down", "enter")
    terminal.wait_for("rule")
    terminal.press("e", *"norm(gx,gy,gz) > 150/80", "enter", "enter")
    terminal.wait_for("labels there")
    terminal.press("enter")
    terminal.wait_for("drop shorter than")


def test_a_dropped_connection_resumes_at_the_same_step_with_the_same_input(
    tmp_path: Path, env: dict[str, str]
) -> None:
    project = copy_demo(tmp_path / "demo")
    with _wizard(project, env) as terminal:
        _to_settings(terminal)
        terminal.press("down", "right", "right")
        terminal.wait_for("0.1")
        terminal.hang_up()
        assert terminal.wait(5) != 0
    with _wizard(project, env) as terminal:
        terminal.wait_for("drop shorter than")
        assert "4 Settings" in terminal.text
        assert re.search(r"drop shorter than +0\.1", terminal.text)
        terminal.press("enter")
        terminal.wait_for("--min-length")
        assert "norm(gx,gy,gz)" in terminal.text
        terminal.press("backspace", "backspace", "backspace")
        terminal.wait_for("norm(gx,gy,gz) > 150/80")


def test_the_command_on_the_screen_gives_the_same_files(tmp_path: Path, env: dict[str, str]) -> None:
    mine, other = copy_demo(tmp_path / "mine"), copy_demo(tmp_path / "other")
    before = _labels(mine)
    with _wizard(mine, env) as terminal:
        _to_settings(terminal)
        terminal.press("enter")
        terminal.wait_for("the same as a command")
        terminal.wait_idle()
        shown = terminal.text.partition("the same as a command:")[2]
        terminal.press("enter")
        terminal.wait_for("z takes it back")
        terminal.press("enter")
        assert terminal.wait() == 0
    rows = [row.strip() for row in shown.splitlines() if row.startswith("   ")]
    words = shlex.split(" ".join(row.removesuffix("\\") for row in rows))
    assert words[:2] == ["labelloop", "generate"]
    ran = labelloop(*(word.replace(str(mine.parent), str(other.parent)) for word in words[1:]))
    assert ran.code == 0, ran.err
    assert _labels(mine) == _labels(other) != before
