"""Whatever is wrong with what we are given: one sentence, exit code 1, nothing lost, nothing half written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.support import Call, Ran, environment, labelloop, undo_everything
from tests.made_project import make_project, tree, write_labels, write_recording
from tests.storage.made_up import BadFile, bad_files

EVIL = "up\x1b[31m[bold]&<x>"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "p", 4)


def refused(ran: Ran, says: str = "") -> None:
    """Exit code 1 and one sentence that says what is wrong and what to do."""
    assert ran.code == 1, ran
    assert ran.sentence.startswith("labelloop: ")
    assert ran.sentence.endswith(".")
    assert says in ran.sentence
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err + ran.out


@pytest.mark.parametrize("bad", list(bad_files()), ids=lambda bad: bad.name)
def test_a_folder_with_one_bad_recording_is_as_before(call: Call, tmp_path: Path, bad: BadFile) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / bad.name).write_bytes(bad.data)
    before = tree(folder, ours=True)
    refused(call("new", folder), bad.why)
    assert tree(folder, ours=True) == before
    assert not (folder / ".labelloop").exists()


@pytest.mark.parametrize("bad", list(bad_files())[::6], ids=lambda bad: bad.name)
def test_one_bad_recording_is_skipped_among_good_ones(call: Call, tmp_path: Path, bad: BadFile) -> None:
    write_recording(tmp_path / "good.csv")
    (tmp_path / f"x-{bad.name}").write_bytes(bad.data)
    ran = call("new", tmp_path, "--name", "n", "--json")
    assert (ran.code, ran.json["sessions"]) == (0, 1)
    assert bad.why in ran.json["skipped"][0]["reason"]


def spoil(name: str, data: bytes | None) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        path = folder / name
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)

    return do


def edited(name: str, old: bytes, new: bytes) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert old in data
        (folder / name).write_bytes(data.replace(old, new))

    return do


HEAD = b"Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n"
LABEL, SESSION, IMPROJ = "Data/up/up_00/label.label", "Data/up/up_00/up_00.imsession", "Made.improj"
TRACK = ["generate", "--method", "track", "--source", "label", "--target", "new:t", "--sessions", "up_00"]
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ImagimobStudio>&x;</ImagimobStudio>'

FILES: dict[str, tuple[Callable[[Path], object], list[str], str]] = {
    "no xml": (spoil(IMPROJ, b"hello"), ["info"], "Made.improj"),
    "empty": (spoil(IMPROJ, b""), ["info"], "Made.improj"),
    "binary": (spoil(IMPROJ, os.urandom(400)), ["assign", "train", "all"], "Made.improj"),
    "utf-16": (spoil(IMPROJ, "<a/>".encode("utf-16")), ["info"], "Made.improj"),
    "cut": (edited(IMPROJ, b"</ImagimobStudio>", b""), ["undo"], "Made.improj"),
    "entities": (spoil(IMPROJ, ENTITY), ["info"], "Made.improj"),
    "other xml": (spoil(IMPROJ, b"<svg/>"), ["info"], "no Studio project file"),
    "session for project": (edited(IMPROJ, b"<Job", b"<Timeline/><Job"), ["info"], "session file"),
    "two projects": (spoil("Other.improj", b"x"), ["info"], "2 projects"),
    "label length": (spoil(LABEL, HEAD + b"1,-1,up,1,\n"), TRACK, "line 2"),
    "label nan": (spoil(LABEL, HEAD + b"nan,1,up,1,\n"), TRACK, "line 2"),
    "label text": (spoil(LABEL, HEAD + b"1,x,up,1,\n"), TRACK, "line 2"),
    "label binary": (spoil(LABEL, b"\x00\x01\x02"), TRACK, "no label file"),
    "label latin": (spoil(LABEL, HEAD + "1,1,höhe,1,\n".encode("latin-1")), TRACK, "line 2"),
    "label is a recording": (spoil(LABEL, b"Time,x\n0,1\n"), TRACK, "no label file"),
    "session no xml": (spoil(SESSION, b"<nothing"), TRACK, "up_00.imsession"),
    "session entities": (spoil(SESSION, ENTITY), TRACK, "up_00.imsession"),
    "label outside": (edited(IMPROJ, b"/Data/up/up_00/label.label", b"/../../x.label"), TRACK, "outside"),
    "labels in passwd": (edited(IMPROJ, LABEL.encode(), b"../../../../etc/passwd"), TRACK, "outside"),
    "our journal": (spoil(".labelloop", None), ["undo"], "nothing to undo"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_is_a_sentence(call: Call, project: Path, name: str) -> None:
    spoiling, words, says = FILES[name]
    (project.parent / ".labelloop").mkdir()
    if name == "our journal":
        (project.parent / ".labelloop").rmdir()
    else:
        spoiling(project.parent)
    before = tree(project.parent)
    refused(call(words[0], project.parent, *words[1:]), says)
    assert tree(project.parent) == before


WORDS: dict[str, tuple[list[str], str]] = {
    "no project": (["info", "nowhere"], "There is no project at nowhere"),
    "no folder": (["new", "nowhere"], "no folder"),
    "empty name": (["new", ".", "--name", " "], "no name for a project"),
    "name with a slash": (["new", ".", "--name", "../x"], "no name for a project"),
    "name that acts": (["new", ".", "--name", "a\x1b[1m"], "a␛[1m"),
    "no recordings": (["new", "."], "no recordings"),
    "a file": (["new", "p/Made.improj"], "no folder"),
    "unknown set": (["assign", "p", "tarin", "all"], "no set 'tarin'"),
    "set that acts": (["assign", "p", "\x1b[31m", "all"], "␛[31m"),
    "half a set": (["assign", "p", "t", "all"], "no set 't'"),
    "unknown session": (["assign", "p", "train", "up_77"], "no session 'up_77'"),
    "session that acts": (["assign", "p", "train", "\x1b]0;x\x07"], "␛]0;x␇"),
    "empty glob": (["assign", "p", "train", "x*"], "matches 'x*'"),
    "nobody is done": (["generate", "p", "--method", "session", "--sessions", "done",
                        "--target", "new:t"], "no session"),
    "unknown model": (["generate", "p", "--method", "model", "--source", "m", "--sessions", "all",
                       "--target", "new:t"], "no model 'm'"),
    "unknown model file": (["generate", "p", "--method", "model", "--source", "x.h5", "--sessions", "all",
                            "--target", "new:t"], "x.h5"),
    "no such class": (["generate", "p", "--method", "session", "--classes", "jump", "--sessions", "all",
                       "--target", "new:t"], "no class 'jump'"),
    "no such track": (["generate", "p", "--method", "track", "--source", "none", "--sessions", "all",
                       "--target", "new:t"], "no label track none"),
    "odd target": (["generate", "p", "--method", "session", "--sessions", "all",
                    "--target", "new:../x"], "no name"),
    "target that is there": (["generate", "p", "--method", "session", "--sessions", "all", "--target",
                              "new:label"], "existing:label"),
    "odd number": (["generate", "p", "--method", "track", "--source", "label", "--sessions", "all",
                    "--target", "new:t", "--offset", "up:x"], "--offset needs a number"),
    "nan": (["generate", "p", "--method", "track", "--source", "label", "--sessions", "all", "--target",
             "new:t", "--offset", "nan"], "--offset needs a number"),
    "odd renaming": (["generate", "p", "--method", "track", "--source", "label", "--sessions", "all",
                      "--target", "new:t", "--rename", "up"], "OLD=NEW"),
    "unknown run": (["revert", "p", "g99\x1b"], "g99␛"),
    "unknown job": (["jobs", "p", "../../x"], "no job"),
    "nothing to train on": (["train", "p", "--detach"], "labelloop assign"),
    "train no class": (["train", "p", "--classes", "jump"], "no class 'jump'"),
    "add outside": (["add", "p", "."], "outside the project"),
    "evaluate nothing": (["evaluate", "p", "--truth", "label", "--predicted", "none"], "No session has both"),
    "long": (["info", "x" * 5000], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_what_can_not_be_met_is_a_sentence(
    call: Call, project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, says = WORDS[name]
    monkeypatch.chdir(project.parent.parent)
    if name in ("no recordings", "empty name", "name with a slash", "name that acts"):
        (project.parent.parent / "e").mkdir()
        monkeypatch.chdir(project.parent.parent / "e")
    before = tree(project.parent)
    refused(call(*words), says)
    assert tree(project.parent) == before


def test_names_that_act_on_a_terminal_are_shown_inert(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    name = EVIL.replace("/", "_")
    write_recording(folder / name / f"s{name}" / "data.csv")
    write_labels(folder / name / f"s{name}" / "label.label", (f"1,1,{EVIL},1,", "2,9999,up,1,"))
    evil_words: list[list[object]] = [
        ["new", folder, "--name", "n"],
        ["info", folder], ["info", folder, "--json"],
        ["assign", folder, "train", "all"], ["undo", folder],
        ["rescan", folder], ["redistribute", folder],
        ["generate", folder, "--method", "session", "--sessions", "all", "--target", "new:t"],
        ["generate", folder, "--method", "track", "--source", "label", "--sessions", "all",
         "--target", "new:u"],
        ["evaluate", folder, "--truth", "label", "--predicted", "u"],
        ["revert", folder, "g1"], ["doctor", folder], ["jobs", folder], ["models", folder],
        ["train", folder, "--classes", "\x1b[31m"],
        ["assign", folder, "train", "\x1b[31m"],
        ["\x1b[31m"], ["info", folder, "--\x1b[31m"], ["generate", folder, "--method", "\x1b[31m"],
    ]  # fmt: skip
    for words in evil_words:
        ran = call(*words)
        assert ran.code in (0, 1, 2), ran
        assert "\x1b" not in ran.out + ran.err, words
        assert "Traceback" not in ran.err


def test_labels_outside_the_recording_stay_as_they_are(call: Call, project: Path) -> None:
    write_labels(project.parent / LABEL, ("-5,1,up,1,", "9999,1,up,1,"))
    ran = call("doctor", project)
    assert "2 labels reach beyond" in ran.out
    made = call(*TRACK[:1], project, *TRACK[1:], "--json")
    assert (made.code, made.json["added"]) == (0, 0)


@contextmanager
def somebody_else() -> Iterator[None]:
    """What this process opens is opened by a user without rights."""
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    os.setresgid(65534, 65534, 0)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="labelloop-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_without_permission(call: Call, public: Path, tmp_path: Path) -> None:
    project = make_project(public / "p", 1)
    write_recording(public / "raw" / "a.csv")
    other = make_project(tmp_path / "other", 1)
    for words in (["info", other], ["assign", other, "train", "all"], ["new", tmp_path / "nothing"]):
        call(*words)  # imports what the verbs need while that is allowed
    before = tree(public, ours=True)
    with somebody_else():
        refused(call("assign", project, "train", "all"), "permission")
        refused(call("new", public / "raw"), "permission")
        assert call("info", project).code == 0
    project.chmod(0o600)
    with somebody_else():
        refused(call("info", project), "permission")
    assert tree(public, ours=True) == before


def test_a_read_only_project_file_keeps_the_edit(call: Call, public: Path, tmp_path: Path) -> None:
    project = make_project(public / "p", 1)
    call("assign", make_project(tmp_path / "other", 1), "train", "all")
    (public / "p").chmod(0o777)
    project.chmod(0o444)
    before = tree(public)
    with somebody_else():
        refused(call("assign", project, "train", "all"), "read-only")
    assert tree(public) == before
    project.chmod(0o666)
    assert call("info", project, "--json").json["sessions"][0]["set"] == "train"
    undo_everything(project)
    assert tree(public) == before


@pytest.mark.parametrize("seed", range(6))
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "f"
    for number in range(40):
        write_recording(folder / f"r{number:02d}.csv", 400)
    before = tree(folder, ours=True)
    ran = interrupted(0.25 + seed * 0.12, "new", folder, "--name", "n")
    assert ran.code in (0, 1, -signal.SIGINT)  # before Python is up and when it ends, the system ends it
    assert "Traceback" not in ran.err or "__main__.py" not in ran.err
    if (folder / "n.improj").exists():  # it was done already
        assert len(labelloop("info", folder, "--json").json["sessions"]) == 40
    else:
        assert ran.code != 0
        assert tree(folder, ours=True) == before


@pytest.mark.parametrize("seed", range(4))
def test_ctrl_c_while_labels_are_generated_keeps_whole_sessions(tmp_path: Path, seed: int) -> None:
    project = make_project(tmp_path / "p", 60)
    before = tree(project.parent)
    words = ["generate", project, "--method", "track", "--source", "label", "--sessions", "all"]
    interrupted(0.3 + seed * 0.1, *words, "--target", "new:auto")
    after = labelloop("info", project, "--json")
    assert after.code == 0
    rows = [path.read_text().count("\n") for path in project.parent.rglob("auto.label")]
    assert set(rows) <= {4}
    undo_everything(project)
    assert tree(project.parent) == before


def interrupted(after_s: float, *words: object) -> Ran:
    """Run the command line and press Ctrl+C after some time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "labelloop", *map(str, words)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out.decode(), err.decode())
