"""The program's entry: a calm terminal over SSH, its exit code, an early interruption."""

from __future__ import annotations

import pytest

import labelloop.cli.main
from labelloop.__main__ import calm_terminal, main


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY"])
def test_fewer_repaints_over_ssh(name: str) -> None:
    environment = {name: "x"}
    calm_terminal(environment)
    assert environment == {
        name: "x",
        "TEXTUAL_FPS": "20",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
    }


def test_a_local_terminal_is_left_alone() -> None:
    environment: dict[str, str] = {}
    calm_terminal(environment)
    assert environment == {}


def test_what_the_user_set_stays() -> None:
    environment = {"SSH_TTY": "x", "TEXTUAL_FPS": "60"}
    calm_terminal(environment)
    assert environment["TEXTUAL_FPS"] == "60"


def test_the_command_lines_code_is_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelloop.cli.main, "run", lambda: 3)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 3


def test_an_interruption_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(labelloop.cli.main, "run", interrupted)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "labelloop: interrupted before anything was done.\n"
