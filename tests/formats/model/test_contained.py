"""A model file that leads out of itself, or to more than it holds, is refused before anything is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.formats.model.contained import NotContainedError, check_contained
from labelloop.formats.model.model_file import read_model_info


def external_link(file: Any) -> None:
    file["x"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file: Any) -> None:
    file["x"] = h5py.SoftLink("/y")


def circle(file: Any) -> None:
    group = file.create_group("a")
    group["b"] = group


def itself(file: Any) -> None:
    file["root"] = file["/"]


def outside_storage(file: Any) -> None:
    file.create_dataset("x", (4,), dtype="f4", external=[("/etc/passwd", 0, 16)])


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", shape=(4,))
    file.create_virtual_dataset("x", layout)


def bomb(file: Any) -> None:
    file.create_dataset("x", (1 << 14, 1 << 14), dtype="f8", chunks=(1024, 1024), compression="gzip")


def hollow(file: Any) -> None:
    file.create_dataset("x", (10**6, 10**6), dtype="f4", chunks=(1000, 1000))


def reference(file: Any) -> None:
    file.create_dataset("x", data=np.array([file.ref], dtype=h5py.ref_dtype))


def deep(file: Any) -> None:
    file.create_group("/".join("a" * 40))


HOSTILE = [external_link, soft_link, circle, itself, outside_storage, virtual, bomb, hollow, reference, deep]


@pytest.mark.parametrize("make", HOSTILE)
def test_what_is_not_contained_is_refused(tmp_path: Path, make: Callable[[Any], None]) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.attrs["labelloop"] = "{}"
        make(file)
    with pytest.raises(UserError, match=r"^x\.h5 can't be used as a model: "):
        read_model_info(path)
    with h5py.File(path, "r") as file, pytest.raises(NotContainedError):
        check_contained(file, path.stat().st_size)


def test_plain_arrays_pass(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("a/b", data=np.zeros((100, 100), dtype=np.float32))
        file["a"].attrs["names"] = np.array(["x", "y"], dtype="S")
    with h5py.File(path, "r") as file:
        check_contained(file, path.stat().st_size)
