"""Labels from a track: copied into another one, or adjusted in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.labeling.tracks import Adjustment, Adjustments
from labelloop.project.session import Session
from labelloop.services.generating.merging import Rules, Target
from labelloop.services.generating.runs import opening
from labelloop.services.generating.track import TrackRequest, generate_from_track
from labelloop.services.labels.history import undo
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.end_to_end.support import state_of
from tests.made_project import make_project, tree, write_labels


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


def test_a_new_track_does_not_find_labels_of_one_that_was_taken_out(store: ProjectStore) -> None:
    session = sessions(store)[0]
    write_labels(store.inside("Data/up/up_00/auto.label", "it"), ("1,0.5,down,1,",))
    before = tree(store.project.folder)
    request = TrackRequest("label", (session.path,), Rules(Target.parse("new:auto")), Adjustments())
    generate_from_track(store, request, opening(store))
    assert [x.name for x in store.project.track(session.id, "auto")] == ["up", "down", "up"]
    Saver(store).save()
    undo(store.editor)
    Saver(store).save()
    assert tree(store.project.folder) == before


def test_renamed_copies_bring_their_class(store: ProjectStore) -> None:
    how = Adjustments(per_class={"up": Adjustment(rename="rise")})
    request = TrackRequest("label", ("all",), Rules(Target.parse("new:auto")), how)
    assert generate_from_track(store, request, None).added == 9
    assert store.project.class_names == ["up", "down"]
    generate_from_track(store, request, opening(store))
    assert store.project.class_names == ["up", "down", "rise"]
    undo(store.editor)
    assert store.project.class_names == ["up", "down"]


def test_a_track_that_is_missing_is_named(store: ProjectStore) -> None:
    request = TrackRequest("auto", ("all",), Rules(Target.parse("new:copy")), Adjustments())
    with pytest.raises(UserError, match="have no label track auto"):
        generate_from_track(store, request, None)


def test_copies_are_unconfirmed_and_of_their_run(store: ProjectStore) -> None:
    session = sessions(store)[0]
    request = TrackRequest("label", (session.path,), Rules(Target.parse("new:copy")), Adjustments(), ("up",))
    outcome = generate_from_track(store, request, opening(store))
    made = list(store.project.track(session.id, "copy"))
    assert {(x.name, x.confirmed, x.origin) for x in made} == {("up", False, f"run:{outcome.run}")}
    assert outcome.added == len(made) == 2


def test_in_place_only_what_changes_is_touched(store: ProjectStore) -> None:
    session = sessions(store)[0]
    how = Adjustments(per_class={"up": Adjustment(offset_s=0.25)})
    request = TrackRequest("label", (session.path,), Rules(Target.parse("existing:label")), how)
    before = list(store.project.track(session.id))
    outcome = generate_from_track(store, request, opening(store))
    after = list(store.project.track(session.id))
    assert (outcome.sessions[0].added, outcome.sessions[0].kept, outcome.sessions[0].removed) == (2, 1, 2)
    assert [x.start for x in after] == [1.75, 4.0, 8.2500001]
    assert [x.confirmed for x in after] == [x.confirmed for x in before]


def test_a_dry_run_changes_nothing(store: ProjectStore) -> None:
    how = Adjustments(Adjustment(offset_s=0.25))
    request = TrackRequest("label", ("all",), Rules(Target.parse("existing:label")), how)
    before = state_of(store)
    assert generate_from_track(store, request, None).added == 9
    assert state_of(store) == before
