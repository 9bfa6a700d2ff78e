"""HDF5 files from strangers: nothing outside the file is reached, nothing grows far beyond its size."""

from __future__ import annotations

import math
from typing import Any

MOST_OBJECTS = 20_000
MOST_DEPTH = 16
MOST_GROWTH = 200  # bytes in memory for one in the file; weights are not compressed
SPARE_BYTES = 1 << 20
MOST_TEXT = 64 << 20  # bytes of one attribute


class NotContainedError(ValueError):
    """Something in the file leads out of it, in a circle, or to more than it can hold; the text says what."""


def check_contained(file: Any, size: int) -> None:
    """Look at every object of an open HDF5 file of ``size`` bytes, before anything is read.

    Raises:
        NotContainedError: there is a link to elsewhere, a circle, outside storage, or a size that can't be.
    """
    import h5py

    _check_group(file, size, {h5py.h5o.get_info(file.id).addr}, 0)


def _check_group(group: Any, size: int, seen: set[int], depth: int) -> None:
    import h5py

    if depth > MOST_DEPTH:
        raise NotContainedError("its groups are nested too deep")
    _check_attributes(group)
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise NotContainedError("it holds a link to another place, which no model has")
        item = group[name]
        place = h5py.h5o.get_info(item.id).addr
        if place in seen:
            raise NotContainedError("one of its parts stands in two places")
        seen.add(place)
        if len(seen) > MOST_OBJECTS:
            raise NotContainedError(f"it holds more than {MOST_OBJECTS:,} parts")
        if isinstance(item, h5py.Group):
            _check_group(item, size, seen, depth + 1)
        elif isinstance(item, h5py.Dataset):
            _check_dataset(item, size)


def _check_dataset(item: Any, size: int) -> None:
    if item.external or item.is_virtual:
        raise NotContainedError("its numbers are kept in other files, which are not opened")
    if item.dtype.kind not in "fiuSb":
        raise NotContainedError("it holds something else than numbers")
    length = math.prod(int(n) for n in item.shape or ()) * max(4, item.dtype.itemsize)
    if length > size * MOST_GROWTH + SPARE_BYTES:
        raise NotContainedError(f"a part of it claims {length:,} bytes, the file has {size:,}")
    _check_attributes(item)


def _check_attributes(item: Any) -> None:
    for name in item.attrs:
        found = item.attrs.get_id(name)
        if math.prod(found.shape) * max(1, found.dtype.itemsize) > MOST_TEXT:
            raise NotContainedError("a text in it is longer than any description")
