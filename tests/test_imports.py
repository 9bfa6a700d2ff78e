"""Who imports whom: no circles, rooms and their parts in order, libraries in their places, a light start."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.end_to_end.support import environment
from tests.made_project import make_project
from tests.source import between, circles, graph, imports, inside, module_of, part_of, room_of, texts, upward

TERMINAL = {"textual", "rich"}
HEAVY = {"tensorflow", "keras", "pandas", "h5py"}

# Which rooms each room imports: all of these, no other. Everybody may use what stands in EVERYBODY.
EVERYBODY = {"labelloop", "errors"}
ROOMS: dict[str, set[str]] = {
    "contract": set(),
    "project": set(),
    "formats": {"contract", "project"},
    "storage": {"contract", "project", "formats"},
    "labeling": {"project"},
    "jobs": {"contract", "storage"},
    "learning": {"contract", "formats", "storage", "labeling", "jobs"},
    "assets": set(),
    "services": {"assets", "contract", "project", "formats", "storage", "labeling", "jobs"},
    "rendering": set(),
    "commands": set(),
    "widgets": {"assets", "rendering", "commands"},
    "screens": {
        *("contract", "project", "formats", "storage", "labeling", "jobs"),
        *("services", "rendering", "commands", "widgets"),
    },
    "app": {"project", "storage", "services", "rendering", "commands", "widgets", "screens"},
    "cli": {
        *("contract", "project", "formats", "storage", "labeling", "jobs"),
        *("services", "rendering", "app"),
    },
    "__main__": {"cli"},
}

# The order inside rooms, lowest first: a part imports only parts that stand lower, or itself.
ORDER: dict[str, list[set[str]]] = {
    "formats": [
        {"dotnet", "paths", "opening", "xml"},
        {"model"},
        {"improj", "labels", "signals"},
        {"registry"},
    ],
    "learning": [{"networks"}, {"data"}, {"predicting"}, {"training"}, {"__main__"}],
    "services": [
        {"sessions"},
        {"training", "review"},
        {"labels", "projects"},
        {"generating"},
        {"exchange"},
    ],
    "screens": [
        {"routes"},
        {"shared"},
        {"viewer"},
        {"review", "generate", "training"},
        {"sessions"},
    ],
}

# Modules that import something of ours inside a function, with the reason.
LATE = {
    "labelloop.__main__": "the terminal's defaults are set before anything else is loaded",
    "labelloop.app": "the first frame does not wait for what the training jobs need",
    "labelloop.learning.__main__": "a worker loads what its kind of job needs",
    "labelloop.learning.predicting.model_io": "the reader of model files works without building networks",
    "labelloop.services.projects.doctor": "the machine can be checked where a project can't be read",
    "labelloop.storage.signals": "a signal in the cache needs nothing that reads recordings",
}

HDF5 = ("labelloop.formats.model.model_file", "labelloop.formats.model.contained")  # read model files

# Modules that import by a name in a text, with the reason.
BY_NAME = {
    "labelloop.cli.main": "a verb loads its own module only",
    "labelloop.formats.registry": "the formats know the registry, which lists them",
    "labelloop.screens.routes": "a screen is loaded when it is opened, and may lead to those above it",
}

TEXTS = texts()
GRAPH = graph(TEXTS)


# Circles


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(GRAPH) == []


@pytest.mark.parametrize(
    "line",
    [
        "import labelloop.b",
        "from labelloop import b",
        "from labelloop.b import thing",
        "def late():\n    from labelloop.b import thing",
        "class A:\n    def late(self):\n        import labelloop.b",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from labelloop.b import Thing",
        "import typing\nif typing.TYPE_CHECKING:\n    from labelloop import b",
        "try:\n    import labelloop.b as other\nexcept ImportError:\n    pass",
    ],
)
def test_a_circle_is_found_however_it_is_imported(line: str) -> None:
    made = {"labelloop": "", "labelloop.a": line, "labelloop.b": "from labelloop.a import x"}
    assert circles(graph(made)) == [["labelloop.a", "labelloop.b"]]


def test_a_long_circle_is_found_and_what_leads_to_it_is_no_part_of_it() -> None:
    made = {"top": {"a"}, "a": {"b"}, "b": {"c", "leaf"}, "c": {"a"}, "leaf": set[str]()}
    assert circles(made) == [["a", "b", "c"]]


def test_two_circles_are_two() -> None:
    made = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}
    assert circles(made) == [["a", "b"], ["c", "d"]]


def test_a_module_that_imports_itself_is_a_circle() -> None:
    assert circles({"a": {"a"}}) == [["a"]]


def test_two_ways_to_one_module_are_no_circle() -> None:
    made = {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set[str]()}
    assert circles(made) == []


def test_a_relative_import_is_refused() -> None:
    with pytest.raises(ValueError, match="full names"):
        graph({"labelloop.a": "from . import b", "labelloop.b": ""})


# Rooms and their parts


def test_rooms_import_exactly_the_rooms_of_the_table() -> None:
    used = {edge for edge in between(GRAPH, room_of) if edge[0] not in EVERYBODY and edge[1] not in EVERYBODY}
    allowed = {(room, target) for room, targets in ROOMS.items() for target in targets}
    assert {"not allowed": used - allowed, "not in use": allowed - used} == {
        "not allowed": set(),
        "not in use": set(),
    }


def test_the_table_names_every_room() -> None:
    assert {room_of(module) for module in GRAPH} == {*ROOMS, *EVERYBODY}


def test_what_everybody_may_use_imports_nothing_of_ours() -> None:
    assert [edge for edge in between(GRAPH, room_of) if edge[0] in EVERYBODY] == []


@pytest.mark.parametrize("room", ORDER)
def test_parts_of_a_room_import_lower_ones_only(room: str) -> None:
    wrong = upward(between(inside(room, GRAPH), part_of), ORDER[room])
    assert [
        f"{module} imports {target}"
        for module, targets in inside(room, GRAPH).items()
        for target in targets
        if (part_of(module), part_of(target)) in wrong
    ] == []


@pytest.mark.parametrize("room", ORDER)
def test_the_order_names_every_part_of_a_room(room: str) -> None:
    assert set().union(*ORDER[room]) == {part_of(module) for module in inside(room, GRAPH)}


def test_parts_of_one_layer_do_not_import_each_other() -> None:
    layers: Sequence[set[str]] = [{"low"}, {"left", "right"}, {"high"}]
    edges = {("left", "right"), ("low", "high"), ("high", "low"), ("right", "low")}
    assert upward(edges, layers) == {("left", "right"), ("low", "high")}


# Imports that are not at the top of a file


def test_imports_in_functions_stand_where_start_up_needs_them() -> None:
    late = {
        module
        for module, text in TEXTS.items()
        for found in imports(text)
        if found.late and module_of(found.name, TEXTS) is not None and room_of(module) != "cli"
    }
    assert late == set(LATE)


def test_imports_by_name_stand_in_the_table() -> None:
    by_name = {
        module
        for module, text in TEXTS.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("import_module", "importlib.import_module", "__import__")
    }
    assert by_name == set(BY_NAME)


# Libraries


@pytest.mark.parametrize("module", list(TEXTS))
def test_libraries_stay_in_their_places(module: str) -> None:
    room = room_of(module)
    found = list(imports(TEXTS[module]))
    anywhere = {x.name.split(".")[0] for x in found}
    top = {x.name.split(".")[0] for x in found if not x.late and not x.typing}
    if room not in ("screens", "widgets", "app"):
        assert not anywhere & TERMINAL
    if room != "learning":
        assert not top & HEAVY
        assert not anywhere & {"tensorflow", "keras"}
    if room != "storage":
        assert "pandas" not in anywhere
    if room not in ("storage", "learning") and module not in HDF5:
        assert "h5py" not in anywhere
    assert "plotext" not in anywhere or module == "labelloop.rendering.charts"
    if room in ("project", "contract"):
        assert top <= sys.stdlib_module_names | {"numpy", "labelloop"}


def loaded_by(*names: str) -> set[str]:
    """The top names in ``sys.modules`` of a fresh process after these imports."""
    code = f"import {', '.join(names)}, sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("room", sorted(ROOMS.keys() - {"screens", "widgets", "app", "learning", "__main__"}))
def test_a_room_loads_neither_terminal_nor_heavy_libraries(room: str) -> None:
    assert not loaded_by(*(module for module in TEXTS if room_of(module) == room)) & (TERMINAL | HEAVY)


def test_the_app_starts_without_heavy_libraries() -> None:
    names = [module for module in TEXTS if room_of(module) in ("screens", "widgets", "app")]
    assert not loaded_by(*names) & HEAVY


@pytest.mark.parametrize("verb", ["info", "undo", "jobs", "rescan", "--help"])
def test_verbs_start_light(verb: str, tmp_path: Path) -> None:
    project = make_project(tmp_path, 1)
    code = (
        "import sys; from labelloop.cli.main import run; "
        f"run([{verb!r}, {str(project)!r}] if {verb!r}[0] != '-' else [{verb!r}]); "
        "print(*{m.split('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.splitlines()[-1].split()) & (TERMINAL | HEAVY)
