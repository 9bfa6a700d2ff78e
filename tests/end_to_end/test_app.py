"""The whole program in a pseudo-terminal: labelling, hang-up, kill -9, a slow line, the loop by keys."""

from __future__ import annotations

import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from tests.end_to_end.support import environment, labelloop
from tests.end_to_end.terminal import Terminal

SESSION = "down/down_10"  # unlabelled, a minute long
PLACES = [3.0 * k + 1 for k in range(18)]  # where labels of at most 2.5 s never touch
ROUNDS, PARTS = 50, 5  # in parts, so that they can run beside each other


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "demo")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment({"XDG_CONFIG_HOME": str(tmp_path / "config")})


def _open(project: Path, env: dict[str, str], **more: float) -> Terminal:
    argv = [sys.executable, "-m", "labelloop", "--glyphs", "ascii", str(project)]
    terminal = Terminal(argv, env, bytes_per_s=more.get("bytes_per_s"))
    terminal.wait_for("22 sessions")
    return terminal


def _to_session(terminal: Terminal) -> None:
    """From the list to the session, by a filter."""
    terminal.press("1", "/")
    terminal.press(*SESSION.split("/")[1], "enter", pause=0.01)
    terminal.wait_for("1 of 22 sessions", 10)
    terminal.press("enter")
    terminal.wait_for("overview", 10)


def _count(terminal: Terminal) -> int | None:
    """How many labels the lane says that the session has."""
    found = re.search(r"^ label .*\s(\d+)$", terminal.text, re.MULTILINE)
    return int(found[1]) if found else None


def _wait_count(terminal: Terminal, wanted: int, limit: float = 10.0) -> None:
    end = time.perf_counter() + limit
    while _count(terminal) != wanted:
        assert time.perf_counter() < end, f"not {wanted} labels:\n{terminal.text}"
        time.sleep(0.002)


def _labels(project: Path) -> list[float]:
    """The starts of the session's labels after recovery, as a later start of the program finds them."""
    store = open_project(project, "a test", write=False)
    try:
        session = next(s for s in store.project.sessions() if s.path == SESSION)
        return [label.start for label in store.project.track(session.id)]
    finally:
        store.close()


def _places(project: Path) -> set[float]:
    """The places that are labelled, none twice."""
    starts = _labels(project)
    places = [min(PLACES, key=lambda p: abs(p - start)) for start in starts]
    assert len(places) == len(set(places)), starts
    return set(places)


def _send(terminal: Terminal, place: float, labelled: bool) -> None:
    """Go to a place and delete the label there, or stamp one."""
    terminal.press("g", *f"{place + (0.3 if labelled else 0):g}", "enter", "x" if labelled else "1")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_acknowledged_edit_is_lost_or_doubled_when_the_app_is_killed(
    project: Path, env: dict[str, str], part: int
) -> None:
    chance = random.Random(7 + part)
    known: set[float] = set()
    for _ in range(ROUNDS // PARTS):
        with _open(project, env) as terminal:
            _to_session(terminal)
            _wait_count(terminal, len(known))
            for _ in range(chance.randrange(1, 5)):
                place = chance.choice(PLACES)
                _send(terminal, place, place in known)
                known ^= {place}
                _wait_count(terminal, len(known))
            place = chance.choice(PLACES)  # one more that is perhaps not acknowledged
            _send(terminal, place, place in known)
            time.sleep(chance.random() * 0.06)
            acknowledged = _count(terminal) == len(known ^ {place})
            terminal.kill(signal.SIGKILL)
            terminal.wait()
        found = _places(project)
        allowed = [known ^ {place}] if acknowledged else [known, known ^ {place}]
        assert found in allowed
        known = found


def test_a_lost_terminal_ends_the_app_in_good_order(project: Path, env: dict[str, str]) -> None:
    with _open(project, env) as terminal:
        _to_session(terminal)
        _send(terminal, 4.0, False)
        _wait_count(terminal, 1)
        terminal.hang_up()
        assert terminal.wait(5) != 0
    assert _places(project) == {4.0}
    text = (project.parent / "Data" / SESSION / "label.label").read_text()
    assert text.count("\n") == 2, "the label file itself was saved"


def test_a_second_app_opens_for_reading_only_and_says_who_holds_it(
    project: Path, env: dict[str, str]
) -> None:
    with _open(project, env), _open(project, env) as second:
        second.wait_for("read only")
        second.press("T")
        second.wait_for("held by", 10)
        refused = labelloop("assign", project, "train", SESSION)
        assert refused.code == 1
        assert "labelloop app" in refused.err


@pytest.mark.slow
def test_a_slow_line_drops_old_frames_and_loses_nothing(project: Path, env: dict[str, str]) -> None:
    with _open(project, env, bytes_per_s=50_000) as terminal:
        _to_session(terminal)
        for _ in range(90):  # key repeat
            terminal.press("right", pause=0.015)
        terminal.press("1")
        sent = time.perf_counter()
        _wait_count(terminal, 1, 5)
        assert time.perf_counter() - sent < 2.0
        terminal.press("ctrl+q")
        assert terminal.wait(5) == 0
    assert len(_labels(project)) == 1
    store = open_project(project, "a test")
    assert store.recovered == 0, "the files themselves were saved"
    store.close()


@pytest.fixture
def trained(project: Path) -> Path:
    assert labelloop("assign", project, "train", "down/down_0[1-6]", "background/*").code == 0
    assert labelloop("assign", project, "validation", "down/down_07").code == 0
    return project


@pytest.mark.training
def test_the_loop_by_keys_alone(trained: Path, env: dict[str, str]) -> None:
    with _open(trained, env) as terminal:
        _to_session(terminal)
        for place in PLACES[:5]:
            _send(terminal, place, False)
        _wait_count(terminal, 5)
        for _ in range(5):
            terminal.press("z")
        _wait_count(terminal, 0)
        terminal.press("q")
        terminal.wait_for("1 of 22 sessions")
        terminal.press("t")
        terminal.wait_for("no job yet", 10)
        terminal.press("w")
        terminal.wait_for("Model Wizard")
        terminal.press("right", "right", pause=0.2)  # the quick preset
        terminal.wait_for("quick")
        terminal.press("enter")
        terminal.wait_for("name of the job")
        terminal.press("enter")
        terminal.wait_for("running", 20)
        terminal.hang_up()
        terminal.wait(5)
    assert labelloop("jobs", trained, "last", "--follow").code == 0
    with _open(trained, env) as terminal:
        terminal.press("t")
        terminal.wait_for("done", 10)
        terminal.press("q")
        terminal.press("space", "g", pause=0.3)
        terminal.wait_for("Model Assisted", 10)
        for text in ("event F1", "target", "threshold", "Model Assisted with", "z takes it back"):
            terminal.press("enter")
            terminal.wait_for(text, 30)
        terminal.press("enter")
        terminal.wait_for("22 sessions", 10)
        assert len(_labels(trained)) > 3
        terminal.press("z")
        terminal.wait_for("Undone", 10)
        assert _labels(trained) == []
