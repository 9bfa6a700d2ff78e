"""How samples become frames, told before anything is trained."""

from __future__ import annotations

import pytest

from labelloop.contract.front_end import WIDTHS, choose_front_end, dense_layers, dense_parameters
from labelloop.learning.networks.description import dense_network


def test_more_channels_and_filters_make_more_weights() -> None:
    sizes = [dense_parameters(12, 2, width) for width in WIDTHS.values()]
    assert sizes == sorted(sizes)
    assert dense_parameters(24, 2, 32) > dense_parameters(12, 2, 32)


def test_short_events_have_short_frames() -> None:
    short = choose_front_end(50, [0.1] * 20, 3)
    long = choose_front_end(50, [20.0] * 20, 3)
    assert short.stride < long.stride


@pytest.mark.parametrize("classes", [1, 3])
def test_the_size_told_before_is_that_of_the_network(classes: int) -> None:
    from labelloop.learning.training.candidates import DILATIONS

    width = WIDTHS["medium"]
    network = dense_network(9, classes, width, DILATIONS, 0.1)
    assert dense_parameters(9, classes, width) == network.parameters
    assert dense_layers() > 0
