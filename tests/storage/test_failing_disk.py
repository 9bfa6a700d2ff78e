"""One call of the disk that fails once: it is said, nothing is half written, the next start has it all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labelloop.errors import UserError
from labelloop.services.labels.classes import rename
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from tests.end_to_end.support import state_of
from tests.made_project import make_project, write_labels

CALLS = ("pwrite", "write", "fsync", "fdatasync", "replace", "ftruncate", "open")


@contextmanager
def failing(number: int, code: int) -> Iterator[list[str]]:
    """The ``number``-th call that alters the disk fails; the names of all calls that were seen."""
    seen: list[str] = []
    real = {name: getattr(os, name) for name in CALLS if hasattr(os, name)}

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & (os.O_CREAT | os.O_TRUNC):
                return call(*args, **kwargs)
            seen.append(name)
            if len(seen) == number:
                if name in ("write", "pwrite"):
                    call(args[0], bytes(args[1])[: len(args[1]) // 2], *args[2:])
                raise OSError(code, os.strerror(code))
            return call(*args, **kwargs)

        return wrapped

    for name, call in real.items():
        setattr(os, name, counted(name, call))
    try:
        yield seen
    finally:
        for name, call in real.items():
            setattr(os, name, call)


def names_on_disk(folder: Path) -> set[str]:
    """The classes that the label files name."""
    rows = [line for path in folder.rglob("*.label") for line in path.read_text().splitlines()[1:]]
    return {line.split(",")[2] for line in rows}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a label of the class in each of its sessions."""
    project = make_project(tmp_path_factory.mktemp("original") / "p", 4)
    for path in sorted(project.parent.rglob("*.label")):
        write_labels(path, ("1,0.5,up,1,", "2,0.5,up,1,mine"))
    return project


def renamed(project: Path, number: int, code: int) -> tuple[bool, list[str], int, dict[str, Any]]:
    """Rename a class and save with one failing call: acknowledged, problems, calls seen, the state then."""
    with failing(number, code) as seen:
        try:
            store = open_project(project, "test")
        except UserError:
            return False, [], len(seen), {}
        try:
            rename(store, "up", "rise")
            acknowledged = True
        except UserError:
            acknowledged = False
        problems = Saver(store).save().problems
        state = state_of(store)
        store.close()
    return acknowledged, problems, len(seen), state


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_rename_in_all_files_with_one_call_that_fails(original: Path, tmp_path: Path, code: int) -> None:
    number, calls = 0, 1
    while calls > number:
        number += 1
        project = tmp_path / str(number) / original.name
        shutil.copytree(original.parent, project.parent)
        acknowledged, problems, seen, state = renamed(project, number, code)
        where, calls = f"call {number} of {seen}", seen if state else calls + 1
        if not problems and state:
            assert names_on_disk(project.parent) == {"rise" if acknowledged else "up"}, where
        again = open_project(project, "test")
        if state:
            assert state_of(again) == state, where
        assert Saver(again).save().problems == [], where
        state = state_of(again)
        again.close()
        assert names_on_disk(project.parent) == {"rise" if acknowledged else "up"}, where
        third = open_project(project, "test")
        assert (third.recovered, state_of(third)) == (0, state), where
        third.close()
        shutil.rmtree(project.parent)
    assert number > 20
