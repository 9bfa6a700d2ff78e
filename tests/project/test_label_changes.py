"""Changes of labels and of the tracks that hold them."""

from __future__ import annotations

import pytest

from labelloop.errors import Refused
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label, LabelTrack
from labelloop.project.session import TrackRef
from tests.project.made_up import LABELS, project, session, snapshot

NEW = Label.spanning(10, 11, "up")


def test_labels_go_and_come() -> None:
    made = project()
    before = snapshot(made)
    change = EditLabels("id-0", "label", LABELS[:1], (NEW,))
    change.check(made)
    change.apply(made)
    assert [x.start for x in made.track("id-0")] == [2.0, 2.0, 7.0, 10.0]
    change.inverse().check(made)
    change.inverse().apply(made)
    assert snapshot(made) == before


def test_a_label_that_is_gone_can_not_go() -> None:
    with pytest.raises(Refused, match="up at 10 s in s0 is not there any more"):
        EditLabels("id-0", "label", (NEW,)).check(project())


def test_as_many_must_be_there_as_go() -> None:
    with pytest.raises(Refused, match="not there any more"):
        EditLabels("id-0", "label", (LABELS[0], LABELS[0])).check(project())


def test_an_impossible_label_can_not_come() -> None:
    with pytest.raises(Refused, match="it has no class"):
        EditLabels("id-0", "label", (), (Label(0, 1, ""),)).check(project())


@pytest.mark.parametrize(
    ("removed", "added", "says"),
    [
        ((), (NEW,), "labelled up 10.00–11.00 s in s0"),
        (LABELS[:1], (NEW,), "changed up 10.00–11.00 s in s0"),
        (LABELS[:1], (), "deleted up 0.50–1.50 s in s0"),
        (LABELS[:2], (NEW,), "1 label added, 2 removed in s0"),
    ],
)
def test_what_is_said_of_it(removed: tuple[Label, ...], added: tuple[Label, ...], says: str) -> None:
    assert EditLabels("id-0", "label", removed, added).describe(project()) == says


def test_only_its_track_is_touched() -> None:
    touched = EditLabels("id-0", "auto").touched()
    assert touched.documents == {"labels/id-0/auto"}
    assert touched.sessions == {"id-0"}


def test_a_track_comes_and_goes() -> None:
    made = project()
    ref = TrackRef("mine", "Data/up/s0/mine.label")
    change = AttachTrack("id-0", ref)
    change.check(made)
    change.apply(made)
    assert "mine" in made.label_tracks_of("id-0")
    made.take_track("id-0", "mine", LabelTrack(()))
    back = change.inverse()
    back.check(made)
    back.apply(made)
    assert "mine" not in made.label_tracks_of("id-0")
    assert made.file_of_track_away("id-0", "mine") == ref.file


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (AttachTrack("id-0", TrackRef("auto", "x")), "a track 'auto' already"),
        (AttachTrack("id-0", TrackRef("mine", "x"), False), "no track 'mine' any more"),
        (AttachTrack("id-0", TrackRef("label", "x"), False), "active label track"),
    ],
)
def test_tracks_that_can_not_come_or_go(change: AttachTrack, why: str) -> None:
    with pytest.raises(Refused, match=why):
        change.check(project())


def test_without_a_session_file_no_track_can_come() -> None:
    made = project()
    made.replace_session(session(0, session_file=""))
    with pytest.raises(Refused, match="no session file"):
        AttachTrack("id-0", TrackRef("mine", "x")).check(made)


def test_the_files_of_a_track() -> None:
    labels = AttachTrack("id-0", TrackRef("mine", "x")).touched().documents
    assert labels == {"session/id-0", "labels/id-0/mine"}
    assert AttachTrack("id-0", TrackRef("d", "x", "datacsv")).touched().documents == {"session/id-0"}


def test_what_is_said_of_a_track() -> None:
    ref = TrackRef("mine", "x")
    assert AttachTrack("id-0", ref).describe(project()) == "track mine added to s0"
    assert AttachTrack("id-0", ref, False).describe(project()) == "track mine taken from s0"
