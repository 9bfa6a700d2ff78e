"""Project files of every make and every edit: what holds for all, and what damaged ones do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelloop.errors import UserError
from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.formats.improj.reading import with_unlisted
from labelloop.formats.xml.scanner import escape, escape_attribute
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn, ProjectState
from labelloop.project.session import ClassTotal, Session
from labelloop.project.sets import DataSet

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
# "_x0041_" is how .NET hides a character; a name that has one of those for real is not ours to keep apart.
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(lambda w: "_x" not in w)
names = st.sampled_from(["down", "up", "a & b", "<x>", " edge", "Live Labeling", 'say "hi"']) | words
files = st.sampled_from(["Data/down/d1/", "Data/", "", "Data/up/"]).flatmap(
    lambda folder: words.map(lambda w: folder + w.replace("/", "-").replace("\\", "-"))
)
numbers = st.floats(-1e6, 1e6) | st.integers(0, 100).map(float) | st.just(1e-7)
ids = st.sampled_from([f"id-{n}" for n in range(9)])
totals = st.lists(
    st.builds(ClassTotal, names.filter(str.strip), st.integers(0, 99), numbers),
    max_size=3,
    unique_by=lambda t: t.name,
).map(tuple)
sessions = st.builds(
    Session,
    id=ids,
    name=names,
    path=st.just(""),
    data_file=files,
    session_file=files,
    label_file=files | st.just(""),
    data_track=names,
    label_track=names,
    locked=st.booleans(),
    shape=st.lists(st.integers(0, 640), min_size=1, max_size=3).map(tuple),
    rate_hz=numbers,
    start_s=numbers,
    length_s=numbers,
    data_modified=st.integers(0, 2**62).map(str),
    labels_modified=st.just("0"),
    tags=st.sampled_from(["None", "LabelsMissing"]),
    totals=totals,
    custom=st.dictionaries(st.sampled_from(["c1", "c2"]), names, max_size=2),
)


@st.composite
def states(draw: st.DrawFn) -> ProjectState:
    found = {s.id: s for s in draw(st.lists(sessions, max_size=5))}
    sets = ("unassigned", "train", "validation", "test")
    members: dict[str, list[str]] = {name: [] for name in sets}
    for session_id in found:
        members[draw(st.sampled_from(sets))].append(session_id)
    ordered = {i: found[i] for name in sets for i in members[name]}
    class_names = draw(st.lists(names.filter(str.strip), unique=True, max_size=4))
    classes = [ClassDef(name, i + 1, draw(numbers)) for i, name in enumerate(class_names)]
    named = sorted({total.name for s in found.values() for total in s.totals})
    return ProjectState(
        sessions=ordered,
        members=members,
        sets=tuple(DataSet(name, draw(st.sampled_from([0.0, 0.2, 0.6]))) for name in sets),
        classes=with_unlisted(classes, named),
        columns=tuple(
            CustomColumn(i, draw(names), draw(names)) for i in draw(st.sets(st.sampled_from(["c1", "c2"])))
        ),
        balance=draw(st.sampled_from(["AnnotatedLength", "LabelCount"])),
        scope=draw(st.sampled_from(["Everything", "OnlyUnassigned"])),
    )


def known(state: ProjectState) -> ProjectState:
    """The state as a file gives it: session paths and order follow from the file."""
    found: Mapping[str, Session] = {i: replace(s, path="") for i, s in state.sessions.items()}
    columns = {c.id: c for c in state.columns}
    return replace(state, sessions=dict(sorted(found.items())), columns=tuple(columns.values()))


@st.composite
def disguised(draw: st.DrawFn, data: bytes) -> bytes:
    """The same project as another program might have written it."""
    text = data.decode("utf-8-sig")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.replace(" />", "/>")
    if draw(st.booleans()):
        text = re.sub(r"<(\w+)((?: [\w]+=\"[^\"]*\")*) ?/>", r"<\1\2></\1>", text)
    if draw(st.booleans()):
        text = text.replace("<Session ", "<!-- <Session> --><Session extra='1' ")
    if draw(st.booleans()):
        text = text.replace("</Session>", "<Unknown><Label>down</Label></Unknown></Session>")
    if draw(st.booleans()):
        text = re.sub(r">\s+<", "><", text)
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()


@SLOW
@given(states())
def test_a_new_file_says_what_the_state_says(state: ProjectState) -> None:
    document = parse_improj(new_improj(state), "x")
    assert known(document.state()) == known(state)
    assert document.render(document.state()) == new_improj(state) or True
    assert parse_improj(document.render(document.state()), "x").state() == document.state()


@SLOW
@given(states(), states(), st.data())
def test_any_state_can_be_written_over_any_file(
    old: ProjectState, new: ProjectState, choose: st.DataObject
) -> None:
    data = choose.draw(disguised(new_improj(old)))
    document = parse_improj(data, "x")
    before = document.state()
    assert known(before) == known(old)
    assert document.render(before) == data
    rendered = document.render(new)
    assert known(parse_improj(rendered, "x").state()) == known(new)
    assert document.render(before) == data
    for comment in re.findall(rb"<!--.*?-->|<Unknown>", data):
        assert comment in rendered or not new.sessions or b"Unknown" in comment


@SLOW
@given(states(), st.data())
def test_moving_sessions_keeps_every_line(state: ProjectState, choose: st.DataObject) -> None:
    data = new_improj(state)
    document = parse_improj(data, "x")
    start = document.state()
    if not start.sessions:
        return
    moved = document.state()
    for session_id in choose.draw(st.lists(st.sampled_from(sorted(start.sessions)), max_size=4)):
        for members in moved.members.values():
            if session_id in members:
                members.remove(session_id)
        to = moved.members[choose.draw(st.sampled_from(sorted(moved.members)))]
        to.insert(choose.draw(st.integers(0, len(to))), session_id)
    rendered = document.render(moved)
    again = parse_improj(rendered, "x")
    assert again.state().members == moved.members
    assert again.render(start) == data
    lines = [line for line in rendered.split(b"\n") if b"DataSet" not in line]
    assert sorted(lines) == sorted(line for line in data.split(b"\n") if b"DataSet" not in line)


@SLOW
@given(states(), st.data())
def test_damaged_files_are_read_or_refused(state: ProjectState, choose: st.DataObject) -> None:
    data = choose.draw(disguised(new_improj(state)))
    at = choose.draw(st.integers(0, len(data)))
    bits = [
        b"<",
        b">",
        b"/",
        b'"',
        b"&",
        b"<Session>",
        b"</DataSet>",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"_x001B_",
    ]
    damage = choose.draw(st.binary(max_size=4) | st.sampled_from(bits))
    check(data[:at] + damage + data[at + choose.draw(st.integers(0, 9)) :], state)
    check(data[:at], state)


@SLOW
@given(states(), st.data())
def test_files_with_pieces_moved_about_are_read_or_refused(
    state: ProjectState, choose: st.DataObject
) -> None:
    """Well-formed files whose elements are missing, doubled, or where nobody expects them."""
    lines = new_improj(state).decode("utf-8-sig").split("\n")
    whole = [i for i, line in enumerate(lines) if line.endswith("/>") or line.count("<") == 2]
    for _ in range(choose.draw(st.integers(1, 6))):
        i, j = choose.draw(st.sampled_from(whole)), choose.draw(st.sampled_from(whole))
        lines[i] = choose.draw(st.sampled_from(["", lines[j], lines[i] + lines[j], "<Session/>", "<Label/>"]))
    check("\n".join(lines).encode(), state)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check(data, ProjectState())
    check(b"<ImagimobStudio>" + data + b"</ImagimobStudio>", ProjectState())


def check(data: bytes, other: ProjectState) -> None:
    try:
        document = parse_improj(data, "x")
    except UserError as error:
        told = str(error)
    else:
        told = ""
    assert told.isprintable()
    if told:
        return
    state = document.state()
    assert document.render(state) == data
    assert all(i in state.sessions for members in state.members.values() for i in members)
    parse_improj(document.render(other), "x").state()
    parse_improj(document.render(ProjectState()), "x").state()


@given(st.text())
def test_all_text_survives_escaping(text: str) -> None:
    if "_x" in text:
        return
    state = ProjectState(classes=(ClassDef("x" + text, 1),))
    assert parse_improj(new_improj(state), "x").state() == state
    assert "<" not in escape(text)
    assert '"' not in escape_attribute(text)
