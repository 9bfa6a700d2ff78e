"""Scores of whole sessions by a dense network, in chunks of bounded size."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from labelloop.learning.data.frames import FrontEnd, Recording, features
from labelloop.learning.data.prepared import SESSION, Norm
from labelloop.learning.networks.description import CLASSES, Network, member_outputs, receptive_field
from labelloop.learning.networks.numpy_run import run_network

Array = npt.NDArray[Any]
T = TypeVar("T")
CHUNK_FRAMES = 4096
SOMETHING = 0.1  # of a score that is not background: from there on a auxiliary model is asked
THREADS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Second:
    """Another dense network that says what it thinks; ``columns`` of the first one's input are its own."""

    network: Network
    weights: Mapping[str, Sequence[Array]]
    columns: slice


def recording_scores(
    front: FrontEnd,
    norms: Sequence[Norm],
    network: Network,
    weights: Mapping[str, Sequence[Array]],
    rec: Recording,
    chunk: int = CHUNK_FRAMES,
    second: Second | None = None,
) -> tuple[Array, Array, Array | None]:
    """Class scores (frames, 1 + classes), boundary scores (frames, 2) and agreement of any recording.

    Agreement (frames,) is how far an ensemble's members, or ``second``, share the network's opinion, 0 to
    1; None for one model. The second is asked only where the first sees something.
    Only the scores are held whole; samples and features are a chunk at a time, twice where a normalisation
    is the session's own.
    """
    frames = front.frames(len(rec.times))
    if any(norm.mode == SESSION for norm in norms):
        mean, spread = feature_moments(front, rec, chunk)
        norms = [norm.of_session(mean, spread) for norm in norms]

    def read(first: int, last: int) -> Array:
        raw = features(front, rec, first, last)
        return np.concatenate([norm.apply(raw) for norm in norms], axis=1).reshape(len(raw), -1)

    members = member_outputs(network)
    classes, boundary, *each = _scores(network, weights, read, frames, chunk, members, second)
    return classes, boundary, agreement_of(classes, each) if each else None


def agreement_of(mean: Array, members: Sequence[Array]) -> Array:
    """How much of their probability members put where the mean has it, on average: (frames,), 0 to 1."""
    return np.asarray(np.mean([np.minimum(m, mean).sum(axis=1) for m in members], axis=0))


def feature_moments(front: FrontEnd, rec: Recording, chunk: int = CHUNK_FRAMES) -> tuple[Array, Array]:
    """Mean and standard deviation of a recording's features, float64, (groups, channels)."""
    frames = front.frames(len(rec.times))

    def piece(first: int) -> tuple[int, Array, Array]:
        raw = features(front, rec, first, min(frames, first + chunk))
        return len(raw), raw.mean(axis=0, dtype=np.float64), raw.var(axis=0, dtype=np.float64)

    count, mean, square = 0, np.zeros(1), np.zeros(1)
    for n, own, variance in _each(piece, range(0, frames, chunk)):
        apart = own - mean
        square = square + variance * n + apart**2 * (count * n / (count + n))
        mean = mean + apart * (n / (count + n))
        count += n
    return mean, np.sqrt(square / max(1, count))


def _each(piece: Callable[[int], T], starts: Sequence[int]) -> list[T]:
    """Pieces in their order, several at a time."""
    if len(starts) == 1:
        return [piece(starts[0])]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(piece, starts))


def dense_scores(
    network: Network, weights: Mapping[str, Sequence[Array]], x: Array, chunk: int = CHUNK_FRAMES
) -> tuple[Array, Array]:
    """The same from features (frames, ...) that are already normalised."""
    flat = x.reshape(len(x), -1)
    classes, boundary = _scores(network, weights, lambda first, last: flat[first:last], len(x), chunk)
    return classes, boundary


def _scores(
    network: Network,
    weights: Mapping[str, Sequence[Array]],
    read: Callable[[int, int], Array],
    frames: int,
    chunk: int,
    more: Sequence[str] = (),
    second: Second | None = None,
) -> list[Array]:
    """Scores, ``more`` outputs and a auxiliary model, over pieces that overlap by the receptive field.

    What comes out is as in one pass.

    A session is padded with zeros by as much, as in training.
    """
    reach = receptive_field(network)
    outputs = (*network.outputs, *more)

    def piece(first: int) -> list[Array]:
        last = min(frames, first + chunk)
        low, high = first - reach, last + reach
        x = read(max(0, low), min(frames, high))
        x = np.pad(x, ((max(0, -low), max(0, high - frames)), (0, 0)))
        found = run_network(network.nodes, weights, x, outputs)
        if second is not None:
            found.append(_request(second, x, found[0]))
        return [a[reach : reach + last - first] for a in found]

    parts = _each(piece, range(0, max(1, frames), chunk))
    return [np.concatenate(same) for same in zip(*parts, strict=True)]


def _request(second: Second, x: Array, first: Array) -> Array:
    """The second's class scores of a chunk; the first's where that sees nothing."""
    out = first.copy()
    reach = receptive_field(second.network)
    for low, high in _seen(first, reach):
        at = max(0, low - reach)
        own = np.ascontiguousarray(x[at : high + reach, second.columns])
        (found,) = run_network(second.network.nodes, second.weights, own, (CLASSES,))
        out[low:high] = found[low - at : high - at]
    return out


def _seen(scores: Array, apart: int) -> list[tuple[int, int]]:
    """Stretches (first, last + 1) in which something is seen; what lies less than twice ``apart`` is one."""
    at = np.flatnonzero(scores[:, 0] < 1 - SOMETHING)
    if not len(at):
        return []
    cut = np.flatnonzero(np.diff(at) > 2 * apart)
    firsts, lasts = at[np.concatenate([[0], cut + 1])], at[np.concatenate([cut, [len(at) - 1]])]
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))
