"""The examples in the docstrings of the renderers, the commands and the widgets."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    *(f"labelloop.rendering.{name}" for name in ("bars", "cells", "format", "glyphs", "ruler", "score")),
    *(f"labelloop.commands.{name}" for name in ("catalogue", "keys")),
    *(f"labelloop.widgets.{name}" for name in ("bindings", "terminal")),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
