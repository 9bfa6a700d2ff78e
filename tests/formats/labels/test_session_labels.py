"""One session's labels on their way: what holds where a file does not say."""

from __future__ import annotations

from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.project.labels import Label


def test_a_file_need_not_name_its_track_or_ends() -> None:
    made = SessionLabels("up/up_00", (Label(1, 2, "up"),))
    assert (made.track, made.start, made.end) == ("", 0.0, 0.0)
