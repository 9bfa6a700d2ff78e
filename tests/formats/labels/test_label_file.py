"""Label files: what is understood, what survives, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.errors import UserError
from labelloop.formats.labels.label_file import EMPTY_LABELS, parse_labels
from labelloop.project.labels import Label

HEADER = b"Time(Seconds),Length(Seconds),Label(string),Confidence(double),Comment(string)"
SPACED = b"Time(seconds), Length(seconds), Label(string), Confidence(double), Comment(string) "
TWO = HEADER + b"\n0.5,1,Dry,1,\n2.25,0.5,Touch,0,\n"


def only(data: bytes) -> Label:
    (label,) = parse_labels(data, "x.label").labels
    return label


QUIRKS = {
    "plain": TWO,
    "header only": HEADER + b"\n",
    "header only without newline": HEADER,
    "empty file": b"",
    "blank lines only": b"\n\n",
    "byte order mark": b"\xef\xbb\xbf" + TWO,
    "carriage returns": TWO.replace(b"\n", b"\r\n"),
    "mixed line ends": HEADER + b"\r\n0,1,a,1,\n1,1,a,1,\r\n2,1,a,1,\r3,1,b,1,\n",
    "no last newline": TWO[:-1],
    "hash before the header": b"#" + TWO,
    "spaces": SPACED + b"\n0.5, 1, Dry, 1,  \n2.25, 0.5, Touch, 0, note \n",
    "exponents": HEADER + b"\n5.2193690000E-001,1.0E+0,Dry,1.0,\n",
    "long confidence": HEADER + b"\n0,1,Dry,1.0,\n1,1,Dry,0.50,\n2,1,Dry,0,\n3,1,Dry,,\n",
    "quoted comma": HEADER + b'\n0,1,Dry,1,"a, b"\n1,1,"x, y",1,"say ""hi"""\n',
    "quoted newline": HEADER + b'\n0,1,Dry,1,"two\nlines"\n1,1,Wet,1,\n',
    "stray quote": HEADER + b'\n0,1,Dry,1,5" pipe\n1,1,Wet,1,"open\n',
    "empty lines": HEADER + b"\n\n0,1,a,1,\n\n  \n1,1,a,1,\n\n",
    "comment lines": b"# made by hand\n" + HEADER + b"\n# first\n0,1,a,1,\n# last\n",
    "unsorted": HEADER + b"\n5,1,a,1,\n0,1,b,1,\n3,1,a,1,\n",
    "equal rows": HEADER + b"\n0,1,a,1,\n0,1,a,1,\n0.0,1,a,1,\n",
    "four columns": HEADER + b"\n0,1,a,1\n1,1,b,1\n",
    "trailing commas": HEADER + b"\n0,1,a,1,,\n1,1,b,1,,,\n",
    "three column header": b"Time,Length,Label\n0,1,a\n",
    "unknown column": b"Time(s),Length(s),Label,Confidence,Comment,Author\n0,1,a,1,,me\n",
    "other order": b"Label,Time,Length\na,0,1\n",
    "no header": b"0,1,a,1,\n",
    "no class": HEADER + b"\n0,1,,1,\n1,1,a,1,\n",
    "only commas": HEADER + b"\n,,,,\n",
    "header twice": TWO + HEADER + b"\n9,1,a,1,\n",
    "control characters": HEADER + b"\n0,1,a\x1b[31mb\x07,1,\x0b\n1,1,\xe2\x80\xa8,1,\n",
    "spaces in names": HEADER + "\n0,1,Live Labeling ü \u00a0,1,\n".encode(),
}


@pytest.mark.parametrize("data", QUIRKS.values(), ids=QUIRKS.keys())
def test_an_unchanged_file_is_written_back_to_the_byte(data: bytes) -> None:
    document = parse_labels(data, "x.label")
    assert document.render(document.labels) == data
    assert document.render(sorted(document.labels, key=Label.key)) == data
    assert document.render(reversed(document.labels)) == data


@pytest.mark.parametrize("data", QUIRKS.values(), ids=QUIRKS.keys())
def test_a_label_removed_and_put_back_leaves_no_trace(data: bytes) -> None:
    document = parse_labels(data, "x.label")
    for i, gone in enumerate(document.labels):
        rest = [*document.labels[:i], *document.labels[i + 1 :]]
        without = bytes(document.render(rest))
        assert sorted(map(Label.key, parse_labels(without, "x").labels)) == sorted(map(Label.key, rest))
        assert document.render([*rest, gone]) == data


@pytest.mark.parametrize(
    "name",
    sorted(QUIRKS.keys() - {"unsorted", "equal rows", "mixed line ends", "header twice", "empty lines"}),
)
def test_undo_after_the_changed_file_was_read_anew(name: str) -> None:
    data = QUIRKS[name]
    labels = parse_labels(data, "x.label").labels
    for i, gone in enumerate(labels):
        rest = [*labels[:i], *labels[i + 1 :]]
        if not rest:
            continue
        again = parse_labels(bytes(parse_labels(data, "x.label").render(rest)), "x.label")
        back = again.render([*again.labels, gone])
        assert sorted(back.splitlines()) == sorted(data.splitlines())
        if b"#" not in data and b'"' not in data:
            assert back == data


def test_fields_are_understood() -> None:
    label = only(HEADER + b"\n -1.5 , 2e0 , Dry run , 0.25 , note \n")
    assert label == Label(-1.5, 2.0, "Dry run", 0.25, "note")
    assert only(HEADER + b'\n0,1,"a, b",1,"say ""hi"""\n') == Label(0, 1, "a, b", 1, 'say "hi"')
    assert only(b"Label,Duration,Start\na,2,1\n") == Label(1, 2, "a")
    assert only(HEADER + b"\n0,1,a,,\n").confidence == 1
    assert only(HEADER + b"\n0,1,a,0,\n").confidence == 0
    assert only(HEADER + b"\n0,1,a\x1b[31m,1,\n").name == "a\x1b[31m"


def test_empty_files_and_files_without_a_header_warn() -> None:
    assert parse_labels(b"", "x.label").warnings
    assert parse_labels(b"0,1,a,1,\n", "x.label").warnings
    assert parse_labels(HEADER + b"\n0,1,,1,\n", "x.label").warnings == [
        "x.label, line 2: this row has no class; it is left as it is."
    ]
    assert parse_labels(HEADER + b"\n0,1,a,80,\n", "x.label").warnings
    assert parse_labels(TWO, "x.label").warnings == []


def test_new_rows_go_to_their_sorted_place_in_the_form_of_studio() -> None:
    document = parse_labels(TWO, "x.label")
    labels = [
        *document.labels,
        Label(1.0, 1.0, "Wet"),
        Label(9.5, 0.125, "Dry", 0.5),
        Label(0.25, 1e-7, "Dry"),
    ]
    assert document.render(labels) == (
        HEADER + b"\n0.25,1E-07,Dry,1,\n0.5,1,Dry,1,\n1,1,Wet,1,\n2.25,0.5,Touch,0,\n9.5,0.125,Dry,0.5,\n"
    )


def test_new_rows_follow_the_spaced_dialect() -> None:
    header_only = parse_labels(SPACED + b"\n", "x.label")
    assert header_only.render([Label(1, 2, "Dry")]) == SPACED + b"\n1, 2, Dry, 1,  \n"
    document = parse_labels(SPACED.rstrip() + b"\r\n0, 1, Dry, 1, ", "x.label")
    assert document.render([*document.labels, Label(1, 2, "Dry")]) == (
        SPACED.rstrip() + b"\r\n0, 1, Dry, 1, \r\n1, 2, Dry, 1, "
    )


def test_new_rows_keep_blank_and_comment_lines_where_they_are() -> None:
    document = parse_labels(b"# top\n" + HEADER + b"\n\n# first\n1,1,a,1,\n\n# end\n", "x.label")
    new = [*document.labels, Label(0, 1, "a"), Label(5, 1, "a")]
    assert document.render(new) == (
        b"# top\n" + HEADER + b"\n\n# first\n0,1,a,1,\n1,1,a,1,\n5,1,a,1,\n\n# end\n"
    )
    assert document.render([]) == b"# top\n" + HEADER + b"\n\n# first\n\n# end\n"


def test_a_new_file_gets_header_and_rows() -> None:
    assert parse_labels(EMPTY_LABELS, "x").render([Label(1, 2, "a")]) == EMPTY_LABELS + b"1,2,a,1,\n"
    assert parse_labels(b"", "x").render([Label(1, 2, "a")]) == EMPTY_LABELS + b"1,2,a,1,\n"
    assert parse_labels(b"", "x").render([]) == b""


def test_awkward_names_are_quoted_and_read_back() -> None:
    for name in (
        "a, b",
        'say "hi"',
        "two\nlines",
        " edges ",
        "\ttab",
        '"',
        "a\rb",
        "#x",
        "ü\x1b",
        "a\u2028b",
    ):
        data = bytes(parse_labels(EMPTY_LABELS, "x").render([Label(1, 2, name, 0.5, name)]))
        assert only(data) == Label(1, 2, name, 0.5, name)


def test_an_edited_label_that_kept_its_row_keeps_its_unknown_columns() -> None:
    document = parse_labels(QUIRKS["unknown column"], "x")
    edited = replace(document.labels[0], name="b")
    assert document.render([edited]).endswith(b"\n0,1,b,1,,me\n")
    assert document.render([*document.labels, replace(edited, start=4.0)]).endswith(
        b"\n0,1,a,1,,me\n4,1,b,1,,me\n"
    )


def test_equal_labels_with_rows_of_their_own_both_survive() -> None:
    document = parse_labels(QUIRKS["equal rows"], "x")
    first, second, third = document.labels
    assert document.render([third]) == HEADER + b"\n0.0,1,a,1,\n"
    assert document.render([first, third]) == HEADER + b"\n0,1,a,1,\n0.0,1,a,1,\n"
    assert document.render([first, second]) == HEADER + b"\n0,1,a,1,\n0,1,a,1,\n"
    assert document.render([first, first, first]).count(b"0,1,a,1,") == 3


REFUSED = {
    "one column": (HEADER + b"\n0\n", "line 2", "1 column"),
    "two columns": (HEADER + b"\n0,1,a,1,\n0,1\n", "line 3", "2 columns"),
    "seven columns": (HEADER + b"\n0,1,a,1,x,y,z\n", "line 2", "7 columns"),
    "text for a start": (HEADER + b"\nsoon,1,a,1,\n", "line 2", "start 'soon'"),
    "text for a length": (HEADER + b"\n0,long,a,1,\n", "line 2", "length 'long'"),
    "text for a confidence": (HEADER + b"\n0,1,a,sure,\n", "line 2", "confidence 'sure'"),
    "no length": (HEADER + b"\n0,,a,1,\n", "line 2", "length ''"),
    "underscore": (HEADER + b"\n1_0,1,a,1,\n", "line 2", "start '1_0'"),
    "nan": (HEADER + b"\nnan,1,a,1,\n", "line 2", "finite"),
    "infinite": (HEADER + b"\n0,inf,a,1,\n", "line 2", "finite"),
    "nan confidence": (HEADER + b"\n0,1,a,NaN,\n", "line 2", "finite"),
    "negative": (HEADER + b"\n0,1,a,1,\n5,-1,a,1,\n", "line 3", "ends before it starts"),
    "too far": (HEADER + b"\n1e308,1e308,a,1,\n", "line 2", "too far"),
    "after quoted lines": (HEADER + b'\n0,1,a,1,"x\ny"\n0,oops,a,1,\n', "line 4", "length 'oops'"),
    "decimal commas": (HEADER + b"\n0,5,1,25,Dry,1,\n", "line 2", "columns"),
    "latin-1": (HEADER + b"\n0,1,a,1,\n0,1,\xfc,1,\n", "line 3", "UTF-8"),
    "utf-16": (TWO.decode().encode("utf-16"), "x.label", "UTF-8"),
    "binary": (HEADER + b"\n\x00\x01\x02", "x.label", "binary"),
    "a signal": (b"Time (seconds),x,y\n0,1,2\n", "line 1", "header"),
    "xml": (b"<?xml version='1.0'?>\n<a />", "line 1", "header"),
}


@pytest.mark.parametrize(("data", "place", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_can_not_be_understood_is_refused_in_a_sentence(data: bytes, place: str, why: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_labels(data, "x.label")
    message = str(caught.value)
    assert message.startswith("x.label")
    assert place in message
    assert why in message
    assert message.endswith(".")
    assert message.isprintable()


def test_a_message_shows_no_control_characters() -> None:
    with pytest.raises(UserError) as caught:
        parse_labels(HEADER + b"\n\x1b[31m,1,a,1,\n", "a\x1b[2J.label")
    assert str(caught.value).isprintable()


def test_a_class_that_no_text_file_can_hold_is_refused() -> None:
    with pytest.raises(UserError):
        parse_labels(EMPTY_LABELS, "x").render([Label(0, 1, "\ud800")])
    with pytest.raises(UserError):
        parse_labels(EMPTY_LABELS, "x").render([Label(0, 1, "a\x00")])


def test_many_odd_rows_make_one_warning() -> None:
    document = parse_labels(HEADER + b"\n0,1,,1,\n" * 3 + HEADER, "x.label")
    assert document.warnings == [
        "x.label, line 2: this row (and 2 more) has no class; it is left as it is.",
        "x.label, line 7: this row repeats the header; it is left as it is.",
    ]
