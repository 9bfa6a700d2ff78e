"""The journal: what was acknowledged is in it, what was refused is not."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import Refused, UserError
from labelloop.project.history import DO, REDO, UNDO, Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.journal import JournalFile


def entry(seq: int, op: str = DO, of: int = 0, comment: str = "") -> Entry:
    made = EditLabels("id", "label", (), (Label(seq, 1, "up", 1.0, comment),))
    return Entry(seq, op, made, f"edit {seq}", "run:g1" if seq % 2 else "", of)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., JournalFile]]:
    made: list[JournalFile] = []

    def open_(writable: bool = True) -> JournalFile:
        made.append(JournalFile(tmp_path / "j.jsonl", tmp_path / "mark.json", writable))
        return made[-1]

    yield open_
    for journal in made:
        journal.close()


Open = Callable[..., JournalFile]


def seqs(journal: JournalFile) -> list[int]:
    return [e.seq for e in journal.pending]


def test_what_was_written_comes_back(opened: Open) -> None:
    journal = opened()
    given = [entry(1), entry(2, UNDO, 1), entry(3, REDO, 1, "naïve\n\x1b[31m\ud800")]
    for e in given:
        journal.append(e)
    again = opened()
    assert [(e.seq, e.op, e.of, e.title, e.tag, e.change) for e in again.pending] == [
        (e.seq, e.op, e.of, e.title, e.tag, e.change) for e in given
    ]
    assert again.last_seq == 3
    assert [e.seq for e in again.history().done] == [1]
    assert again.entries() == again.pending


@pytest.mark.parametrize(
    "tail", [b'{"seq":4', b"\x00" * 100, b"{}", b"\xff\xfe", b'{"seq": 4, "change": {}}', b"[1]"]
)
def test_a_torn_last_line_is_dropped(opened: Open, tmp_path: Path, tail: bytes) -> None:
    opened().append(entry(1))
    path = tmp_path / "j.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert seqs(opened(writable=False)) == [1]
    assert path.read_bytes() == whole + tail
    journal = opened()
    assert seqs(journal) == [1]
    assert path.read_bytes() == whole
    assert journal.warnings == []
    journal.append(entry(2))
    assert seqs(opened()) == [1, 2]


def test_rubbish_of_more_than_a_line_is_kept_aside_and_told(opened: Open, tmp_path: Path) -> None:
    opened().append(entry(1))
    path = tmp_path / "j.jsonl"
    path.write_bytes(path.read_bytes() + b"rubbish\nmore\n")
    journal = opened()
    assert seqs(journal) == [1]
    assert "can't be read" in journal.warnings[0]
    kept = next(tmp_path.glob("journal.unreadable-*"))
    assert kept.read_bytes() == b"rubbish\nmore\n"


@pytest.mark.parametrize(
    "line",
    [
        {"change": {"kind": "later"}},
        {"change": {"kind": "compound", "changes": [], "title": ""}},
        {"change": 1},
    ],
)
def test_entries_of_a_newer_version_are_a_sentence(
    opened: Open, tmp_path: Path, line: dict[str, Any]
) -> None:
    (tmp_path / "j.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(UserError, match="newer version"):
        opened()


def test_replay_starts_at_the_mark_and_history_at_the_beginning(opened: Open) -> None:
    journal = opened()
    journal.append(entry(1))
    journal.set_mark()
    assert seqs(opened()) == []
    assert opened().last_seq == 1
    journal.append(entry(2))
    again = opened()
    assert seqs(again) == [2]
    assert [e.seq for e in again.history().done] == [1, 2]


@pytest.mark.parametrize(
    "mark",
    ["", "null", "[]", '{"offset": 10}', '{"offset": 7, "seq": 1}', '{"offset": 10000000, "seq": 5}',
     '{"offset": -1, "seq": 1}', '{"offset": "x", "seq": 1}'],
)  # fmt: skip
def test_a_mark_that_does_not_fit_is_passed_over(opened: Open, tmp_path: Path, mark: str) -> None:
    opened().append(entry(1))
    (tmp_path / "mark.json").write_text(mark)
    journal = opened()
    assert seqs(journal) == [1]
    journal.append(entry(2))
    assert [e.seq for e in opened().history().done] == [1, 2]


def test_without_writing_nothing_is_made(opened: Open, tmp_path: Path) -> None:
    journal = opened(writable=False)
    with pytest.raises(Refused, match="reading only"):
        journal.append(entry(1))
    journal.set_mark()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
def test_a_full_disk_refuses_the_edit(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    journal = opened()
    journal.append(entry(1))
    before, real = (tmp_path / "j.jsonl").read_bytes(), os.pwrite

    def fails(fd: int, *rest: Any) -> int:
        if rest:
            real(fd, rest[0][:10], rest[1])
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fails, raising=False)
        with pytest.raises(Refused, match="not made"):
            journal.append(entry(2))
    assert (tmp_path / "j.jsonl").read_bytes() == before
    assert journal.last_seq == 1
    journal.append(entry(2))
    assert seqs(opened()) == [1, 2]


def test_when_it_can_not_be_cut_back_nothing_follows(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    journal.append(entry(1))
    real = os.pwrite

    def half(fd: int, data: bytes, offset: int) -> int:
        real(fd, data[:10], offset)
        raise OSError(errno.ENOSPC, "full")

    def fails(fd: int, size: int) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", half)
        patched.setattr(os, "ftruncate", fails)
        with pytest.raises(Refused):
            journal.append(entry(2))
    with pytest.raises(Refused, match="open it again"):
        journal.append(entry(2))
    assert seqs(opened()) == [1]


def test_a_real_limit_refuses_the_edit_and_lifting_it_helps(opened: Open, tmp_path: Path) -> None:
    journal = opened()
    journal.append(entry(1))
    size = (tmp_path / "j.jsonl").stat().st_size
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, old[1]))
    try:
        with pytest.raises(Refused, match="free some space"):
            journal.append(entry(2))
        assert (tmp_path / "j.jsonl").stat().st_size == size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    journal.append(entry(2))
    assert seqs(opened()) == [1, 2]


def test_a_system_without_fdatasync_waits_for_the_disk_too(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, waited = opened(), list[int]()
    monkeypatch.delattr(os, "fdatasync", raising=False)
    monkeypatch.setattr(os, "fsync", waited.append)
    journal.append(entry(1))
    assert len(waited) == 1


def test_ctrl_c_within_a_write_leaves_whole_lines(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    journal.append(entry(1))

    def interrupted(fd: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", interrupted, raising=False)
        with pytest.raises(KeyboardInterrupt):
            journal.append(entry(2))
    assert seqs(opened()) == [1]


@pytest.mark.parametrize("block", [1, 7, 64, 1000])
def test_the_history_is_read_from_the_end_in_blocks(
    opened: Open, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("labelloop.storage.journal._BLOCK", block)
    journal = opened()
    for seq in range(1, 9):
        journal.append(entry(seq, comment="x" * (seq * 37 % 200)))
    history = journal.history()
    journal.append(entry(9, UNDO, 8))
    history.record(entry(9, UNDO, 8))
    for found in (history, opened(writable=False).history()):
        assert [e.seq for e in found.undone] == [8]
        assert [e.seq for e in found.done] == [1, 2, 3, 4, 5, 6, 7]
