"""A file and its side file: at any moment the content says which changes are in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.storage.documents import Conflict, DocumentFile
from tests.made_project import tree


def document(folder: Path) -> DocumentFile:
    made = DocumentFile("key", folder / "a.label", folder / "side" / "s.json", folder / "conflicts")
    made.load()
    return made


def test_each_version_knows_its_last_change(tmp_path: Path) -> None:
    (tmp_path / "a.label").write_bytes(b"zero")
    file = document(tmp_path)
    assert (file.version.seq, file.foreign, file.recognised) == (0, False, False)
    file.write(b"one", 1, {"first": 1})
    file.write(b"two", 2, {"first": 2})
    again = document(tmp_path)
    assert (again.version.seq, again.version.extra, again.recognised) == (2, {"first": 2}, True)


def test_a_crash_between_side_file_and_replacement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    real = os.replace

    def second_fails(source: Path, target: Path) -> None:
        if str(target).endswith(".label"):
            raise OSError(28, "full")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", second_fails)
        with pytest.raises(UserError, match="free some space"):
            file.write(b"two", 2, {})
    for found in (file, document(tmp_path)):
        assert (found.version.seq, found.foreign) == (1, False)
    file.write(b"two", 2, {})
    assert document(tmp_path).version.seq == 2


def test_a_replacement_that_did_not_reach_the_disk_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real, synced = document(tmp_path), os.fsync, list[int]()

    def fails_once(fd: int) -> None:
        synced.append(fd)
        if stat.S_ISDIR(os.fstat(fd).st_mode) and (tmp_path / "a.label").exists():
            monkeypatch.setattr(os, "fsync", real)
            raise OSError(5, "broken")

    monkeypatch.setattr(os, "fsync", fails_once)
    with pytest.raises(UserError, match="was not saved"):
        file.write(b"one", 1, {})
    before = (tmp_path / "a.label").stat().st_ino
    file.write(b"one", 1, {})
    assert (tmp_path / "a.label").stat().st_ino != before, "it counts as lost and is written again"
    assert document(tmp_path).version.seq == 1


def test_the_same_content_again_gets_the_later_change(tmp_path: Path) -> None:
    file = document(tmp_path)
    for content, seq in ((b"one", 1), (b"two", 2), (b"one", 3), (b"one", 4)):
        file.write(content, seq, {})
        assert document(tmp_path).version.seq == seq
    assert (tmp_path / "a.label").read_bytes() == b"one"


def test_a_file_that_others_changed_is_left_and_both_versions_kept(tmp_path: Path) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    (tmp_path / "a.label").write_bytes(b"theirs")
    for _ in range(3):
        with pytest.raises(Conflict, match="another program"):
            file.write(b"ours", 2, {})
    assert (tmp_path / "a.label").read_bytes() == b"theirs"
    kept = list((tmp_path / "conflicts").iterdir())
    assert [path.read_bytes() for path in kept] == [b"ours"]
    again = document(tmp_path)
    assert (again.foreign, again.recognised, again.version.seq) == (True, False, 1)
    again.write(b"merged", 2, {})
    assert not again.foreign


def test_a_file_that_others_removed_is_not_brought_back_silently(tmp_path: Path) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    (tmp_path / "a.label").unlink()
    with pytest.raises(Conflict):
        file.write(b"two", 2, {})


def test_a_touched_file_with_the_same_content_is_no_conflict(tmp_path: Path) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    os.utime(tmp_path / "a.label", (1, 1))
    file.write(b"two", 2, {})
    assert (tmp_path / "a.label").read_bytes() == b"two"


def test_removal_is_a_version_too(tmp_path: Path) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    file.write(None, 2, {})
    assert "a.label" not in tree(tmp_path)
    again = document(tmp_path)
    assert (again.version.seq, again.recognised) == (2, True)
    again.write(b"back", 3, {})
    assert document(tmp_path).version.seq == 3


def test_a_file_without_a_side_file_is_not_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.label").write_bytes(b"one")
    file = document(tmp_path)
    assert (file.saved_records(), file.damaged) == (None, False)


@pytest.mark.parametrize(
    "side",
    [
        "",
        "null",
        "{}",
        '{"versions": [{}]}',
        '{"versions": 3}',
        '{"versions": [{"digest": "", "seq": 1, "extra": {"records": [[1]]}}]}',
    ],
)
def test_an_unreadable_side_file_says_nothing_and_is_told_damaged(tmp_path: Path, side: str) -> None:
    file = document(tmp_path)
    file.write(b"one", 1, {})
    (tmp_path / "side" / "s.json").write_text(side)
    again = document(tmp_path)
    assert (again.foreign, again.recognised, again.version.seq) == (False, False, 0)
    assert (again.saved_records(), again.damaged) == (None, True)
