"""Labels that a file holds in great number."""

from __future__ import annotations

from labelloop.formats.labels.label_file import parse_labels
from labelloop.project.label_rows import LabelRows
from labelloop.project.labels import Label, LabelTrack

HEAD = b"Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)\n"


def _rows(count: int = 5000) -> LabelRows:
    text = b"".join(b"%d,0.5,%s,1,\n" % (n, b"up" if n % 2 else b"down") for n in range(count))
    rows = parse_labels(HEAD + text, "a.label").labels
    assert isinstance(rows, LabelRows)
    return rows


def test_labels_are_made_when_they_are_asked_for() -> None:
    rows = _rows()
    assert len(rows) == 5000
    assert rows[3] == Label(3.0, 0.5, "up")
    assert rows[-1].start == 4999.0
    assert [x.start for x in rows[2:4]] == [2.0, 3.0]


def test_the_row_of_a_moment() -> None:
    rows = _rows()
    assert rows.at(7.0) == 7
    assert rows.at(7.5) is None


def test_counts_without_making_labels() -> None:
    assert {name: total[0] for name, total in _rows().totals.items()} == {"down": 2500, "up": 2500}


def test_a_track_of_rows_says_what_became_of_them() -> None:
    track = LabelTrack(_rows())
    gone, new = track[3], Label(3.25, 0.5, "up")
    track.change((gone,), (new,))
    now = track.now()
    assert list(now.fresh) == [new]
    assert list(now.beyond_file()) == [new]
    assert {name: total[0] for name, total in now.totals().items()} == {"down": 2500, "up": 2500}
