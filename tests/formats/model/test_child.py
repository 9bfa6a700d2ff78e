"""Model files are read by a process that they may break: the others are read all the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.formats.model import child
from labelloop.formats.model.child import read_info, read_infos
from labelloop.formats.model.info import ModelInfo
from labelloop.formats.model.model_file import read_model_info, write_model

META: dict[str, Any] = {
    "name": "m",
    "family": "dense",
    "classes": ["up"],
    "channels": ["x"],
    "rate_hz": 50.0,
    "parameters": 3,
    "post": {"threshold": 0.5},
    "network": {"nodes": []},
    "front": {},
}


def model(path: Path) -> Path:
    write_model(path, META, {}, {}, {}, {})
    return path


def test_what_it_says_is_what_the_file_says(tmp_path: Path) -> None:
    path = model(tmp_path / "m.h5")
    assert read_info(path) == read_model_info(path)


def test_one_that_is_none_says_why_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.h5"
    bad.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(3000))
    names = [model(tmp_path / "a.h5"), bad, tmp_path / "missing.h5", model(tmp_path / "b.h5")]
    found = read_infos(names)
    assert [isinstance(x, ModelInfo) for x in found] == [True, False, False, True]
    assert "bad.h5 can't be used as a model" in str(found[1])
    with pytest.raises(UserError, match="missing"):
        read_info(tmp_path / "missing.h5")
    assert read_infos([]) == []


def test_a_pipe_or_device_is_no_model(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.h5")
    (tmp_path / "zero.h5").symlink_to("/dev/zero")
    assert all(isinstance(x, UserError) for x in read_infos([tmp_path / "pipe.h5", tmp_path / "zero.h5"]))


@pytest.mark.parametrize("how", ["os._exit(9)", "bytearray(1 << 40)", "time.sleep(60)"])
def test_a_file_that_breaks_the_process_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    breaking = tmp_path / "breaking.py"
    breaking.write_text(
        "import os, time\nfrom labelloop.formats.model import child\nplain = child._read\n"
        "def read(path):\n"
        f"    if path.name == 'bad.h5':\n        {how}\n"
        "    return plain(path)\n"
        "child._read = read\nchild.main()\n"
    )
    monkeypatch.setattr(child, "COMMAND", (str(breaking),))
    monkeypatch.setattr(child, "PATIENCE_S", 3.0)
    found = read_infos([model(tmp_path / "a.h5"), model(tmp_path / "bad.h5"), model(tmp_path / "b.h5")])
    assert [isinstance(x, ModelInfo) for x in found] == [True, False, True]
    assert "too much memory or time" in str(found[1])
