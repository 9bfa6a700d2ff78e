"""Whether the change of a signal tells more of events than its values do, tried on Validation first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelloop.contract.front_end import FrontEnd
from labelloop.learning.data.frames import features, fit_changes, make_targets
from labelloop.learning.data.prepared import Example

Array = npt.NDArray[Any]
BETTER = 0.12  # share of the loss that changes must take off
MOST_FRAMES = 20_000  # of each set
AROUND = (1, 5, 17)  # frames over which surroundings are averaged
TEMPERATURES = (0.1, 0.2, 0.35, 0.6, 1.0)


def with_changes(
    front: FrontEnd, train: Sequence[Example], validation: Sequence[Example], classes: Sequence[str]
) -> FrontEnd:
    """The front end, with changes where a linear model of frames does clearly better with them.

    The linear model (ridge regression onto the classes) is no part of what is trained; it takes a second.
    """
    if front.fft or not any(x.events for x in validation):
        return front  # energies of bands tell of changes already
    wide = fit_changes(front, [x.recording for x in train])
    sets = [_frames(wide, examples, classes) for examples in (train, validation)]
    plain = replace(wide, changes=()).groups
    losses = []
    for groups in (plain, wide.groups):
        (x, y), (held, truth) = ((_around(raw[:, :groups]), known) for raw, known in sets)
        losses.append(_loss(x, y, held, truth))
    return wide if losses[1] < (1 - BETTER) * losses[0] else front


def _frames(front: FrontEnd, examples: Sequence[Example], classes: Sequence[str]) -> tuple[Array, Array]:
    """Features (frames, groups, channels) and shares of classes (frames, 1 + classes) of what is known."""
    raws, shares, left = list[Array](), list[Array](), MOST_FRAMES
    for x in examples:
        count = min(left, front.frames(len(x.recording.times)))
        if count < 1:
            break
        left -= count
        targets = make_targets(front, x.recording.times, x.events, classes, x.ignore)
        known = targets.weight[:count] > 0
        raws.append(features(front, x.recording, 0, count)[known])
        shares.append(targets.classes[:count][known])
    return np.concatenate(raws), np.concatenate(shares)


def _around(raw: Array) -> Array:
    """Frames with the means of their surroundings, as rows of numbers."""
    x = raw.reshape(len(raw), -1).astype(np.float64)
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6)
    total = np.concatenate([np.zeros((1, x.shape[1])), np.cumsum(x, axis=0)])
    at, out = np.arange(len(x)), [np.ones((len(x), 1))]
    for width in AROUND:
        low, high = np.clip(at - width // 2, 0, len(x)), np.clip(at + width // 2 + 1, 0, len(x))
        out.append((total[high] - total[low]) / (high - low)[:, None])
    return np.concatenate(out, axis=1)


def _loss(x: Array, y: Array, held: Array, truth: Array) -> float:
    """Cross-entropy on the held frames, classes weighing the same, at the best temperature."""
    weight = (y / np.maximum(y.sum(axis=0), 1e-9)).sum(axis=1)
    heavy = x * weight[:, None]
    gram = heavy.T @ x
    gram[np.diag_indices_from(gram)] += 1e-3 * np.trace(gram) / len(gram)
    found = held @ np.linalg.solve(gram, heavy.T @ y)
    share = (truth / np.maximum(truth.sum(axis=0), 1e-9)).sum(axis=1)
    losses = []
    for temperature in TEMPERATURES:
        z = found / temperature
        log = z - z.max(axis=1, keepdims=True)
        log -= np.log(np.exp(log).sum(axis=1, keepdims=True))
        losses.append(-float((share * (truth * log).sum(axis=1)).sum() / share.sum()))
    return min(losses)
