"""The registry knows every label format, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given

from labelloop.errors import UserError
from labelloop.formats.registry import LabelFormat, as_list, by_name, register
from labelloop.project.labels import Label
from tests.formats.labels.made import any_bytes, rows, there_and_back, tracks

NAMES = [label_format.name for label_format in as_list()]


def test_the_formats_are_listed_by_name() -> None:
    assert NAMES == ["audacity", "csv", "dcase", "json", "praat", "studio"]


def test_only_tables_hold_all_sessions_in_one_file() -> None:
    assert [x.name for x in as_list() if x.together] == ["csv", "dcase", "json"]


def test_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UserError, match="use one of audacity, csv"):
        by_name("elan")


def test_an_unknown_name_is_shown_as_text() -> None:
    with pytest.raises(UserError, match="no format ␛"):
        by_name("\x1b[31m")


def test_a_name_belongs_to_one_format() -> None:
    with pytest.raises(ValueError, match="csv already"):
        register(LabelFormat("csv", "another table", ".csv", "csv_table"))


@pytest.mark.parametrize("name", NAMES)
@given(found=tracks)
def test_what_is_written_comes_back(name: str, found: list[Label]) -> None:
    assert rows(there_and_back(name, found).labels) == rows(found)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_all_sessions_names_each(name: str) -> None:
    expected = "down/down_01" if by_name(name).together else ""
    assert there_and_back(name, [Label(0, 1, "a")]).session == expected


@pytest.mark.parametrize("name", NAMES)
@given(data=any_bytes)
def test_any_bytes_are_labels_or_a_sentence(name: str, data: bytes) -> None:
    said = "file"
    try:
        by_name(name).read(data, "file")
    except UserError as error:
        said = str(error)
    assert "file" in said
    assert said.isprintable()
