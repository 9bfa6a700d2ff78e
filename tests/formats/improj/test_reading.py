"""Odd project files are understood, and stay as they are."""

from __future__ import annotations

from dataclasses import replace

from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.classes import ClassDef
from labelloop.project.session import ClassTotal
from tests.formats.projects import PROJECT, moved, session_xml, with_session


def test_sessions_that_share_an_id_stay_apart() -> None:
    data = PROJECT.replace(b"id-2", b"id-1")
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert state.members["train"] == ["id-1#down/down_01", "id-1#down/down_02", "id-3"]
    assert document.warnings
    assert document.render(state) == data
    locked = replace(state.sessions["id-1#down/down_02"], locked=True)
    text = document.render(with_session(state, locked)).decode()
    assert text.count('ownerLocked="True"') == 1
    assert text.index('ownerLocked="True"') > text.index("down_02")


def test_paths_with_backslashes_and_recordings_that_share_a_folder() -> None:
    data = PROJECT.replace(b"/Data/down/down_03", b"\\Data\\down\\down_03").replace(b"down_03/", b"down_03\\")
    document = parse_improj(data, "x.improj")
    session = document.state().sessions["id-3"]
    assert session.data_file == "Data/down/down_03/data.csv"
    assert session.path == "down/down_03"
    assert document.render(document.state()) == data
    flat = PROJECT.replace(b"/data.csv", b"_data.csv")
    for number in (b"1", b"2", b"3", b"4"):
        name = b"down_0" + number
        flat = flat.replace(name + b"/" + name + b".imsession", name + b".imsession")
    paths = [session.path for session in parse_improj(flat, "x").state().sessions.values()]
    assert paths == ["down/down_01", "down/down_02", "down/down_03", "down/down_04"]


def test_numbers_that_are_none_count_as_nothing_and_stay() -> None:
    data = PROJECT.replace(b'samplerate="50.5"', b'samplerate="fast"', 1).replace(b"[4]", b"[4,x]", 1)
    data = data.replace(b'count="2" length="1.5"', b'count="many" length="1e999"').replace(
        b'id="2"', b'id="two"'
    )
    document = parse_improj(data, "x.improj")
    session = document.state().sessions["id-1"]
    assert (session.rate_hz, session.shape, session.totals[0]) == (0.0, (), ClassTotal("down", 0, 0.0))
    assert document.state().classes[1] == ClassDef("up", 2, 0.5)
    assert document.render(document.state()) == data


def test_many_sessions_that_share_everything_stay_apart() -> None:
    text = session_xml(2)
    data = PROJECT.replace(text.encode(), text.encode() * 3)
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert len(state.sessions) == len({*state.members["train"], *state.members["validation"]}) == 6
    assert len(document.warnings) == 1
    assert document.render(state) == data
    second = state.members["train"][2]
    state.members["train"].remove(second)
    del state.sessions[second]
    assert document.render(state) == PROJECT.replace(text.encode(), text.encode() * 2)


def test_sets_that_share_an_id_are_one() -> None:
    data = PROJECT.replace(b'id="test"', b'id="train"')
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert document.render(state) == data
    assert state.members["train"] == ["id-1", "id-2", "id-3"]
    again = parse_improj(document.render(moved(state, "id-4", "train", 3)), "x").state()
    assert again.members["train"] == ["id-1", "id-2", "id-3", "id-4"]
