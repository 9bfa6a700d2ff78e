"""Scores of whole sessions by a dense network, in chunks of bounded size."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from app.learning.networks import Network, receptive_field
from app.learning.numpy_run import run_network

Array = npt.NDArray[Any]
CHUNK_FRAMES = 4096
THREADS = min(4, os.cpu_count() or 1)


def dense_scores(
    network: Network, weights: Mapping[str, Sequence[Array]], x: Array, chunk: int = CHUNK_FRAMES
) -> tuple[Array, Array]:
    """Class scores (frames, 1 + classes) and boundary scores (frames, 2) of features (frames, ...).

    Chunks overlap by the receptive field, so the result is that of one pass. A session is padded with
    zeros by as much, as in training.
    """

    def run(part: Array) -> list[Array]:
        return run_network(network.nodes, weights, part, network.outputs)

    return chunked(run, x.reshape(len(x), -1), receptive_field(network), chunk)


def chunked(run: Callable[[Array], list[Array]], x: Array, reach: int, chunk: int) -> tuple[Array, Array]:
    """Outputs of ``run`` for x (frames, features), computed over pieces that overlap by ``reach`` frames."""
    padded = np.pad(x, ((reach, reach), (0, 0)))

    def piece(first: int) -> list[Array]:
        last = min(len(x), first + chunk)
        out = run(padded[first : last + 2 * reach])
        return [a[reach : reach + last - first] for a in out]

    starts = range(0, max(1, len(x)), chunk)
    if len(starts) == 1:
        parts = [piece(0)]
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            parts = list(pool.map(piece, starts))
    classes, boundary = (np.concatenate([p[k] for p in parts]) for k in range(2))
    return classes, boundary
