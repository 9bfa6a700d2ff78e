"""A new project file in the form that Studio gives its own."""

from __future__ import annotations

import uuid

from labelloop.formats.improj.factory import factory_node
from labelloop.formats.improj.model_list import PLACEHOLDER, models_text
from labelloop.formats.improj.writing import column_node, set_node, symbol_node
from labelloop.formats.xml.scanner import BOM, Node, Style
from labelloop.project.project import ProjectState

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _database_node(state: ProjectState) -> Node:
    sets = [
        set_node(data_set, [state.sessions[i] for i in state.members.get(data_set.id, [])])
        for data_set in state.sets
    ]
    symbols = Node("SymbolMap", children=[symbol_node(value) for value in state.classes])
    own = [("balance", state.balance), ("redistributionScope", state.scope)]
    return Node("Database", own, children=[symbols, *sets])


def new_improj(
    state: ProjectState, project_type: str = "Classification", project_id: str | None = None
) -> bytes:
    """The bytes of a project file for ``state``; ``project_id`` is made up when none is given."""
    parts = [
        Node("Job", [("id", str(uuid.uuid4()))]),
        Node("ProjectType", (), project_type),
        Node("ProjectId", (), project_id or str(uuid.uuid4())),
        factory_node(state.factory),
        Node("Models", (), PLACEHOLDER if state.models else None),
        _database_node(state),
    ]
    if state.columns:
        parts.append(Node("CustomColumns", children=[column_node(column) for column in state.columns]))
    if state.classes:
        labels = [Node("Label", (), value.name) for value in state.classes]
        parts.append(Node("PredefinedLabels", children=labels))
    root = Node("ImagimobStudio", [("version", "1.1.0")], children=parts)
    text = root.render(Style(), "")
    if state.models:
        text = text.replace(PLACEHOLDER, models_text(state.models, Style()), 1)
    return BOM + (DECLARATION + text).encode("utf-8")
