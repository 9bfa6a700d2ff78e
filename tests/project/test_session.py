"""A session's own facts."""

from __future__ import annotations

from labelloop.project.session import TrackRef
from tests.project.made_up import session


def test_the_last_moment() -> None:
    assert session(1, start_s=-0.5, length_s=60.0).end_s == 59.5


def test_a_session_with_a_message_can_not_be_used() -> None:
    assert session(1, message="gone").broken
    assert not session(1).broken


def test_kinds_of_tracks() -> None:
    assert [TrackRef("a", "f", kind).is_label for kind in ("labelcsv", "datacsv", "video")] == [
        True,
        False,
        False,
    ]
    kinds = ("labelcsv", "datacsv", "audiowav", "video")
    assert [TrackRef("a", "f", kind).is_signal for kind in kinds] == [False, True, True, False]
