"""The project file's classes, columns and sets: changed, made when missing, dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.classes import ClassDef
from labelloop.project.project import CustomColumn
from labelloop.project.session import Session
from labelloop.project.sets import DEFAULT_SETS
from tests.formats.projects import (
    PROJECT,
    changed_lines,
    edited,
    with_session,
)


def test_a_new_class_enters_the_symbol_map_and_the_predefined_labels() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    new = edited(state, classes=(*state.classes, ClassDef("left & right", 3)))
    data = document.render(new)
    assert changed_lines(PROJECT, data) == (
        [],
        ['<Symbol name="left &amp; right" id="3" weight="1" />', "<Label>left &amp; right</Label>"],
    )
    again = parse_improj(data, "x")
    assert again.state() == new
    assert again.render(edited(again.state(), classes=state.classes)) == PROJECT


def test_classes_are_renamed_weighted_reordered_and_deleted() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    down, up = state.classes
    renamed = document.render(edited(state, classes=(replace(down, name="lower"), up)))
    assert changed_lines(PROJECT, renamed)[1] == [
        '<Symbol name="lower" id="1" weight="1" />',
        "<Label>lower</Label>",
    ]
    weighted = document.render(edited(state, classes=(down, replace(up, weight=2.0))))
    assert changed_lines(PROJECT, weighted)[1] == ['<Symbol name="up" id="2" weight="2" />']
    swapped = document.render(edited(state, classes=(up, down)))
    assert parse_improj(swapped, "x").state().classes == (up, down)
    assert swapped.index(b"(unlabelled)") < swapped.index(b'name="up"') < swapped.index(b'name="down"')
    plain = with_session(state, replace(state.sessions["id-1"], totals=()))
    less = document.render(edited(plain, classes=(up,)))
    assert parse_improj(less, "x").state().classes == (up,)
    assert b"PredefinedLabels" not in less
    again = parse_improj(less, "x")
    assert b"<Label>down</Label>" in again.render(edited(again.state(), classes=(down, up)))


def test_classes_that_only_totals_or_labels_name() -> None:
    data = PROJECT.replace(b'      <Symbol name="up" id="2" weight="0.5" />\n', b"")
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert [(c.name, c.id) for c in state.classes] == [("down", 1), ("up", 2)]
    assert document.render(state) == data
    new = edited(state, classes=(*state.classes, ClassDef("left", 3)))
    added = document.render(new)
    assert len(changed_lines(data, added)[1]) == 2
    assert parse_improj(added, "x").state().classes == new.classes
    first = edited(state, classes=state.classes[::-1])
    assert parse_improj(document.render(first), "x").state().classes == first.classes


def test_columns_come_change_and_go() -> None:
    document = parse_improj(PROJECT, "x.improj")
    state = document.state()
    (notes,) = state.columns
    named = document.render(edited(state, columns=(replace(notes, name="Remarks"),)))
    assert changed_lines(PROJECT, named)[1] == [
        '<CustomColumn id="col-1" name="Remarks" internalName="Notes" />'
    ]
    more = document.render(edited(state, columns=(notes, CustomColumn("col-2", "Category 1", "Category 1"))))
    assert len(changed_lines(PROJECT, more)[1]) == 1
    none = document.render(edited(state, columns=()))
    assert b"CustomColumns" not in none
    again = parse_improj(none, "x")
    assert again.render(edited(again.state(), columns=(notes,))) == PROJECT


BARE = b"""<?xml version="1.0" encoding="UTF-8"?>
<ImagimobStudio version="1.1.0">
  <Job id="1" />
  <ModelFactory />
  <PredefinedLabels />
</ImagimobStudio>"""


@pytest.mark.parametrize(
    "data",
    [
        BARE,
        b"<ImagimobStudio />",
        b"<ImagimobStudio></ImagimobStudio>",
        b"<ImagimobStudio>\n  <Database />\n</ImagimobStudio>",
        b"<ImagimobStudio><Database></Database></ImagimobStudio>",
        b'<ImagimobStudio>\n  <Database><DataSet id="train"/></Database>\n</ImagimobStudio>',
    ],
)
def test_missing_parts_are_made_when_they_are_needed(data: bytes) -> None:
    document = parse_improj(data, "x.improj")
    state = document.state()
    assert document.render(state) == data
    assert {s.id for s in state.sets} == {s.id for s in DEFAULT_SETS}
    session = Session(
        "id-9", "up_09", "up/up_09", "Data/up/up_09/data.csv", "Data/up/up_09/up_09.imsession", ""
    )
    full = edited(
        state,
        sessions={"id-9": session},
        members={**state.members, "validation": ["id-9"]},
        classes=(ClassDef("up", 1),),
        columns=(CustomColumn("c", "Notes", "Notes"),),
        balance="LabelCount",
    )
    rendered = document.render(full)
    again = parse_improj(rendered, "x").state()
    assert again == full
    assert document.render(state) == data


def test_made_parts_stand_in_studios_order() -> None:
    document = parse_improj(BARE, "x.improj")
    state = edited(
        document.state(), classes=(ClassDef("up", 1),), columns=(CustomColumn("c", "Notes", "Notes"),)
    )
    assert document.render(state).decode() == (
        BARE.decode().replace(
            "  <PredefinedLabels />",
            '  <Database balance="AnnotatedLength" redistributionScope="Everything">\n'
            "    <SymbolMap>\n"
            '      <Symbol name="up" id="1" weight="1" />\n'
            "    </SymbolMap>\n"
            "  </Database>\n"
            "  <CustomColumns>\n"
            '    <CustomColumn id="c" name="Notes" internalName="Notes" />\n'
            "  </CustomColumns>\n"
            "  <PredefinedLabels>\n"
            "    <Label>up</Label>\n"
            "  </PredefinedLabels>",
        )
    )
