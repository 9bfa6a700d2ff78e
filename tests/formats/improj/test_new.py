"""A new project file reads back."""

from __future__ import annotations

from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.project.project import ProjectState
from tests.formats.projects import PROJECT


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
