"""Numbers and dates in the forms that .NET programs such as Studio write."""

from __future__ import annotations

from datetime import UTC, datetime

_TICKS = 2**62 - 1
_UTC = 1 << 62
_EPOCH = 621_355_968_000_000_000  # 1970 in ticks of 100 ns since year 1


def to_dotnet(when: datetime | float) -> str:
    """A moment (a datetime, or seconds since 1970) as ``DateTime.ToBinary`` gives it in UTC.

    >>> to_dotnet(0)
    '5233041986427387904'
    """
    if isinstance(when, datetime):
        since = when.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        ticks = (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10
    else:
        ticks = round(when * 10_000_000)
    return str(_UTC | max(0, min(_EPOCH + ticks, _TICKS)))


def from_dotnet(text: str) -> float | None:
    """Seconds since 1970 of a ``DateTime.ToBinary`` number, or None when it is none."""
    try:
        value = int(text)
    except ValueError:
        return None
    ticks = value & _TICKS
    return (ticks - _EPOCH) / 10_000_000 if ticks else None


def to_text(value: float) -> str:
    """The shortest text that reads back to the same number: ``1`` and not ``1.0``, ``1E-05``.

    >>> to_text(1.0), to_text(0.25), to_text(1e-05)
    ('1', '0.25', '1E-05')
    """
    text = repr(float(value))
    if "e" in text:
        return text.upper()
    return text.removesuffix(".0") if value else "0"
