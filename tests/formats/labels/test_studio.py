"""Studio's label files as a format to exchange."""

from __future__ import annotations

from labelloop.formats.labels.session_labels import SessionLabels
from labelloop.formats.labels.studio import read, write
from labelloop.project.labels import Label

HEADER = b"Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)"


def test_labels_do_not_bring_the_form_of_their_old_row() -> None:
    (part,) = read(HEADER + b"\n 1.0, 2.0 ,a,1,\n", "f")
    assert [label.source_text for label in part.labels] == [""]


def test_what_is_written_is_studios_form() -> None:
    found = (Label(1, 2, "a", source_text=" 1.0, 2.0 ,a,1,"),)
    assert write([SessionLabels("s", found)]).split() == [HEADER, b"1,2,a,1,"]
