"""The command line as a whole: help, usage, exit codes, streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from labelloop.cli import main
from labelloop.cli.main import VERBS, cli
from labelloop.storage.lock import NO_LOCK
from tests.end_to_end.support import Call, Ran, environment, labelloop
from tests.made_project import make_project

SHOWN = [verb for verb in VERBS if verb != "open"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def good(ran: Ran) -> Ran:
    assert ran.code == 0, ran.err
    return ran


def test_version_and_help(call: Call) -> None:
    assert call("--version").out.startswith("labelloop, version 0.1.0")
    ran = good(call("--help"))
    assert all(f"  {verb} " in ran.out or f"  {verb}\n" in ran.out for verb in SHOWN)


@pytest.mark.parametrize("verb", SHOWN)
def test_each_verb_has_help_with_an_example(call: Call, verb: str) -> None:
    ran = good(call(verb, "--help"))
    assert f"Example: labelloop {verb}" in " ".join(ran.out.split())
    assert ran.err == ""


def test_shell_completion() -> None:
    words = {"COMP_WORDS": "labelloop re", "COMP_CWORD": "1", "_LABELLOOP_COMPLETE": "bash_complete"}
    ran = good(labelloop(more=words))
    assert {line.split(",")[1] for line in ran.out.splitlines()} >= {"rescan", "redistribute", "revert"}
    source = good(labelloop(more={"_LABELLOOP_COMPLETE": "bash_source"}))
    assert "complete" in source.out


def test_wrong_usage_is_two(call: Call, project: Path) -> None:
    for words in (
        ["nonsense"],
        ["assign"],
        ["info", project, "--odd"],
        ["generate", project, "--method", "x"],
    ):
        ran = call(*words)
        assert ran.code == 2
        assert ran.out == ""
        assert len(ran.err.splitlines()) == 1


def test_a_verb_wins_over_a_folder_of_its_name(tmp_path: Path) -> None:
    make_project(tmp_path / "info", 1)
    ran = labelloop("info", cwd=tmp_path)
    assert ran.code == 2
    assert "Missing argument" in ran.err
    assert good(labelloop("info", "info", "--json", cwd=tmp_path)).json["sessions"]
    opened = labelloop("./info", cwd=tmp_path)
    assert opened.code == 1
    assert "needs a terminal" in opened.sentence


def test_data_goes_to_stdout_and_words_to_stderr(project: Path) -> None:
    ran = good(labelloop("assign", project, "train", "all", "--json"))
    assert len(ran.out.splitlines()) == 1
    json.loads(ran.out)
    assert "\x1b" not in ran.out + ran.err


def test_a_reader_that_stops_is_no_error(project: Path) -> None:
    command = f"{sys.executable} -m labelloop info {project} | head -c 1"
    done = subprocess.run(command, shell=True, env=environment(), capture_output=True, check=False)
    assert done.stderr == b""


def test_clicks_own_runner_sees_the_same(project: Path) -> None:
    result = CliRunner().invoke(cli, ["info", str(project), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout.splitlines()[-1])["project"] == str(project)


def test_flags_for_all_verbs_may_stand_anywhere_and_last_as_long_as_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[str | None] = []
    monkeypatch.setattr(main, "cli", type("Cli", (), {"main": staticmethod(lambda **_: _look(seen))}))
    assert main.run(["info", str(tmp_path), "--no-lock"]) == 0
    assert main.run(["--allow-outside", "info", str(tmp_path)]) == 0
    assert seen == ["1", None]
    assert NO_LOCK not in os.environ


def _look(seen: list[str | None]) -> int:
    seen.append(os.environ.get(NO_LOCK))
    return 0
