"""The import contract: each part in a process of its own, and the directions read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.support import environment
from tests.made_project import make_project
from tests.where import SOURCE

PACKAGE = SOURCE / "labelloop"
TERMINAL = {"textual", "rich"}
HEAVY = {"tensorflow", "keras", "pandas", "h5py"}

CORE = {"contract", "project", "formats", "storage", "labeling", "jobs"}

# Which parts a part may import; errors and assets are for everybody.
ALLOWED = {
    "project": set[str](),
    "contract": set[str](),
    "formats": {"project"},
    "storage": {"project", "formats"},
    "labeling": {"project"},
    "jobs": {"project", "formats", "storage"},
    "services": CORE,
    "learning": CORE,
    "rendering": set[str](),
    "commands": {"project", "services"},
    "widgets": {"rendering", "commands"},
    "screens": {*CORE, "services", "commands", "widgets", "rendering", "app"},
    "cli": {*CORE, "services", "commands", "rendering", "app"},
}  # fmt: skip
EVERYBODY = {"errors", "assets"}


def modules() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        yield name.removesuffix(".__init__")


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(module: str, top_only: bool = False) -> Iterator[str]:
    """Full names of what a module imports; at its top only, or anywhere in it."""
    path = SOURCE / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in _outside_functions(tree) if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "labelloop")


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) or _is_typing_only(child):
            continue
        yield child
        yield from _outside_functions(child)


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


@pytest.mark.parametrize("module", list(modules()))
def test_imports_run_one_way(module: str) -> None:
    part = part_of(module)
    for name in imported(module):
        target = part_of(name) if name.startswith("labelloop.") else ""
        assert target != "learning" or part == "learning", f"{module} imports {name}"
        if part in ALLOWED and target and target not in EVERYBODY:
            assert target in ALLOWED[part] | {part}, f"{module} imports {name}"


@pytest.mark.parametrize("module", list(modules()))
def test_libraries_stay_in_their_places(module: str) -> None:
    part = part_of(module)
    top = {name.split(".")[0] for name in imported(module, top_only=True)}
    anywhere = {name.split(".")[0] for name in imported(module)}
    if part not in ("screens", "widgets") and module != "labelloop.app":
        assert not anywhere & TERMINAL
    if part != "learning":
        assert not top & HEAVY
        assert not anywhere & {"tensorflow", "keras"}
    if module != "labelloop.storage.ingest" and part != "storage":
        assert "pandas" not in anywhere
    if part not in ("storage", "learning") and module != "labelloop.formats.model.model_file":
        assert "h5py" not in anywhere
    assert "plotext" not in anywhere or module == "labelloop.rendering.charts"
    if part == "project":
        assert top <= sys.stdlib_module_names | {"numpy", "labelloop"}


def loaded_by(*imports: str) -> set[str]:
    """The top names in ``sys.modules`` of a fresh process after these imports."""
    code = f"import {', '.join(imports)}, sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("part", sorted(ALLOWED.keys() - {"screens", "widgets", "learning"}))
def test_a_part_loads_neither_terminal_nor_heavy_libraries(part: str) -> None:
    names = [name for name in modules() if part_of(name) == part and not name.endswith("__main__")]
    assert not loaded_by(*names) & (TERMINAL | HEAVY)


def test_the_app_starts_without_heavy_libraries() -> None:
    names = [name for name in modules() if part_of(name) in ("screens", "widgets", "app")]
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
