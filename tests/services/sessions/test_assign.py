"""Sets: moving, locking, and sharing out by class."""

from __future__ import annotations

import pytest

from labelloop.errors import Refused, UserError
from labelloop.project.sets import TEST, TRAIN, UNASSIGNED, VALIDATION
from labelloop.services.sessions.assign import (
    Shares,
    assign,
    moves_to,
    plan_redistribution,
    redistribute,
    set_locked,
)
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def _names(store: ProjectStore, set_name: str) -> list[str]:
    return [s.name for s in store.project.in_set(set_name)]


def test_who_comes_stands_behind_who_is_there(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("down_03")], TRAIN)
    assign(made.editor, [named("up_00"), named("up_02")], TRAIN)
    assert _names(made, TRAIN) == ["down_03", "up_00", "up_02"]


def test_places_are_those_at_the_moment_of_each_move(made: ProjectStore, named: Named) -> None:
    change = moves_to(made.project, {named(n).id: TRAIN for n in ("down_01", "up_02", "up_00")})
    assert [(m.from_index, m.to_index) for m in change.moves] == [(1, 0), (1, 1), (0, 2)]


def test_who_is_there_already_does_not_move(made: ProjectStore, named: Named) -> None:
    assert moves_to(made.project, {named("up_00").id: UNASSIGNED}).moves == ()
    assert assign(made.editor, [named("up_00")], UNASSIGNED) is None


def test_a_locked_session_stays_and_so_do_all(made: ProjectStore, named: Named) -> None:
    set_locked(made.editor, [named("up_00")], True)
    with pytest.raises(Refused, match="up/up_00"):
        assign(made.editor, [named("down_01"), named("up_00")], TRAIN)
    assert _names(made, TRAIN) == []


def test_a_locked_session_may_be_sent_where_it_is(made: ProjectStore, named: Named) -> None:
    set_locked(made.editor, [named("up_00")], True)
    assert assign(made.editor, [named("up_00"), named("down_01")], UNASSIGNED) is None


def test_locking_counts_only_what_changes(made: ProjectStore, named: Named) -> None:
    done = set_locked(made.editor, [named("up_00"), named("up_02")], True)
    assert done is not None
    assert done.title == "locked 2 sessions"
    freed = set_locked(made.editor, [named("up_00")], False)
    assert freed is not None
    assert freed.title == "unlocked 1 session"
    assert set_locked(made.editor, [named("up_00")], False) is None


def test_shares_are_scaled() -> None:
    assert Shares(3, 1, 0).scaled() == {TRAIN: 0.75, VALIDATION: 0.25, TEST: 0.0}


@pytest.mark.parametrize("shares", [Shares(-1, 1, 1), Shares(0, 0, 0), Shares(float("nan"), 1, 1)])
def test_impossible_shares_are_refused(shares: Shares) -> None:
    with pytest.raises(UserError, match="negative or all zero"):
        shares.scaled()


def test_a_plan_gives_each_set_its_share_of_every_class(made: ProjectStore) -> None:
    plan = plan_redistribution(made.project, Shares(50, 25, 25))
    assert sorted(plan.values()) == [TEST, TRAIN, TRAIN, VALIDATION]


def test_a_set_without_a_share_gets_nothing(made: ProjectStore) -> None:
    assert set(plan_redistribution(made.project, Shares(100, 0, 0)).values()) == {TRAIN}


def test_locked_sessions_are_not_in_the_plan_but_count(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00"), named("up_02")], TRAIN)
    set_locked(made.editor, [named("up_00"), named("up_02")], True)
    plan = plan_redistribution(made.project, Shares(50, 50, 0))
    assert plan == {named("down_01").id: VALIDATION, named("down_03").id: VALIDATION}


def test_only_unassigned_sessions_when_asked(made: ProjectStore, named: Named) -> None:
    assign(made.editor, [named("up_00")], TEST)
    plan = plan_redistribution(made.project, Shares(), only_unassigned=True)
    assert named("up_00").id not in plan
    assert len(plan) == 3


def test_an_unknown_measure_is_refused(made: ProjectStore) -> None:
    with pytest.raises(UserError, match="'labels' or 'time', not by 'size'"):
        plan_redistribution(made.project, Shares(), by="size")


def test_by_time_counts_seconds(made: ProjectStore) -> None:
    assert len(plan_redistribution(made.project, Shares(), by="time")) == 4


def test_a_plan_is_one_change_that_says_where_how_many_went(made: ProjectStore, named: Named) -> None:
    done = redistribute(made.editor, {named("up_00").id: TRAIN, named("up_02").id: VALIDATION})
    assert done is not None
    assert done.title == "redistributed: 1 to Train, 1 to Validation"
    assert redistribute(made.editor, {named("up_00").id: TRAIN}) is None
