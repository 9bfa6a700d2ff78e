"""Threshold: events where a channel, or what is computed from several, lies over or under a level."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.errors import UserError, printable
from labelloop.labeling.matching import Event

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

CHANNEL, ABS, NORM, DIFF, BAND = "channel", "abs", "norm", "diff", "band"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RULE = re.compile(rf"\s*(?P<what>.+?)\s*(?P<side>[<>])\s*(?P<on>{_NUMBER})\s*(?:/\s*(?P<off>{_NUMBER})\s*)?")
_CALL = re.compile(r"(?P<kind>abs|norm|diff|band)\((?P<inside>.*)\)", re.DOTALL)
_BAND = re.compile(rf"(?P<channels>.*),\s*(?P<low>{_NUMBER})\s*-\s*(?P<high>{_NUMBER})\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look at and from which level on it counts.

    An event begins where the value passes ``on`` and reaches back and forth to where it passes ``off``
    (``on`` itself when None), the easier of the two. ``kind``: the channel itself; its amount; the norm of
    several; the norm of their change per second; their energy (root mean square) between ``low_hz`` and
    ``high_hz``. Lengths and gaps in seconds.
    """

    kind: str
    channels: tuple[str, ...]
    on: float
    off: float | None = None
    over: bool = True
    low_hz: float = 0.0
    high_hz: float = math.inf
    min_length_s: float = 0.0
    max_length_s: float = math.inf
    gap_s: float = 0.0

    def text(self) -> str:
        """The rule as the command line takes it.

        >>> Rule(NORM, ("gx", "gy"), 120.0, 80.0).text()
        'norm(gx,gy) > 120/80'
        """
        inside = ",".join(self.channels)
        if self.kind == BAND:
            inside += f",{self.low_hz:.12g}-{self.high_hz:.12g}"
        what = inside if self.kind == CHANNEL else f"{self.kind}({inside})"
        levels = f"{self.on:.12g}" if self.off is None else f"{self.on:.12g}/{self.off:.12g}"
        return f"{what} {'>' if self.over else '<'} {levels}"


def parse_rule(text: str, names: Sequence[str]) -> Rule:
    """The rule that a user wrote, such as ``gx > 100``, ``norm(ax,ay,az) < 0.3/0.5``,
    ``diff(ax) > 5`` or ``band(gx,2-8) > 30``.

    A channel is named in full, by its first letters when only one begins like that, or by its number from 1.
    A second level after a slash is the one at which the event ends.

    Raises:
        UserError: the rule can't be read, or names a channel that is not among ``names``.
    """
    shown = printable(text)
    match = _RULE.fullmatch(text)
    if match is None:
        raise UserError(
            f"'{shown}' is no threshold rule: write a channel, > or <, and a level, such as "
            f"'{printable(names[0]) if names else 'x'} > 1.5' or 'norm(1,2,3) > 2/1.5'."
        )
    on, over = float(match["on"]), match["side"] == ">"
    off = float(match["off"]) if match["off"] else None
    if off is not None and (off > on if over else off < on):
        side = "below" if over else "above"
        raise UserError(f"In '{shown}' the second level must lie {side} the first.")
    rule = Rule(CHANNEL, (), on, off, over)
    call = _CALL.fullmatch(match["what"])
    if call is None or _unambiguous(match["what"], names):
        return replace(rule, channels=(_channel(match["what"], names),))
    if call["kind"] == BAND:
        return _band_rule(rule, call["inside"], names, shown)
    return replace(rule, kind=call["kind"], channels=_channels(call["inside"], names))


def with_lengths(
    rule: Rule, min_length_s: float = 0.0, max_length_s: float = math.inf, gap_s: float = 0.0
) -> Rule:
    """The rule with limits for its events' lengths and gaps, in seconds."""
    return replace(rule, min_length_s=min_length_s, max_length_s=max_length_s, gap_s=gap_s)


def _unambiguous(word: str, names: Sequence[str]) -> bool:
    return word.strip() in names


def _band_rule(rule: Rule, inside: str, names: Sequence[str], shown: str) -> Rule:
    band = _BAND.fullmatch(inside)
    if band is None:
        raise UserError(f"'{shown}' needs a band in Hz after the channel, such as 'band({inside},2-8)'.")
    low, high = float(band["low"]), float(band["high"])
    if not 0 <= low < high:
        raise UserError(f"In '{shown}' the band must go from a lower to a higher frequency.")
    channels = _channels(band["channels"], names)
    return replace(rule, kind=BAND, channels=channels, low_hz=low, high_hz=high)


def _channels(text: str, names: Sequence[str]) -> tuple[str, ...]:
    words = [word for word in text.split(",") if word.strip()]
    if not words:
        raise UserError("The threshold rule names no channel between its parentheses.")
    return tuple(dict.fromkeys(_channel(word, names) for word in words))


def _channel(word: str, names: Sequence[str]) -> str:
    word = word.strip()
    if word in names:
        return word
    if word.isdecimal() and 1 <= int(word) <= len(names):
        return names[int(word) - 1]
    found = [name for name in names if name.lower().startswith(word.lower())]
    if len(found) == 1:
        return found[0]
    known = ", ".join(printable(name) for name in names)
    why = "there is no channel" if not found else "several channels begin with"
    raise UserError(f"In the threshold rule {why} '{printable(word)}': use one of {known}.")


def values_of(rule: Rule, data: Array, names: Sequence[str], rate_hz: float) -> Floats:
    """The value that the rule compares, for each sample of ``data`` (samples, channels).

    Raises:
        UserError: the recording lacks a channel of the rule.
    """
    columns = [names.index(_channel(name, names)) for name in rule.channels]
    picked = np.asarray(data[:, columns], dtype=np.float64)
    if rule.kind == CHANNEL:
        return picked[:, 0]
    if rule.kind == ABS:
        return _norm(picked[:, :1])
    if rule.kind == DIFF:
        return _norm(np.diff(picked, axis=0, prepend=picked[:1]) * rate_hz)
    if rule.kind == BAND:
        return _band_energy(picked, rate_hz, rule.low_hz, rule.high_hz)
    return _norm(picked)


def _norm(values: Floats) -> Floats:
    out: Floats = np.sqrt((values**2).sum(axis=1))
    return out


def _band_energy(values: Floats, rate_hz: float, low: float, high: float) -> Floats:
    """Root mean square of what the channels hold between two frequencies, over one period of the lower."""
    n = len(values)
    if not n:
        return np.zeros(0)
    filled = np.where(np.isfinite(values), values, 0.0)
    frequency = np.fft.rfftfreq(n, 1 / rate_hz)
    spectrum = np.fft.rfft(filled - filled.mean(axis=0), axis=0)
    spectrum[(frequency < low) | (frequency > high)] = 0
    power = (np.fft.irfft(spectrum, n, axis=0) ** 2).sum(axis=1)
    width = min(n, max(1, round(rate_hz / low) if low > 0 else round(rate_hz)))
    out: Floats = np.sqrt(_moving_mean(power, width))
    return out


def _moving_mean(values: Floats, width: int) -> Floats:
    """The mean of ``width`` samples about each; fewer at the ends."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    low = np.maximum(places - width // 2, 0)
    high = np.minimum(places - width // 2 + width, len(values))
    out: Floats = np.maximum(sums[high] - sums[low], 0) / (high - low)
    return out


def to_events(rule: Rule, values: Floats, times: Floats, name: str) -> list[Event]:
    """The events of a rule, sorted and apart, from the values that it compares."""
    return from_stretches(rule, stretches(rule, values, times), name)


def stretches(rule: Rule, values: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Where a rule holds, whatever the lengths and gaps: starts and ends in seconds, sorted and apart.

    A sample lasts until the next one; the last one has no length. Values that are no numbers are never over
    nor under.
    """
    sign = 1.0 if rule.over else -1.0
    signed = sign * values
    off = rule.on if rule.off is None else rule.off
    with np.errstate(invalid="ignore"):
        strong, weak = signed > sign * rule.on, signed >= sign * off
    first, last = _runs(weak | strong)
    has_strong = np.concatenate([[0], np.cumsum(strong)])
    good = has_strong[last] > has_strong[first]
    end = len(times) - 1
    return times[first[good]], times[np.minimum(last[good], end)]


def from_stretches(rule: Rule, held: tuple[Floats, Floats], name: str) -> list[Event]:
    """The events: gaps up to ``gap_s`` are closed first, then what is too short or too long is dropped."""
    starts, ends = _closed(*held, rule.gap_s)
    length = ends - starts
    fits = (length > 0) & (length >= rule.min_length_s - 1e-9) & (length <= rule.max_length_s + 1e-9)
    return [Event(a, b, name) for a, b in zip(starts[fits].tolist(), ends[fits].tolist(), strict=True)]


def _runs(mask: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each stretch of True begins, and one past its end."""
    edges = np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _closed(starts: Floats, ends: Floats, gap_s: float) -> tuple[Floats, Floats]:
    if len(starts) < 2 or gap_s <= 0:
        return starts, ends
    apart = starts[1:] - ends[:-1] > gap_s + 1e-9
    return starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]


def find_events(
    rule: Rule, data: Array, names: Sequence[str], times: Floats, rate_hz: float, name: str
) -> list[Event]:
    """The events that a rule finds in a recording.

    Raises:
        UserError: the recording lacks a channel of the rule.
    """
    if not len(times):
        return []
    return to_events(rule, values_of(rule, data, names, rate_hz), times, name)
