"""Reading bytes of a recording, and what is said when that fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.storage.source import changed, pread


def test_bytes_at_a_position(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"0123456789")
    fd = os.open(file, os.O_RDONLY)
    try:
        assert pread(fd, 3, 4, file) == b"456"
        assert pread(fd, 3, 20, file) == b""
    finally:
        os.close(fd)


def test_a_disk_that_fails_names_the_recording() -> None:
    with pytest.raises(UserError, match=r"a\.csv can't be read: "):
        pread(-1, 1, 0, Path("a.csv"))


def test_a_recording_that_changes_is_named() -> None:
    assert "a.csv" in str(changed(Path("a.csv")))
    assert "changed while it was read" in str(changed(Path("a.csv")))
