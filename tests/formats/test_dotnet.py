"""Dates and numbers as .NET writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.formats.dotnet import from_dotnet, to_dotnet, to_text


def test_a_date_of_a_real_project() -> None:
    seconds = from_dotnet("5249982133989226809")
    assert seconds is not None
    assert datetime.fromtimestamp(seconds, UTC).year == 2023
    assert abs(int(to_dotnet(seconds)) - 5249982133989226809) < 20


def test_dates_from_datetimes() -> None:
    moment = datetime(2024, 3, 1, 12, 30, 15, 123456, UTC)
    assert to_dotnet(moment) == to_dotnet(moment.astimezone(timezone(timedelta(hours=5))))
    assert from_dotnet(to_dotnet(moment)) == pytest.approx(moment.timestamp(), abs=1e-6)
    assert from_dotnet("0") is None
    assert from_dotnet("soon") is None
    assert from_dotnet("-8587000000000000000") is not None


@given(st.floats(-6e10, 2e11))
def test_dates_come_back(seconds: float) -> None:
    assert from_dotnet(to_dotnet(seconds)) == pytest.approx(seconds, abs=1e-4)


@given(st.floats(allow_nan=False))
def test_numbers_come_back(value: float) -> None:
    assert float(to_text(value)) == value


def test_numbers_are_short() -> None:
    assert [to_text(x) for x in (1.0, 0.1, 1e-5, 0.0, -0.0, 3, 1e22)] == [
        "1",
        "0.1",
        "1E-05",
        "0",
        "0",
        "3",
        "1E+22",
    ]
