"""The README tells what is so."""

from __future__ import annotations

import re

from labelloop.cli.main import VERBS
from tests.readme import README, with_keys
from tests.where import ROOT


def test_key_tables_are_those_of_the_catalogue() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_keys(text), "make them anew with 'python -m tests.readme'"


def test_pictures_are_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path


def test_commands_name_verbs_that_exist() -> None:
    words = re.findall(r"^    labelloop (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert words
    assert set(words) <= set(VERBS)
