"""Tables as people record them: what is understood of each, and what is asked."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.signals.detect import detect
from labelloop.formats.signals.dialect import Dialect, TableOptions, form_of

N = 120


def rows(form: str, start: float = 0.0, step: float = 0.02, count: int = N) -> str:
    """Lines of a time and two values, as a form like ``"{t:.2f},{a},{b}"`` writes them."""
    return "".join(
        form.format(n=n, t=start + n * step, a=n % 7 + 0.5, b=-(n % 5) - 0.25, i=int(start + n * step)) + "\n"
        for n in range(count)
    )


def comma(text: str) -> str:
    """The same with decimal commas."""
    return text.replace(".", ",")


WHOLE = "{i},{a},{b}"
PLAIN = "{t:.2f},{a},{b}"
# name -> text, separator, decimal, unit or kind, rate (0: by times), channels
TABLES: dict[str, tuple[str | bytes, str, str, str, float, tuple[str, ...]]] = {
    "semicolons": ("t;a;b\n" + rows("{t:.2f};{a};{b}"), ";", ".", "s", 0, ("a", "b")),
    "decimal comma": ("Zeit (s);a;b\n" + comma(rows("{t:.2f};{a};{b}")), ";", ",", "s", 0, ("a", "b")),
    "tabs": ("time\ta\tb\n" + rows("{t:.2f}\t{a}\t{b}"), "\t", ".", "s", 0, ("a", "b")),
    "tabs and decimal comma": (
        "time\ta\tb\n" + comma(rows("{t:.2f}\t{a}\t{b}")), "\t", ",", "s", 0, ("a", "b")),
    "spaces": ("time a b\n" + rows("{t:.2f}  {a}   {b}"), " ", ".", "s", 0, ("a", "b")),
    "bars": ("time|a|b\n" + rows("{t:.2f}|{a}|{b}"), "|", ".", "s", 0, ("a", "b")),
    "milliseconds": ("Time (ms),a,b\n" + rows(WHOLE, 0, 20), ",", ".", "ms", 0, ("a", "b")),
    "microseconds": ("ts_us,a,b\n" + rows(WHOLE, 0, 20000), ",", ".", "us", 0, ("a", "b")),
    "edge impulse": ("timestamp,a,b\n" + rows(WHOLE, 0, 16), ",", ".", "ms", 0, ("a", "b")),
    "unix ms": ("timestamp,a,b\n" + rows(WHOLE, 1684751243000, 20), ",", ".", "ms", 0, ("a", "b")),
    "unix ns": ("time,a,b\n" + rows(WHOLE, 1684751243000000000, 20000000), ",", ".", "ns", 0, ("a", "b")),
    "unix s": ("epoch;a;b\n" + rows("{t:.2f};{a};{b}", 1684751243), ";", ".", "s", 0, ("a", "b")),
    "iso": (
        "date,a,b\n" + rows("2026-05-01T10:00:{t:06.3f}Z,{a},{b}"), ",", ".", "date", 0, ("a", "b")),
    "clock": ("clock,a,b\n" + rows("10:00:{t:06.3f},{a},{b}"), ",", ".", "clock", 0, ("a", "b")),
    "date and clock": (
        "Date,Time,a,b\n" + rows("2026-05-01,10:00:{t:06.3f},{a},{b}"),
        ",", ".", "date and clock", 0, ("a", "b")),
    "index column": ("index,Time (s),a,b\n" + rows("{n},{t:.2f},{a},{b}"), ",", ".", "s", 0, ("a", "b")),
    "pandas index": (",time,a,b\n" + rows("{n},{t:.2f},{a},{b}"), ",", ".", "s", 0, ("a", "b")),
    "time last": ("a,b,time\n" + rows("{a},{b},{t:.2f}"), ",", ".", "s", 0, ("a", "b")),
    "actigraph": (
        "--- Data File Created at 30 Hz ---\nSerial: 1\nAccelerometer X,Accelerometer Y\n" + rows("{a},{b}"),
        ",", ".", "", 30, ("Accelerometer X", "Accelerometer Y")),
    "empatica": (
        "1684751243.0,1684751243.0\n32.0,32.0\n" + rows("{a},{b}"),
        ",", ".", "", 32, ("channel 1", "channel 2")),
    "comments": ("# made by x\n# fs = 50\n# time,a,b\n" + rows(PLAIN), ",", ".", "s", 0, ("a", "b")),
    "openbci": (
        "%OpenBCI\n%Sample Rate = 200 Hz\nSample Index, EXG 0, Timestamp\n"
        + rows("{n},{a},{t:.3f}", 1684751243, 0.005),
        ",", ".", "s", 0, ("EXG 0",)),
    "sep line": ("sep=;\ntime;a;b\n" + rows("{t:.2f};{a};{b}"), ";", ".", "s", 0, ("a", "b")),
    "units row": ("time,a,b\ns,m/s^2,g\n" + rows(PLAIN), ",", ".", "s", 0, ("a", "b")),
    "units row in ms": ("time,a,b\n(ms),(g),(g)\n" + rows(WHOLE, 0, 20), ",", ".", "ms", 0, ("a", "b")),
    "text column": ("time;what;a\n" + rows("{t:.2f};walk;{a}"), ";", ".", "s", 0, ("a",)),
    "two clocks": ("time,seconds_elapsed,a\n" + rows("{n}000000,{t:.2f},{a}"), ",", ".", "s", 0, ("a",)),
    "utf-16": (("time,a,b\n" + rows(PLAIN)).encode("utf-16"), ",", ".", "s", 0, ("a", "b")),
    "latin-1": (
        ("time;höhe;b\n" + rows("{t:.2f};{a};{b}")).encode("latin-1"), ";", ".", "s", 0, ("höhe", "b")),
    "gzip": (gzip.compress(("time,a,b\n" + rows(PLAIN)).encode()), ",", ".", "s", 0, ("a", "b")),
}  # fmt: skip


def found_in(data: str | bytes, options: TableOptions | None = None) -> Dialect:
    raw = data.encode() if isinstance(data, str) else data
    return detect(Path("x.csv"), io.BytesIO(raw), options)


@pytest.mark.parametrize("name", TABLES)
def test_what_is_understood(name: str) -> None:
    data, separator, decimal, time, rate, channels = TABLES[name]
    found = found_in(data)
    assert (found.separator, found.decimal, found.names) == (separator, decimal, channels)
    if time in ("s", "ms", "us", "ns"):
        assert found.time is not None
        assert found.time.unit == time
    elif time:
        assert found.time is not None
        assert found.time.kind == time
    else:
        assert (found.time, found.rate_hz) == (None, rate)
    assert found.words().isprintable()


def test_what_is_left_out_is_told() -> None:
    assert "left out: what" in found_in(TABLES["text column"][0]).words()
    assert "decimal comma" in found_in(TABLES["decimal comma"][0]).words()
    assert "told by its values" in found_in(TABLES["edge impulse"][0]).words()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n" + rows("{b},{a}"), "no time column (columns: a, b): give .*--rate HZ"),
        ("temp,press\n" + rows("{t:.2f},{a}", 20), "no time column"),
        (rows("{b};{a}"), "no time column"),
        ("time;a\n" + rows("{t:.1f};{a}", 0.5, 3600), "fewer than 0.1 samples a second: .*--time-unit"),
        ("name;what\n" + "up;down\n" * 20, "no rows of numbers"),
        ("time;what\n" + rows("{t:.2f};walk"), "no channel beside the time"),
    ],
)
def test_what_can_not_be_understood_is_asked(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says.replace("(", r"\(").replace(")", r"\)")) as caught:
        found_in(text)
    assert str(caught.value).startswith("x.csv")


def test_what_a_user_says_counts() -> None:
    bare = "a,b\n" + rows("{b},{a}")
    assert found_in(bare, TableOptions(rate_hz=52)).rate_hz == 52
    slow = "time;a\n" + rows("{t:.1f};{a}", 0.5, 3600)
    found = found_in(slow, TableOptions(time_unit="s"))
    assert found.time is not None
    assert found.time.unit == "s"
    named = found_in("a,b,c\n" + rows("{a},{b},{t:.2f}"), TableOptions(time="c"))
    assert named.names == ("a", "b")
    with pytest.raises(UserError, match="no column 'zz'"):
        found_in(bare, TableOptions(time="zz"))


def test_a_form_is_the_header_or_the_shape() -> None:
    def form(text: str) -> str:
        return form_of(Path("x"), io.BytesIO(text.encode()))

    assert form("a,b\n1,2\n") == form("\na,b\n3,4\n")
    assert form("a,b\n") != form("a,c\n")
    assert form("1,2\n3,4\n") == form("5,6\n")
    assert form("1,2\n") != form("1,2,3\n")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([";", "\t", ","]),
    st.booleans(),
    st.sampled_from([("time", "s", 0.02), ("time (ms)", "ms", 20.0), ("t_us", "us", 20000.0)]),
    st.integers(1, 6),
    st.integers(0, 3),
    st.booleans(),
)
def test_any_mixture_of_these(
    mark: str, decimal_comma: bool, time: tuple[str, str, float], channels: int, comments: int, index: bool
) -> None:
    name, unit, step = time
    point = "," if decimal_comma and mark != "," else "."
    header = [*(["index"] if index else []), name, *(f"c{k}" for k in range(channels))]
    lines = [f"# comment {k}" for k in range(comments)] + [mark.join(header)]
    for n in range(60):
        values = [f"{n * step:.3f}", *(f"{(n * (k + 3)) % 11 - 4.5:.2f}" for k in range(channels))]
        cells = [*([str(n)] if index else []), *(v.replace(".", point) for v in values)]
        lines.append(mark.join(cells))
    found = found_in("\n".join(lines))
    assert (found.separator, found.decimal) == (mark, point)
    assert found.names == tuple(f"c{k}" for k in range(channels))
    assert found.time is not None
    assert found.time.unit == unit
    second = found.time.seconds(found.split(lines[comments + 2]))
    assert second == pytest.approx(0.02)
