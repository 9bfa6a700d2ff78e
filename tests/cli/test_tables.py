"""What can be said of tables on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from labelloop.cli.tables import given_options
from labelloop.errors import UserError
from labelloop.formats.signals.dialect import TableOptions

NOTHING: dict[str, Any] = {"sep": "", "decimal": None, "rate": None, "time_unit": None, "time": ""}


def test_words_become_options() -> None:
    assert given_options(NOTHING) == TableOptions()
    given = {"sep": "tab", "decimal": ",", "rate": 52.0, "time_unit": "ms", "time": "t"}
    assert given_options(given) == TableOptions("t", "ms", 52.0, ",", "\t")
    assert given_options(NOTHING | {"sep": "space"}).separator == " "
    with pytest.raises(UserError, match="no separator"):
        given_options(NOTHING | {"sep": "ab"})
