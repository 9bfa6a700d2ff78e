"""Changes to an XML text touch only their own characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelloop.formats.xml.patch import Entry, Patch
from labelloop.formats.xml.scanner import Node, Style, attributes, content, scan

TEXT = "<r>\n  <!-- c -->\n  <a k='1' other=\"2\">x</a>\n  <b />\n</r>"
any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def patch(text: str = TEXT) -> Patch:
    return Patch(text, Style())


def test_without_edits_the_text_is_the_same() -> None:
    assert patch().apply() == TEXT


def test_an_attribute_keeps_its_place_and_quotes() -> None:
    edit = patch()
    edit.attribute(scan(TEXT).children[0], "k", "9")
    assert edit.apply() == TEXT.replace("k='1'", "k='9'")


def test_a_new_attribute_stands_behind_the_others() -> None:
    edit = patch()
    edit.attribute(scan(TEXT).children[0], "n", "9")
    assert edit.apply() == TEXT.replace('other="2"', 'other="2" n="9"')


@given(value=any_text)
def test_any_attribute_reads_back(value: str) -> None:
    edit = patch()
    edit.attribute(scan(TEXT).children[0], "k", value)
    text = edit.apply()
    assert attributes(text, scan(text).children[0])["k"] == value


@given(value=any_text)
def test_any_content_reads_back(value: str) -> None:
    edit = patch()
    edit.value(scan(TEXT).children[1], value)
    text = edit.apply()
    assert content(text, scan(text).children[1]) == value


def test_an_element_that_becomes_empty_closes_itself() -> None:
    edit = patch()
    edit.value(scan(TEXT).children[0], "")
    assert "<a k='1' other=\"2\" />\n" in edit.apply()


def test_a_dropped_element_leaves_the_comment_before_it() -> None:
    root = scan(TEXT)
    edit = patch()
    b = root.children[1]
    edit.entries(root, root.children, [Entry(b, TEXT[b.start : b.end])])
    text = edit.apply()
    assert "<!-- c -->" in text
    assert "<a" not in text


def test_a_new_element_stands_where_the_order_puts_it() -> None:
    root = scan(TEXT)
    edit = patch()
    edit.insert(root, [Node("m")], ["a", "m", "b"])
    assert edit.apply() == TEXT.replace("  <b />", "  <m />\n  <b />")


def test_a_removed_element_takes_the_space_before_it_along() -> None:
    edit = patch()
    edit.remove(scan(TEXT).children[1])
    assert edit.apply() == TEXT.replace("\n  <b />", "")


def test_edits_that_overlap_are_a_bug() -> None:
    edit = patch()
    edit.replace(0, 5, "x")
    edit.replace(3, 8, "y")
    with pytest.raises(AssertionError, match="overlap at 3"):
        edit.apply()
