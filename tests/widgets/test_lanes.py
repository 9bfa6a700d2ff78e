"""The viewer's lanes share one time axis, between names and remarks."""

from __future__ import annotations

import numpy as np
import pytest

from labelloop.widgets.lanes import LEFT, RIGHT, Channel, ChannelLanes, axis_columns, margins
from tests.widgets.conftest import WidgetApp


@pytest.mark.parametrize(
    ("width", "sides"), [(200, (LEFT, RIGHT)), (60, (LEFT, RIGHT)), (59, (4, 0)), (8, (2, 0)), (1, (0, 0))]
)
def test_a_narrow_screen_keeps_only_short_names(width: int, sides: tuple[int, int]) -> None:
    assert margins(width) == sides
    assert axis_columns(width) == max(1, width - sum(sides))


def _fill(lanes: ChannelLanes, count: int) -> ChannelLanes:
    dots = np.zeros(122)
    lanes.show([Channel(f"c{n}", dots, dots, -1.0, 1.0) for n in range(count)])
    return lanes


@pytest.mark.parametrize(("count", "height"), [(1, 7), (3, 10), (4, 10), (10, 5), (2, 1)])
async def test_lanes_fill_the_height_alike(count: int, height: int) -> None:
    lanes = ChannelLanes()
    async with WidgetApp(lambda: [lanes]).run_test(size=(80, 24)):
        rows = _fill(lanes, count).make_rows(80, height)
    assert len(rows) == height
    named = [row for row in rows if row[0][0].strip().startswith("c")]
    assert len(named) == min(count, max(1, height // 2))
    assert all(sum(len(text) for text, *_ in row) == 80 for row in rows)


def test_without_channels_there_are_no_rows() -> None:
    assert ChannelLanes().make_rows(80, 10) == []
