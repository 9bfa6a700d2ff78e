"""Whether values that were read from a file are of the types that a class declares for them."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Fits = Callable[[Any], bool]

_LARGEST = 1e300  # of numbers: sums and products of two of them stay finite where it matters


def _is_number(value: Any) -> bool:
    if type(value) is int:
        return -(10**15) <= value <= 10**15
    return type(value) is float and (math.isnan(value) or math.isinf(value) or abs(value) <= _LARGEST)


def _is_whole(value: Any) -> bool:
    return type(value) is int and -(10**15) <= value <= 10**15


_PLAIN: dict[Any, Fits] = {
    str: lambda value: type(value) is str,
    bool: lambda value: type(value) is bool,
    int: _is_whole,
    float: _is_number,
    object: lambda value: True,
    Any: lambda value: True,
    type(None): lambda value: value is None,
}


@cache
def fits(kind: Any) -> Fits:
    """What says whether a value is of a type: plain ones, tuples, sets, mappings, unions, dataclasses.

    >>> fits(tuple[int, ...])((1, 2)), fits(tuple[int, ...])((1, "2")), fits(float | None)(True)
    (True, False, False)
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        among = [fits(item) for item in inner]
        return lambda value: any(one(value) for one in among)
    if origin is tuple and inner[-1] is Ellipsis:
        each = fits(inner[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    if origin is tuple:
        parts = [fits(item) for item in inner]
        return lambda value: (
            type(value) is tuple
            and len(value) == len(parts)
            and all(one(item) for one, item in zip(parts, value, strict=True))
        )
    if origin is frozenset:
        member = fits(inner[0])
        return lambda value: isinstance(value, frozenset) and all(map(member, value))
    if origin is not None and issubclass(origin, Mapping):
        key, of_key = map(fits, inner)
        return lambda value: (
            isinstance(value, Mapping) and all(key(k) and of_key(v) for k, v in value.items())
        )
    return _fits_class(kind)


def _fits_class(kind: Any) -> Fits:
    """For a dataclass each of its fields counts; any other class is let be."""
    if not is_dataclass(kind):
        return lambda value: True
    hints = get_type_hints(kind)
    wanted = [(field.name, fits(hints[field.name])) for field in fields(kind)]
    return lambda value: type(value) is kind and all(one(getattr(value, name)) for name, one in wanted)


def field_fits(kind: type, name: str, value: Any) -> bool:
    """Whether a value can be in this field of a dataclass; no value can be in one that it lacks."""
    hint = get_type_hints(kind).get(name)
    return hint is not None and fits(hint)(value)
