"""What the doctor says of machines and projects that lack something."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from labelloop.services.projects import doctor
from labelloop.services.projects.doctor import BAD, NOTE, OK, Finding, check_machine, check_project
from tests.made_project import make_project, write_labels


def machine(
    monkeypatch: pytest.MonkeyPatch, learns: str = "print('graphics cards: 0')"
) -> dict[str, Finding]:
    monkeypatch.setattr(doctor, "_LEARNS", learns)
    return {finding.what: finding for finding in check_machine()}


def test_learning_and_graphics_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine(monkeypatch, "raise SystemExit(1)")["learning"].state == BAD
    assert machine(monkeypatch, "print('graphics cards: 2')")["gpu"].text.startswith("2 used")
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/x" if name == "nvidia-smi" else None)
    assert machine(monkeypatch)["gpu"].state == NOTE


def test_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(doctor, "_size", lambda: os.terminal_size((200, 50)))
    assert "TERM is dumb" in machine(monkeypatch)["terminal"].text
    monkeypatch.setenv("TERM", "xterm")
    assert machine(monkeypatch)["terminal"] == Finding(OK, "terminal", "xterm, 200x50")
    monkeypatch.setattr(doctor, "_size", lambda: os.terminal_size((60, 20)))
    assert "want 80x24" in machine(monkeypatch)["terminal"].text


def test_a_login_that_ends_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/loginctl" if name == "loginctl" else None)
    said = {"show-user": "Linger=no\n", "show": "KillUserProcesses=yes\n"}
    monkeypatch.setattr(
        doctor, "_output", lambda command, patience_s=5: said.get(command[1], "graphics cards: 0")
    )
    assert "enable-linger" in {f.what: f for f in check_machine()}["linger"].text


def test_files_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(tmp_path / "p", 4)
    labels = sorted(project.parent.rglob("*.label"))
    write_labels(labels[0], ("9,500,up,1,",))
    labels[1].write_bytes(b"\xff\xfe\xff")
    sorted(project.parent.rglob("*.imsession"))[2].write_text("<odd")
    monkeypatch.setattr(doctor, "_LEAST_FREE", 1 << 62)
    found = list(check_project(project))
    assert sorted(f.state for f in found if "/" in f.what) == [BAD, BAD, NOTE]
    assert any(f.what == "disk" for f in found)


def test_two_tracks_of_one_file(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", 2)
    one, two = sorted(project.parent.rglob("*.imsession"))
    name = two.parent.relative_to(project.parent).as_posix()
    text = one.read_text(encoding="utf-8-sig")
    one.write_text(text.replace("label.label", f"/{name}/label.label"), encoding="utf-8-sig")
    found = [f for f in check_project(project) if f.what == "one file"]
    assert [f.state for f in found] == [BAD]
    assert "up/up_00" in found[0].text
