"""What is written keeps every unknown part and any text."""

from __future__ import annotations

from dataclasses import replace

from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.classes import ClassDef
from labelloop.project.session import ClassTotal
from labelloop.project.sets import DEFAULT_SETS
from tests.formats.projects import PROJECT, edited, moved, with_session


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
