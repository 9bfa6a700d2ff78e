"""Which sessions words mean, and what state a session is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.sessions import select as service
from labelloop.services.sessions.assign import assign
from labelloop.services.sessions.marks import toggle_done
from labelloop.services.sessions.select import (
    counts,
    labelled_seconds,
    needs_labels,
    require_class,
    select,
    status_of,
    to_generate,
    totals,
)
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _chosen(store: ProjectStore, *words: str) -> list[str]:
    return [s.name for s in select(store.project, words)]


def _emptied(store: ProjectStore, session: str) -> None:
    track = store.project.track(session)
    store.editor.apply(EditLabels(session, "label", tuple(track)))


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("up/up_00", ["up_00"]),
        ("Data/up/up_00", ["up_00"]),
        ("up_00/", ["up_00"]),
        ("up/*", ["up_00", "up_02"]),
        ("*_03", ["down_03"]),
        ("all", ["up_00", "down_01", "up_02", "down_03"]),
        ("UNASSIGNED", ["up_00", "down_01", "up_02", "down_03"]),
        ("train", []),
        ("unlabelled", []),
    ],
)
def test_what_a_word_means(made: ProjectStore, word: str, names: list[str]) -> None:
    assert _chosen(made, word) == names


def test_each_session_once_in_the_order_of_the_words(made: ProjectStore) -> None:
    assert _chosen(made, "down_03", "down/*") == ["down_03", "down_01"]


@pytest.mark.parametrize(("word", "why"), [("nobody", "no session 'nobody'"), ("x*", "matches 'x\\*'")])
def test_a_word_that_means_nothing_is_refused(made: ProjectStore, word: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        select(made.project, [word])


def test_a_name_that_two_have_is_refused(made: ProjectStore, named: Named) -> None:
    made.project.replace_session(replace(named("down_01"), name="up_00"))
    with pytest.raises(UserError, match="2 sessions are named up_00"):
        select(made.project, ["up_00"])


def test_done_and_unlabelled_are_groups(made: ProjectStore, named: Named) -> None:
    toggle_done(made.editor, [named("up_00")], ["up"])
    _emptied(made, named("down_01").id)
    assert _chosen(made, "done") == ["up_00"]
    assert _chosen(made, "unlabelled") == ["down_01"]


def test_counts_follow_the_track_once_it_is_read(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    assert counts(made.project, session) == {"up": 2, "down": 1}
    made.editor.apply(EditLabels(session.id, "label", (), (Label.spanning(7, 7.5, "up"),)))
    assert counts(made.project, session) == {"up": 3, "down": 1}
    assert labelled_seconds(made.project, session) == pytest.approx(0.5 + 1.25 + 0.125 + 0.5)


def test_counting_is_not_done_again_for_the_same_track(
    made: ProjectStore, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = named("up_00")
    made.project.track(session.id)
    first = totals(made.project, session)
    monkeypatch.setattr(service, "totals_of", lambda _: pytest.fail("counted again"))
    assert totals(made.project, session) == first


def test_the_states_of_a_session(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    assert status_of(made, session) == "partial"
    toggle_done(made.editor, [session], ["up"])
    assert status_of(made, named("up_00")) == "done"
    label = Label.spanning(7, 7.5, "up", confidence=0.5, confirmed=False, origin="run:g1")
    made.editor.apply(EditLabels(session.id, "label", (), (label,)))
    assert status_of(made, named("up_00")) == "review"
    assert status_of(made, replace(session, message="gone")) == "broken"
    _emptied(made, named("down_01").id)
    assert status_of(made, named("down_01")) == "unlabelled"


def test_who_needs_labels(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    assert needs_labels(made, session)
    whole = Label.spanning(session.start_s, session.end_s, "up")
    made.editor.apply(EditLabels(session.id, "label", tuple(made.project.track(session.id)), (whole,)))
    assert not needs_labels(made, named("up_00"))
    toggle_done(made.editor, [named("down_01")], ["up"])
    assert not needs_labels(made, named("down_01"))


def test_labels_are_generated_for_the_unlabelled_first(made: ProjectStore, named: Named) -> None:
    assert to_generate(made) == []
    _emptied(made, named("down_01").id)
    assert [s.name for s in to_generate(made)] == ["down_01"]
    assign(made.editor, [named("down_01")], "train")
    assert to_generate(made) == []


def test_a_class_must_be_known(made: ProjectStore) -> None:
    assert require_class(made.project, "up") == "up"
    with pytest.raises(UserError, match=r"no class 'side' \(classes: up, down\)"):
        require_class(made.project, "side")
