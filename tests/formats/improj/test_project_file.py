"""Project files: what they say of sessions, and that a change touches its own lines only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn
from labelloop.project.session import ClassTotal
from labelloop.project.sets import DataSet
from tests.formats.projects import (
    PROJECT,
    TWO_LABELS,
    changed_lines,
    edited,
    moved,
    session_xml,
    with_session,
)


def test_what_the_file_says() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    assert document.data_folder == "Data"
    assert document.project_type == "Classification"
    assert (state.balance, state.scope) == ("LabelCount", "OnlyUnassigned")
    assert state.classes == (ClassDef("down", 1), ClassDef("up", 2, 0.5))
    assert state.columns == (CustomColumn("col-1", "Notes", "Notes"),)
    assert state.members["train"] == ["id-1", "id-2", "id-3"]
    assert [s.id for s in state.sets] == ["unassigned", "train", "validation", "test"]
    first = state.sessions["id-1"]
    assert first.path == "down/down_01"
    assert first.data_file == "Data/down/down_01/data.csv"
    assert first.session_file == "Data/down/down_01/down_01.imsession"
    assert first.label_file == "Data/down/down_01/label.label"
    assert (first.shape, first.rate_hz, first.start_s, first.length_s) == ((4,), 50.5, -0.25, 12.5)
    assert first.totals == (ClassTotal("down", 2, 1.5), ClassTotal("up", 1, 0.25))
    assert first.custom == {"col-1": "a & b"}
    assert (first.tags, first.locked) == ("LabelsMissing", False)
    assert first.labels_modified == "5249982133989123174"


def test_state_is_a_copy_each_time() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    state.members["train"].clear()
    state.sessions.clear()
    assert len(document.state().sessions) == 4
    assert document.render(document.state()) == PROJECT


VARIANTS = {
    "studio": PROJECT,
    "no byte order mark": PROJECT[3:],
    "carriage returns": PROJECT.replace(b"\n", b"\r\n"),
    "last newline": PROJECT + b"\n",
    "tabs": PROJECT.replace(b"  ", b"\t"),
    "one line": b"".join(line.strip() for line in PROJECT.splitlines()),
    "tight empty tags": PROJECT.replace(b" />", b"/>"),
    "single quotes": PROJECT.replace(b'"', b"'").replace(b"attribute='x &gt; y'", b'attribute="x"'),
}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS.keys())
def test_unchanged_is_identical(data: bytes) -> None:
    document = parse_improj(data, "x.improj")
    assert document.render(document.state()) == data
    state, usual = document.state(), parse_improj(PROJECT, "x").state()
    assert [(m.name, m.id) for m in state.models] == [(m.name, m.id) for m in usual.models]
    state.models = usual.models  # which hold their own text
    assert state == usual


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS.keys())
def test_moving_a_session_and_back_is_identical(data: bytes) -> None:
    document = parse_improj(data, "x.improj")
    state = document.state()
    for target in ("validation", "unassigned", "test"):
        there = document.render(moved(state, "id-2", target))
        again = parse_improj(there, "x.improj")
        assert again.state().members == moved(state, "id-2", target).members
        assert again.render(moved(again.state(), "id-2", "train", 1)) == data
    alone = parse_improj(document.render(moved(state, "id-4", "test")), "x")
    assert alone.render(moved(alone.state(), "id-4", "validation")) == data


def test_an_empty_set_opens_and_closes() -> None:
    document = parse_improj(PROJECT, "x.improj")
    text = document.render(moved(document.state(), "id-4", "unassigned")).decode()
    assert (
        '    <DataSet id="unassigned" targetSize="0" labels="Unassigned">\n'
        f"{session_xml(4)}"
        "    </DataSet>\n" in text
    )
    assert '    <DataSet id="validation" targetSize="0.2" labels="Complete" />\n' in text


def test_a_moved_session_moves_only_its_own_lines() -> None:
    document = parse_improj(PROJECT, "x.improj")
    gone, come = changed_lines(PROJECT, document.render(moved(document.state(), "id-2", "validation")))
    assert gone == come == [line.strip() for line in session_xml(2).strip().split("\n")]


EDITS = {
    "lock": ({"locked": True}, 1),
    "name": ({"name": 'new "name" & <more>'}, 1),
    "tracks": ({"label_track": "label2", "data_track": "accel"}, 1),
    "tags": ({"tags": "None"}, 1),
    "label file": ({"label_file": "Data/down/x & y/label2.label"}, 1),
    "labels modified": ({"labels_modified": "5249982133989123999"}, 1),
    "data file": ({"data_file": "Data/other.csv", "rate_hz": 20.0, "shape": (2, 3), "length_s": 1e-7}, 1),
    "session file": ({"session_file": "Data/other.imsession"}, 1),
    "one total": ({"totals": (ClassTotal("down", 3, 1.75), ClassTotal("up", 1, 0.25))}, 1),
    "custom value": ({"custom": {"col-1": "<z>"}}, 1),
}


@pytest.mark.parametrize(("changes", "lines"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_of_a_session_changes_its_line(changes: dict[str, object], lines: int) -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    new = replace(state.sessions["id-1"], **changes)  # type: ignore[arg-type]
    data = document.render(with_session(state, new))
    gone, come = changed_lines(PROJECT, data)
    assert (len(gone), len(come)) == (lines, lines)
    again = parse_improj(data, "x").state()
    assert replace(again.sessions["id-1"], path=new.path) == new
    assert parse_improj(data, "x").render(with_session(again, state.sessions["id-1"])) == PROJECT


def test_totals_come_go_and_come_back() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    none = replace(state.sessions["id-1"], totals=())
    data = document.render(with_session(state, none))
    assert changed_lines(PROJECT, data) == (
        [line.strip() for line in TWO_LABELS.split("\n")],
        ["<Labels />"],
    )
    back = parse_improj(data, "x")
    assert back.render(with_session(back.state(), state.sessions["id-1"])) == PROJECT
    first = replace(state.sessions["id-2"], totals=(ClassTotal("down", 1, 2.0),), tags="None")
    text = document.render(with_session(state, first)).decode()
    assert '<Labels>\n          <Label count="1" length="2">down</Label>\n        </Labels>\n' in text


def test_a_session_without_a_label_file_gets_one_and_loses_it() -> None:
    line = b'        <LabelFile modified="5249982133989123174">/Data/down/down_02/label.label</LabelFile>\n'
    data = PROJECT.replace(line, b"")
    document = parse_improj(data, "x.improj")
    state = document.state()
    session = state.sessions["id-2"]
    assert session.label_file == ""
    label_file = "Data/down/down_02/label.label"
    labelled = replace(session, label_file=label_file, labels_modified="5249982133989123174")
    assert document.render(with_session(state, labelled)) == PROJECT
    full = parse_improj(PROJECT, "x")
    assert full.render(with_session(full.state(), session)) == data


def test_what_is_ours_is_not_in_the_file() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    ours = replace(state.sessions["id-1"], done=frozenset({"down"}), flag="look", message="broken")
    assert document.render(with_session(state, ours)) == PROJECT


def test_a_new_session_and_a_removed_one() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    new = replace(state.sessions["id-4"], id="id-5", name="down_05")
    more = with_session(state, new)
    more.members["validation"] = ["id-4", "id-5"]
    data = document.render(more)
    gone, come = changed_lines(PROJECT, data)
    assert gone == []
    text = session_xml(4).replace("down_04", "down_05", 1).replace("id-4", "id-5")
    assert come == [line.strip() for line in text.strip().split("\n")]
    again = parse_improj(data, "x")
    assert again.state().sessions["id-5"] == new
    back = again.state()
    del back.sessions["id-5"]
    back.members["validation"].remove("id-5")
    assert again.render(back) == PROJECT


def test_reordering_inside_a_set() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = edited(document.state(), members={**document.state().members, "train": ["id-3", "id-1", "id-2"]})
    data = document.render(state)
    assert parse_improj(data, "x").state().members["train"] == ["id-3", "id-1", "id-2"]
    assert sorted(data.splitlines()) == sorted(PROJECT.splitlines())


def test_targets_and_balance() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    sets = tuple(DataSet("train", 0.55) if s.id == "train" else s for s in state.sets)
    data = document.render(edited(state, sets=sets, balance="AnnotatedLength", scope="Everything"))
    assert changed_lines(PROJECT, data)[1] == [
        '<Database balance="AnnotatedLength" redistributionScope="Everything">',
        '<DataSet id="train" targetSize="0.55" labels="Complete">',
    ]
