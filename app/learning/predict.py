"""Scores of whole sessions by a dense network, in chunks of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.learning.networks import Network, receptive_field
from app.learning.numpy_run import run_network

Array = npt.NDArray[Any]
CHUNK_FRAMES = 4096


def dense_scores(
    network: Network, weights: Mapping[str, Sequence[Array]], x: Array, chunk: int = CHUNK_FRAMES
) -> tuple[Array, Array]:
    """Class scores (frames, 1 + classes) and boundary scores (frames, 2) of features (frames, ...).

    Chunks overlap by the receptive field, so the result is that of one pass. A session is padded with
    zeros by as much, as in training.
    """
    flat = x.reshape(len(x), -1)
    return chunked(
        lambda part: run_network(network.nodes, weights, part, network.outputs),
        flat,
        receptive_field(network),
        chunk,
    )


def chunked(run: Callable[[Array], list[Array]], x: Array, reach: int, chunk: int) -> tuple[Array, Array]:
    """Outputs of ``run`` for x (frames, features), computed over pieces that overlap by ``reach`` frames."""
    padded = np.pad(x, ((reach, reach), (0, 0)))
    classes: list[Array] = []
    boundary: list[Array] = []
    for a in range(0, len(x), chunk):
        b = min(len(x), a + chunk)
        low, high = max(0, a), min(len(padded), b + 2 * reach)
        one, two = run(padded[low:high])
        classes.append(one[a + reach - low : b + reach - low])
        boundary.append(two[a + reach - low : b + reach - low])
    return np.concatenate(classes), np.concatenate(boundary)
