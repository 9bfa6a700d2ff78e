"""The journal: what was acknowledged is in it, what was refused is not."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import Refused
from labelloop.project.history import DO, REDO, UNDO, Entry
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.storage.journal import JournalFile, NewerJournal
from labelloop.storage.journal_lines import with_sum


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


def lines(folder: Path) -> list[bytes]:
    return (folder / "j.jsonl").read_bytes().splitlines(keepends=True)


def three(opened: Open, folder: Path) -> list[bytes]:
    """The lines of a journal of three entries."""
    journal = opened()
    for seq in (1, 2, 3):
        journal.append(entry(seq))
    return lines(folder)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 8, 40, 150, -15, -4, -2, -1])
def test_one_wrong_byte_costs_its_own_line_at_most(
    opened: Open, tmp_path: Path, number: int, place: int
) -> None:
    whole = three(opened, tmp_path)
    line = bytearray(whole[number])
    line[place] ^= 1
    whole[number] = bytes(line)
    (tmp_path / "j.jsonl").write_bytes(b"".join(whole))
    found = opened(writable=False)
    lost = [] if place == -1 else [number + 1]
    assert seqs(found) == [seq for seq in (1, 2, 3) if seq not in lost]
    assert len(found.warnings) == len(lost)
    assert [e.seq for e in found.entries()] == seqs(found)
    assert [e.seq for e in found.history().done] == seqs(found)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_is_behind_a_damaged_line_is_kept_aside_and_told(
    opened: Open, tmp_path: Path, number: int
) -> None:
    whole = three(opened, tmp_path)
    whole[number] = whole[number].replace(b"edit", b"exit")
    (tmp_path / "j.jsonl").write_bytes(b"".join(whole))
    for _ in range(2):  # the second opening makes no second copy
        journal = opened()
        (told,) = journal.warnings
        assert "a damaged line" in told
        (kept,) = tmp_path.glob("journal.damaged-*")
        assert kept.name in told
        assert kept.read_bytes() == b"".join(whole[number:])


def test_the_number_of_a_damaged_edit_is_not_given_again(opened: Open, tmp_path: Path) -> None:
    whole = three(opened, tmp_path)
    (tmp_path / "j.jsonl").write_bytes(b"".join(whole[:2]) + whole[2].replace(b"edit", b"exit"))
    assert opened().last_seq == 3


def test_a_lost_line_feed_at_the_end_is_put_back(opened: Open, tmp_path: Path) -> None:
    whole = b"".join(three(opened, tmp_path))
    (tmp_path / "j.jsonl").write_bytes(whole[:-1] + b"x")
    journal = opened()
    assert (tmp_path / "j.jsonl").read_bytes() == whole
    journal.append(entry(4))
    assert seqs(opened()) == [1, 2, 3, 4]


def test_a_line_that_stands_twice_counts_once(opened: Open, tmp_path: Path) -> None:
    whole = three(opened, tmp_path)
    (tmp_path / "j.jsonl").write_bytes(b"".join([*whole[:2], whole[1], whole[2]]))
    assert seqs(opened()) == [1, 2, 3]


def test_lines_without_a_check_sum_are_read(opened: Open, tmp_path: Path) -> None:
    whole = [re.sub(rb',"sum":"........"', b"", line) for line in three(opened, tmp_path)]
    (tmp_path / "j.jsonl").write_bytes(b"".join(whole))
    journal = opened()
    assert seqs(journal) == [1, 2, 3]
    assert journal.warnings == []


NEWER = with_sum(b'{"seq":4,"op":"do","t":1,"title":"x","change":{"kind":"later"}}')


def test_a_kind_of_a_newer_version_can_be_read_past(opened: Open, tmp_path: Path) -> None:
    three(opened, tmp_path)
    with (tmp_path / "j.jsonl").open("ab") as file:
        file.write(NEWER)
    before = (tmp_path / "j.jsonl").read_bytes()
    journal = opened(writable=False)
    assert seqs(journal) == [1, 2, 3]
    assert "newer version" in journal.warnings[0]
    with pytest.raises(NewerJournal, match="open it with that version"):
        opened()
    assert (tmp_path / "j.jsonl").read_bytes() == before


def test_an_unknown_kind_without_a_check_sum_is_damage(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "j.jsonl").write_text('{"seq":1,"op":"do","change":{"kind":"later"}}\n')
    assert "a damaged line" in opened().warnings[0]


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


def test_a_journal_that_was_removed_is_written_again_with_all_it_held(opened: Open, tmp_path: Path) -> None:
    journal = opened()
    journal.append(entry(1))
    journal.set_mark()
    journal.append(entry(2))
    before = (tmp_path / "j.jsonl").read_bytes()
    called: list[int] = []
    journal.made_anew = lambda: called.append(1)
    for path in tmp_path.iterdir():
        path.unlink()
    journal.append(entry(3))
    assert called == [1]
    assert (tmp_path / "j.jsonl").read_bytes().startswith(before)
    assert seqs(opened()) == [2, 3], "the mark is there again, too"
    journal.append(entry(4))
    assert seqs(opened()) == [2, 3, 4]


def test_a_journal_that_another_program_wrote_takes_no_edit(opened: Open, tmp_path: Path) -> None:
    journal = opened()
    journal.append(entry(1))
    with (tmp_path / "j.jsonl").open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(Refused, match="another program changed"):
        journal.append(entry(2))
    (tmp_path / "j.jsonl").unlink()
    (tmp_path / "j.jsonl").write_bytes(b"")
    with pytest.raises(Refused, match="another program changed"):
        journal.append(entry(2))
    assert (tmp_path / "j.jsonl").read_bytes() == b""


def test_a_journal_that_can_not_be_written_again_refuses(opened: Open, tmp_path: Path) -> None:
    journal = opened()
    journal.append(entry(1))
    (tmp_path / "j.jsonl").unlink()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "pread", lambda fd, n, offset: b"")
        with pytest.raises(Refused, match="can't be written again"):
            journal.append(entry(2))
    journal.append(entry(2))
    assert seqs(opened()) == [1, 2]


def test_the_guard_is_asked_before_each_edit(opened: Open) -> None:
    journal = opened()
    journal.append(entry(1))

    def lost() -> None:
        raise Refused("taken over")

    journal.guard = lost
    with pytest.raises(Refused, match="taken over"):
        journal.append(entry(2))
    assert journal.last_seq == 1


def test_a_new_journal_goes_on_above_the_numbers_that_files_know(tmp_path: Path) -> None:
    note = tmp_path / "state" / "ab" / "0.json"
    note.parent.mkdir(parents=True)
    note.write_text('{"versions": [{"digest": "", "seq": 41, "extra": {}}, {"digest": "", "seq": 7}]}')
    journal = JournalFile(tmp_path / "j.jsonl", tmp_path / "mark.json", True, tmp_path / "state")
    assert journal.last_seq == 41
    journal.close()
