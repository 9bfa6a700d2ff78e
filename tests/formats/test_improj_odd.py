"""Odd, damaged and new project files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.project.classes import ClassDef
from labelloop.project.project import ProjectState
from labelloop.project.session import ClassTotal
from labelloop.project.sets import DEFAULT_SETS
from tests.formats.projects import PROJECT, edited, moved, session_xml, with_session


def test_unknown_parts_and_comments_survive_any_change() -> None:
    data = PROJECT.replace(
        b'      <Session name="down_02"', b"      <!-- watch -->\n      <Session odd='1' name=\"down_02\""
    )
    data = data.replace(
        b"      </Session>\n    </DataSet>",
        b"        <More />\n      </Session>\n      <Other/>\n    </DataSet>",
    )
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert document.render(state) == data
    state = moved(moved(state, "id-2", "test"), "id-4", "test")
    text = document.render(edited(state, sets=DEFAULT_SETS)).decode()
    for part in ("<!-- watch -->\n      <Session odd='1'", "<More />", "<Other/>"):
        assert text.count(part) == data.decode().count(part)
    gone = moved(document.state(), "id-2", "train")
    del gone.sessions["id-2"]
    gone.members["train"].remove("id-2")
    assert b"<!-- watch -->" in document.render(gone)


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


def test_text_of_every_kind_is_read_and_written() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    for name in (
        "a & b",
        "<x>",
        "say \"hi\" 'you'",
        " edges ",
        "two\nlines\r",
        "\ttab",
        "\x1b[31m",
        "ü\udc80",
        "]]>",
    ):
        session = replace(state.sessions["id-1"], name=name, label_track=name, custom={"col-1": name})
        new = edited(with_session(state, session), classes=(ClassDef(name, 1), state.classes[1]))
        new.sessions["id-1"] = replace(session, totals=(ClassTotal(name, 1, 1.0), *session.totals[1:]))
        again = parse_improj(document.render(new), "x").state()
        assert again.sessions == new.sessions
        assert again.classes == new.classes


REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b"\xef\xbb\xbf \n", "empty"),
    "no xml": (b"Time,x\n0,1\n", "line 1"),
    "cut off": (PROJECT[:2000], "well-formed"),
    "latin-1": (PROJECT.replace(b"down_01", b"down_\xfc1"), "UTF-8"),
    "utf-16": (PROJECT.decode().encode("utf-16"), "UTF-8"),
    "binary": (b"\x89HDF\r\n\x1a\n\x00\x00", "UTF-8"),
    "null": (PROJECT.replace(b"kept", b"ke\x00pt"), "line 6"),
    "undefined entity": (PROJECT.replace(b"kept", b"&kept;"), "line 6"),
    "document type": (b"<!DOCTYPE x>\n" + PROJECT[PROJECT.index(b"<Imag") :], "safety"),
    "entities": (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ImagimobStudio>&b;</ImagimobStudio>',
        "safety",
    ),
    "outside entity": (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ImagimobStudio>&a;</ImagimobStudio>',
        "safety",
    ),
    "other xml": (b"<svg />", "svg"),
    "a session file": (b'<ImagimobStudio version="0.9"><Timeline id="x" /></ImagimobStudio>', "session file"),
    "two roots": (b"<ImagimobStudio /><ImagimobStudio />", "well-formed"),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_project_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_improj(data, "x.improj")
    assert str(caught.value).startswith("x.improj")
    assert why in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_new_project_reads_back() -> None:
    state = parse_improj(PROJECT, "x").state()
    data = new_improj(state, project_id="p-1")
    assert data.startswith(
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<ImagimobStudio version="1.1.0">\n  <Job'
    )
    assert data.endswith(b"\n</ImagimobStudio>")
    document = parse_improj(data, "y")
    assert document.state() == state
    assert document.render(state) == data
    assert document.project_type == "Classification"
    empty = new_improj(ProjectState())
    assert parse_improj(empty, "y").state() == ProjectState()
    assert b'    <SymbolMap />\n    <DataSet id="unassigned" targetSize="0" labels="Unassigned" />\n' in empty


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
