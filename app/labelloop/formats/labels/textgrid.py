"""Praat's TextGrid, long and short: interval tiers hold labels, point tiers labels without a length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from labelloop.errors import UserError, printable
from labelloop.formats.labels.plain import fail, label_of, number, one_line, seconds, text_of
from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label

# Praat reads strings, flags and numbers that stand free; all else is a comment.
_TOKEN = re.compile(r'"((?:[^"]|"")*)"|(<\w+>)|(?<!\S)([-+]?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)(?!\S)|![^\n]*')
_INTERVALS, _POINTS = "IntervalTier", "TextTier"
_MORE = re.compile(r" (\d+|points)$")
_MOST = 10_000_000  # tiers or intervals that a file can claim


class _Tokens:
    """The values of a TextGrid one after the other, each with its line."""

    def __init__(self, text: str, where: str) -> None:
        self._text, self._where = text, where
        self._found = _TOKEN.finditer(text)
        self._seen, self.line = 0, 1

    def _next(self, what: str, group: int) -> str:
        for match in self._found:
            self.line += self._text.count("\n", self._seen, match.start())
            self._seen = match.start()
            if match.lastindex is None:
                continue
            if match.lastindex != group:
                fail(self._where, self.line, f"{match[0][:40]!r} stands where {what} is expected")
            return match[group]
        raise UserError(f"{printable(self._where)} ends where {what} is expected: it was cut off.")

    def text(self, what: str) -> str:
        """The next value, a string."""
        return self._next(what, 1).replace('""', '"')

    def flag(self) -> str:
        """The next value, a flag."""
        return self._next("<exists>", 2)

    def number(self, what: str) -> float:
        """The next value, a number."""
        return number(self._next(what, 3), self._where, self.line, what)

    def count(self, what: str) -> int:
        """The next value, a number of things."""
        value = self.number(what)
        if not value.is_integer() or not 0 <= value <= _MOST:
            fail(self._where, self.line, f"{value:g} is no {what}")
        return int(value)


def read(data: bytes, where: str) -> list[SessionLabels]:
    """The labels of each tier; an interval without text is no label.

    Raises:
        UserError: it is no TextGrid, or it is cut off.
    """
    tokens = _Tokens(text_of(data, where), where)
    kind = tokens.text("the file's type"), tokens.text("the class of its object")
    if kind != ("ooTextFile", "TextGrid"):
        raise UserError(
            f"{printable(where)} is no TextGrid: it begins with {printable(' '.join(kind)[:60])}."
        )
    start, end = tokens.number("start"), tokens.number("end")
    tiers: dict[str, list[Label]] = {}
    if tokens.flag() == "<exists>":
        for _ in range(tokens.count("number of tiers")):
            name, labels = _tier(tokens, where)
            whole = _MORE.sub("", name)  # labels that overlap are written into tiers of such names
            tiers.setdefault(whole if whole in tiers else name, []).extend(labels)
    parts = [(name, tuple(sorted(labels, key=Label.key))) for name, labels in tiers.items()]
    return [SessionLabels("", labels, name, start, end) for name, labels in parts or [("", ())]]


def _tier(tokens: _Tokens, where: str) -> tuple[str, list[Label]]:
    """A tier's name and labels."""
    kind = tokens.text("the kind of tier")
    if kind not in (_INTERVALS, _POINTS):
        fail(where, tokens.line, f"'{printable(kind[:40])}' is no kind of tier that can be read")
    tier, labels = tokens.text("the tier's name"), list[Label]()
    tokens.number("start")
    tokens.number("end")
    for _ in range(tokens.count("number of intervals")):
        start = tokens.number("time")
        end = tokens.number("end") if kind == _INTERVALS else start
        name = tokens.text("text")
        if name := " ".join(name.split()):
            labels.append(label_of(start, end, name, where, tokens.line))
    return " ".join(tier.split()), labels


def write(sessions: Sequence[SessionLabels]) -> bytes:
    """One session's file: labels that overlap in tiers of their own, those without length as points."""
    (session,) = sessions
    start = min([session.start, *(x.start for x in session.labels)])
    end = max([session.end, *(x.end for x in session.labels)])
    tiers = [*_tiers(session, start, end)]
    head = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", *_span(start, end, "")]
    body = [line for at, tier in enumerate(tiers, 1) for line in (f"    item [{at}]:", *tier)]
    return "\n".join([*head, "tiers? <exists>", f"size = {len(tiers)}", "item []:", *body, ""]).encode()


def _tiers(session: SessionLabels, start: float, end: float) -> Iterator[list[str]]:
    track = session.track or "label"
    spans = [x for x in session.labels if seconds(x.start) != seconds(x.end)]
    points = [x for x in session.labels if seconds(x.start) == seconds(x.end)]
    for at, lane in enumerate(_lanes(spans) or [[]], 1):
        yield _interval_tier(track if at == 1 else f"{track} {at}", lane, start, end)
    if points:
        yield _point_tier(f"{track} points", points, start, end)


def _lanes(labels: Iterable[Label]) -> list[list[Label]]:
    """Labels shared out so that none overlaps another of its lane."""
    lanes: list[list[Label]] = []
    for label in labels:
        free = (lane for lane in lanes if round(lane[-1].end, 9) <= round(label.start, 9))
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(label)
    return lanes


def _interval_tier(name: str, labels: Sequence[Label], start: float, end: float) -> list[str]:
    """A tier that covers all time: what lies between labels is an interval without text."""
    parts: list[tuple[str, str, str]] = []
    edges = [(seconds(x.start), seconds(x.end), x.name) for x in labels]
    for before, after in pairwise([("", seconds(start), ""), *edges, (seconds(end), "", "")]):
        if before[2]:
            parts.append(before)
        if before[1] != after[0]:
            parts.append((before[1], after[0], ""))
    lines = [*_tier_head(_INTERVALS, name, start, end), f"        intervals: size = {len(parts)}"]
    for at, (low, high, text) in enumerate(parts, 1):
        lines += [f"        intervals [{at}]:", f"            xmin = {low}", f"            xmax = {high}"]
        lines.append(f"            text = {_quoted(text)}")
    return lines


def _point_tier(name: str, labels: Sequence[Label], start: float, end: float) -> list[str]:
    lines = [*_tier_head(_POINTS, name, start, end), f"        points: size = {len(labels)}"]
    for at, x in enumerate(labels, 1):
        lines += [f"        points [{at}]:", f"            number = {seconds(x.start)}"]
        lines.append(f"            mark = {_quoted(x.name)}")
    return lines


def _tier_head(kind: str, name: str, start: float, end: float) -> list[str]:
    indent = " " * 8
    return [f'{indent}class = "{kind}"', f"{indent}name = {_quoted(name)}", *_span(start, end, indent)]


def _span(start: float, end: float, indent: str) -> list[str]:
    return [f"{indent}xmin = {seconds(start)}", f"{indent}xmax = {seconds(end)}"]


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace('"', '""') + '"'
