"""What becomes of found events: targets, rules, sessions that are meant, and what is counted."""

from __future__ import annotations

import pytest

from labelloop.errors import Refused, UserError
from labelloop.project.changes import Compound
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.session_changes import EditSessions, FieldEdit
from labelloop.services.generating.merging import (
    LEFT,
    Outcome,
    Rules,
    SessionOutcome,
    Target,
    check_classes,
    check_target,
    chosen_sessions,
    labels_from_events,
    post_settings,
    put_events,
    refuse_read_only,
    session_change,
    sessions_having,
    split_setting,
)
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named

LABEL, NEW = Target.parse("existing:label"), Target.parse("new:auto")


@pytest.mark.parametrize("text", ["label", "other:label", "new:", "new: ", "new:a/b", "new:a\\b", "new:\x1b"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(UserError):
        Target.parse(text)


def test_a_target_is_written_as_it_is_read() -> None:
    assert str(Target.parse("new: my track ")) == "new:my track"


def test_an_unknown_policy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="'all' says nothing about existing labels: use keep, "):
        Rules(LABEL, "all")


def test_other_parts_leave_the_rules_as_they_are() -> None:
    rules = Rules(LABEL, "replace-all", ("up",), 0.5).with_parts({"up": 0.1})
    assert rules == Rules(LABEL, "replace-all", ("up",), 0.5, least_part={"up": 0.1}, left=LEFT)


def test_outcomes_are_summed_and_failures_named(named: Named) -> None:
    good = SessionOutcome(named("up_00"), 2, 1, 3)
    bad = SessionOutcome(named("up_02"), problem="no file")
    outcome = Outcome("g1", [good, bad])
    assert (outcome.added, outcome.failed) == (2, [bad])
    assert outcome.to_json()["sessions"] == [
        {"name": "up/up_00", "added": 2, "kept": 1, "removed": 3},
        {"name": "up/up_02", "added": 0, "kept": 0, "removed": 0, "problem": "no file"},
    ]


def _done(made: ProjectStore, name: str, named: Named) -> None:
    session = named(name)
    made.editor.apply(EditSessions("done", (FieldEdit(session.id, frozenset(), frozenset({"up"})),)))


def test_sessions_that_are_done_are_meant_only_by_name(made: ProjectStore, named: Named) -> None:
    _done(made, "up_00", named)
    assert [s.name for s in chosen_sessions(made.project, ["up/*"], ["up"])] == ["up_02"]
    assert [s.name for s in chosen_sessions(made.project, ["up/up_00"], ["up"])] == ["up_00"]
    assert [s.name for s in chosen_sessions(made.project, ["up/*"], ["down"])] == ["up_00", "up_02"]


def test_no_session_left_says_why(made: ProjectStore, named: Named) -> None:
    _done(made, "up_00", named)
    _done(made, "up_02", named)
    with pytest.raises(UserError, match="2 are done for these classes; name them one by one"):
        chosen_sessions(made.project, ["up/*"], ["up"])


def test_a_session_named_twice_is_meant_once(made: ProjectStore) -> None:
    assert len(chosen_sessions(made.project, ["up/up_00", "up/*"], [])) == 2


def test_targets_that_do_not_fit_name_the_sessions(made: ProjectStore) -> None:
    sessions = list(made.project.sessions())
    check_target(made, sessions, LABEL)
    check_target(made, sessions, NEW)
    with pytest.raises(UserError, match="have no track auto: use --target new:auto"):
        check_target(made, sessions, Target.parse("existing:auto"))
    with pytest.raises(UserError, match="have a track already named label: use --target existing:label"):
        check_target(made, sessions, Target.parse("new:label"))


def test_three_sessions_are_named_and_the_rest_counted(made: ProjectStore) -> None:
    sessions = list(made.project.sessions())
    assert sessions_having(made, sessions, "auto", True) == ""
    assert sessions_having(made, sessions[:3], "auto", False).count(",") == 2
    assert sessions_having(made, sessions, "auto", False).endswith(" and 1 more")


def test_missing_classes_are_refused_or_added(made: ProjectStore) -> None:
    assert check_classes(made.project, ["up"], False) == []
    with pytest.raises(UserError, match="Made lacks the class 'jump'"):
        check_classes(made.project, ["up", "jump"], False)
    assert len(check_classes(made.project, ["up", "jump"], True)) == 1


def test_events_of_a_session_are_one_change(made: ProjectStore, named: Named) -> None:
    session, event = named("up_00"), Label.spanning(6, 7, "up", origin="run:g1", confirmed=False)
    change, outcome = session_change(made, session, [event], Rules(LABEL), ["up"])
    assert isinstance(change, EditLabels)
    assert change.added == (event,)
    assert (outcome.added, outcome.removed) == (1, 0)
    change, _ = session_change(made, session, [event], Rules(NEW), ["up"])
    assert isinstance(change, Compound)
    assert [type(part) for part in change.changes] == [AttachTrack, EditLabels]


def test_nothing_found_changes_nothing(made: ProjectStore, named: Named) -> None:
    change, outcome = session_change(made, named("up_00"), [], Rules(LABEL), ["up"])
    assert change is None
    assert outcome.added == 0


def test_a_rim_of_a_confirmed_label_is_left_out(made: ProjectStore, named: Named) -> None:
    event = Label.spanning(1.9, 2.2, "up", confirmed=False)  # a label ends at 2.0
    rules = Rules(LABEL, least_part={"up": 0.25})
    assert session_change(made, named("up_00"), [event], rules, ["up"])[1].added == 0
    assert session_change(made, named("up_00"), [event], rules.with_parts({"up": 0.15}), ["up"])[1].added == 1


def test_events_are_put_in_under_the_name_of_their_run(made: ProjectStore, named: Named) -> None:
    session = named("up_00")
    put_events(made, "g7", session, labels_from_events([[6, 7, "up", 0.51234]], "g7"), Rules(LABEL), ["up"])
    entry = made.editor.history.done[-1]
    assert (entry.tag, entry.title) == ("run:g7", "1 labels generated in up_00")
    label = made.project.track(session.id).at(6.5)
    assert label is not None
    assert (label.origin, label.confirmed, label.confidence) == ("run:g7", False, 0.5123)


@pytest.mark.parametrize(
    ("words", "general", "own"),
    [
        ((), None, {}),
        (("0.5",), 0.5, {}),
        (("0.5", "up:1", "a:b:2"), 0.5, {"up": 1.0, "a:b": 2.0}),
        (("1", "2"), 2.0, {}),
    ],
)
def test_settings_for_all_and_for_single_classes(
    words: tuple[str, ...], general: float | None, own: dict[str, float]
) -> None:
    assert split_setting(words, "--gap") == (general, own)


@pytest.mark.parametrize("word", ["", "up", "up:", "nan", "up:inf", "1,5"])
def test_a_setting_that_is_no_number(word: str) -> None:
    with pytest.raises(UserError, match="--gap needs a number, or CLASS:number"):
        split_setting([word], "--gap")


def test_only_what_was_given_overrides_a_model() -> None:
    assert post_settings({"threshold": None, "gap_s": 0.0}, {"threshold": {}}) == {"gap_s": 0.0}
    assert post_settings({}, {"threshold": {"up": 0.4}, "gap_s": {"up": 1.0}}) == {
        "per_class": {"up": {"threshold": 0.4, "gap_s": 1.0}}
    }


def test_a_project_open_for_reading_takes_no_labels(made: ProjectStore) -> None:
    refuse_read_only(made)
    reading = open_project(made.project.folder, "test", write=False)
    with pytest.raises(Refused, match="Made is open for reading only"):
        refuse_read_only(reading)
    reading.close()


def test_what_limits_dropped_is_in_words_and_json(made: ProjectStore, named: Named) -> None:
    outcome = SessionOutcome(named("up_00"), added=2, dropped={"min_length": 3, "least_score": 1})
    assert outcome.facts == "2 added, 0 kept, 0 removed; limits dropped 4 (too short 3, unsure 1)"
    assert outcome.to_json()["dropped"] == {"min_length": 3, "least_score": 1}
    assert "dropped" not in SessionOutcome(named("up_00")).to_json()
