"""Opening what somebody else made never hangs and fails with a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats.opening import open_regular


def test_a_file_is_opened_for_reading(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    with open_regular(tmp_path / "f") as file:
        assert file.read() == b"abc"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="it is a device or pipe"):
        open_regular(tmp_path / "pipe")


def test_a_device_is_refused() -> None:
    with pytest.raises(UserError, match="it is a device or pipe"):
        open_regular(Path("/dev/zero"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it is a folder, not a file"):
        open_regular(tmp_path)


def test_what_is_missing_is_named_with_what_it_was_to_be(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^The project file /.*/none can't be read: it does not exist"):
        open_regular(tmp_path / "none", "The project file")


def test_a_null_character_is_no_file_name() -> None:
    with pytest.raises(UserError, match="no possible file name"):
        open_regular(Path("a\0b"))


def test_a_refused_file_is_closed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(UserError):
        open_regular(tmp_path / "pipe")
    assert len(os.listdir("/dev/fd")) == before
