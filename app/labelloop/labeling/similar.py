"""Find similar: every place of a recording that looks like the example events, before any model exists.

The similarity of a stretch to an example is ``2 cov / (var + var')`` over all channels, each in units of its
usual spread: 1 for the same movement at the same size, whatever the level it starts from, 0 for noise, and
less than the correlation when one is much smaller than the other. It is computed for every start at once with
the Fourier transform (as in MASS); numpy is enough for that, packages for matrix profiles bring a compiler.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labelloop.labeling.matching import Event

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

STRETCHES = (0.8, 1.0, 1.25)  # a user is faster or slower the next time
_AROUND = 0.3  # share of an example that is kept on either side of it, to compare examples with one another
_FINE = 128  # samples of the shortest example that are enough; longer ones are thinned out
_SHARED = 0.25  # share of a suggestion that a better one may cover
_BLOCK = 1 << 15
_TINY = 1e-9
_SAME = 0.995  # similarity of an example to itself
_FLOOR, _GUESS = 1.5, 5.0  # spreads above the middle of all scores
_SHARE = 0.65  # of the way from the floor to the level of the events sought
_ROUNDS = 5


@dataclass(frozen=True)
class Example:
    """An event that shows what to look for: its samples (and some around it), the rate, the usual spreads.

    ``values`` is (samples, channels); the example is ``values[first:last]``. ``spread`` is the standard
    deviation of each channel in the recording it comes from.
    """

    values: Floats
    first: int
    last: int
    rate_hz: float
    spread: Floats

    @classmethod
    def cut(cls, recording: Array, first: int, last: int, rate_hz: float) -> Example:
        """The samples ``first`` up to ``last`` of a recording (samples, channels) as an example."""
        more = int(_AROUND * (last - first)) + 1
        low, high = max(0, first - more), min(len(recording), last + more)
        values = _finite(recording[low:high])
        spread = np.nanstd(np.asarray(recording, dtype=np.float64), axis=0)
        return cls(values, first - low, last - low, rate_hz, np.nan_to_num(spread))

    @property
    def length(self) -> int:
        """How many samples the event has."""
        return self.last - self.first


class Suggestion(NamedTuple):
    """Samples ``first`` up to ``last``, how alike they are (1 is the same) and to which example."""

    first: int
    last: int
    score: float
    example: int


def suggest(
    recording: Array, rate_hz: float, examples: Sequence[Example], stretches: Sequence[float] = STRETCHES
) -> list[Suggestion]:
    """All places with any similarity, best first, hardly overlapping.

    Args:
        recording: (samples, channels), with the examples' channels.
        rate_hz: the recording's rate; examples of another rate are converted.
        examples: what to look for; those longer than the recording find nothing.
        stretches: the lengths to try, as shares of an example's own.
    """
    if not examples or not len(recording):
        return []
    thin = _thinning(examples, rate_hz)
    scale = _scale(examples)
    signal = _thinned(_finite(recording) * scale, thin)
    found: list[Suggestion] = []
    for k, pattern in _patterns(examples, rate_hz, stretches, thin, scale):
        if len(pattern) <= len(signal):
            found.extend(_peaks(similarity(signal, pattern), len(pattern), k))
    best = _apart(found, len(signal))
    return [s._replace(first=s.first * thin, last=min(s.last * thin, len(recording))) for s in best]


def _finite(values: Array) -> Floats:
    """The values as floats, gaps filled with the channel's mean."""
    out = np.array(values, dtype=np.float64)
    bad = ~np.isfinite(out)
    if bad.any():
        out[bad] = np.nan
        count = np.maximum((~bad).sum(axis=0), 1)
        out[bad] = np.broadcast_to(np.nansum(out, axis=0) / count, out.shape)[bad]
    return out


def _scale(examples: Sequence[Example]) -> Floats:
    """What to multiply each channel with; nothing is left of a channel that never moves."""
    spread: Floats = np.sqrt(np.mean([e.spread**2 for e in examples], axis=0))
    out: Floats = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > _TINY)
    return out


def _thinning(examples: Sequence[Example], rate_hz: float) -> int:
    shortest = min(e.length * rate_hz / e.rate_hz for e in examples)
    return max(1, int(shortest / _FINE))


def _thinned(values: Floats, by: int) -> Floats:
    """Each ``by`` samples replaced by their mean; the rest at the end is left out."""
    if by == 1:
        return values
    whole = len(values) // by * by
    out: Floats = values[:whole].reshape(-1, by, values.shape[1]).mean(axis=1)
    return out


def _patterns(
    examples: Sequence[Example], rate_hz: float, stretches: Sequence[float], thin: int, scale: Floats
) -> list[tuple[int, Floats]]:
    """Each example at each length, in the recording's rate and scale."""
    out: list[tuple[int, Floats]] = []
    for k, example in enumerate(examples):
        values = example.values[example.first : example.last] * scale
        usual = example.length * rate_hz / example.rate_hz / thin
        lengths = {max(3, round(usual * stretch)) for stretch in stretches}
        out.extend((k, resampled(values, length)) for length in sorted(lengths) if len(values) > 1)
    return out


def resampled(values: Floats, length: int) -> Floats:
    """The values (samples, channels) at ``length`` evenly spaced places, from the first to the last one."""
    if length == len(values):
        return values
    places = np.linspace(0, len(values) - 1, length)
    own = np.arange(len(values))
    return np.stack([np.interp(places, own, channel) for channel in values.T], axis=1)


def similarity(signal: Floats, pattern: Floats) -> Floats:
    """How alike the pattern is to the stretch that starts at each sample; (samples - length + 1,)."""
    length = len(pattern)
    shape = pattern - pattern.mean(axis=0)
    energy = float((shape**2).sum())
    size = _BLOCK
    while size < 4 * length:
        size *= 2
    reversed_ = np.fft.rfft(shape[::-1].T, size)
    step = size - length + 1
    parts = [
        _block(signal[at : at + size].T, reversed_, length, energy, size)
        for at in range(0, len(signal) - length + 1, step)
    ]
    return np.concatenate(parts)


def _block(x: Floats, pattern: npt.NDArray[np.complex128], length: int, energy: float, size: int) -> Floats:
    x = x - x.mean(axis=1, keepdims=True)
    product = np.einsum("ck,ck->k", np.fft.rfft(x, size), pattern)
    common = np.fft.irfft(product, size)[length - 1 : x.shape[1]]
    sums = np.cumsum(np.pad(x, ((0, 0), (1, 0))), axis=1)
    squares = np.cumsum(np.pad((x**2).sum(axis=0), (1, 0)))
    means = sums[:, length:] - sums[:, :-length]
    varied = squares[length:] - squares[:-length] - (means**2).sum(axis=0) / length
    out: Floats = 2 * common / (np.maximum(varied, 0) + energy + _TINY)
    return out


def _peaks(scores: Floats, length: int, example: int) -> list[Suggestion]:
    """The starts that nothing nearby beats; a beaten one would be covered by the one that beats it."""
    reach = max(1, length // 4)
    high = np.flatnonzero((scores > 0) & (scores >= _highest_near(scores, reach)))
    return [Suggestion(i, i + length, float(scores[i]), example) for i in high.tolist()]


def _highest_near(scores: Floats, reach: int) -> Floats:
    """The highest score at most ``reach`` places away from each."""
    width = 2 * reach + 1
    best = np.pad(scores, reach, constant_values=-np.inf)
    have = 1
    while have < width:
        step = min(have, width - have)
        best = np.maximum(best[:-step], best[step:])
        have += step
    return best


def _apart(found: list[Suggestion], size: int) -> list[Suggestion]:
    """The best ones; a worse one stays when no more than a part of it is covered."""
    taken = np.zeros(size, dtype=np.bool_)
    out: list[Suggestion] = []
    for one in sorted(found, key=lambda s: (-s.score, s.first, s.last)):
        if np.count_nonzero(taken[one.first : one.last]) <= _SHARED * (one.last - one.first):
            taken[one.first : one.last] = True
            out.append(one)
    return out


def agreement(examples: Sequence[Example]) -> float | None:
    """How alike the examples are to one another, the mean of their best likenesses; None for one."""
    if len(examples) < 2:
        return None
    best = []
    for k, example in enumerate(examples):
        others = [*examples[:k], *examples[k + 1 :]]
        found = suggest(example.values, example.rate_hz, others)
        best.append(found[0].score if found else 0.0)
    return float(np.mean(best))


def default_threshold(scores: Sequence[float], alike: float | None) -> float:
    """A threshold for suggestions of all recordings searched: above what chance brings, below the examples.

    Args:
        scores: of all suggestions, in any order.
        alike: what ``agreement`` says of the examples.

    Most suggestions are chance: the floor lies a little above their middle. The level of the events sought is
    what the examples say of one another, half and half with the middle of what the threshold lets in; with
    one example the latter alone, from a first guess well above chance. The threshold lies two thirds of the
    way from the floor to the level, which is found anew with it a few times.
    """
    others = np.array([s for s in scores if s < _SAME], dtype=np.float64)
    if not len(others):
        return 0.5
    middle = float(np.median(others))
    spread = 1.4826 * float(np.median(np.abs(others - middle)))
    floor = middle + _FLOOR * spread
    if alike is None:
        threshold = min(max(middle + _GUESS * spread, 0.2), 0.5)
    else:
        floor = min(floor, 0.9 * alike)
        threshold = floor + _SHARE * max(0.0, alike - floor)
    for _ in range(_ROUNDS):
        let_in = others[others >= threshold]
        if len(let_in) < 3:
            break
        level = float(np.median(let_in))
        level = level if alike is None else (level + alike) / 2
        threshold = floor + _SHARE * max(0.0, level - floor)
    return threshold


def to_events(suggestions: Sequence[Suggestion], times: Floats, name: str, threshold: float) -> list[Event]:
    """Suggestions from ``threshold`` as events in seconds, sorted; where two overlap they share it.

    The confidence is the similarity. ``times`` are those of the recording; no event leaves them.
    """
    good = sorted(s for s in suggestions if s.score >= threshold)
    last = len(times) - 1
    starts = [float(times[min(s.first, last)]) for s in good]
    ends = [float(times[min(s.last, last)]) for s in good]
    for k in range(1, len(good)):
        if starts[k] < ends[k - 1]:
            starts[k] = ends[k - 1] = (starts[k] + ends[k - 1]) / 2
    return [
        Event(start, end, name, min(1.0, s.score))
        for s, start, end in zip(good, starts, ends, strict=True)
        if end > start
    ]
