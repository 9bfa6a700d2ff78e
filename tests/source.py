"""The program's source as the tests of its structure read it: modules, imports, rooms, circles."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.where import SOURCE

PACKAGE = "labelloop"
ROOT_ROOM = PACKAGE  # what the package's own __init__ is called where rooms are named
Graph = Mapping[str, set[str]]  # what each module imports
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a module imports: a module, or something of one.

    ``late`` is an import inside a function; ``typing`` one that only type checkers see.
    """

    name: str
    late: bool = False
    typing: bool = False


def files(folder: Path) -> list[Path]:
    """The Python files of a folder and of those in it."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def module_name(path: Path, root: Path = SOURCE) -> str:
    """The name by which a file is imported."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def texts() -> dict[str, str]:
    """The source of each module of the program."""
    return {module_name(path): path.read_text(encoding="utf-8") for path in files(SOURCE / PACKAGE)}


def imports(text: str) -> Iterator[Import]:
    """What a module's source imports, wherever in it. Raises ValueError for a relative import."""
    yield from _imports(ast.parse(text), late=False, typing=False)


def _imports(node: ast.AST, late: bool, typing: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, late, typing) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.level or node.module is None:
            raise ValueError(f"line {node.lineno}: write imports with their full names")
        yield from (Import(f"{node.module}.{alias.name}", late, typing) for alias in node.names)
    late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    typing = typing or (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"))
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, late, typing)


def module_of(name: str, modules: Mapping[str, object]) -> str | None:
    """The module behind an imported name: itself, or the one that it is taken from; None for others'."""
    if name in modules:
        return name
    module = name.rpartition(".")[0]
    return module if module in modules else None


def graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Which of these modules each imports, in functions and for type checkers too."""
    return {
        module: {target for found in imports(text) if (target := module_of(found.name, sources)) is not None}
        for module, text in sources.items()
    }


def reached(of: Graph, start: str) -> set[str]:
    """Everything that a module imports, directly or by way of others."""
    found: set[str] = set()
    ahead = list(of.get(start, ()))
    while ahead:
        module = ahead.pop()
        if module not in found:
            found.add(module)
            ahead.extend(of.get(module, ()))
    return found


def circles(of: Graph) -> list[list[str]]:
    """Groups of modules of which each imports, by some way, each other one of its group."""
    ways = {module: reached(of, module) for module in of}
    groups = {
        tuple(sorted(other for other in ways[module] if module in ways.get(other, ())))
        for module in of
        if module in ways[module]
    }
    return [list(group) for group in sorted(groups)]


def room_of(module: str) -> str:
    """The part of the package that a module belongs to."""
    return module.split(".")[1] if "." in module else ROOT_ROOM


def part_of(module: str) -> str:
    """The part of its room that a module belongs to; empty for the room's own ``__init__``."""
    return (*module.split("."), "", "")[2]


def between(of: Graph, name_of: Callable[[str], str]) -> set[Edge]:
    """Which groups import which others, when modules are grouped by a name."""
    edges = {(name_of(module), name_of(target)) for module, targets in of.items() for target in targets}
    return {(name, target) for name, target in edges if name != target}


def inside(room: str, of: Graph) -> dict[str, set[str]]:
    """The modules of a room, with the modules of this room that each imports."""
    return {
        module: {target for target in targets if room_of(target) == room}
        for module, targets in of.items()
        if room_of(module) == room and part_of(module)
    }


def upward(edges: set[Edge], layers: Sequence[set[str]]) -> set[Edge]:
    """Edges that do not lead to a lower layer; the first layer is the lowest."""
    height = {name: i for i, names in enumerate(layers) for name in names}
    return {(name, target) for name, target in edges if height[target] >= height[name]}
