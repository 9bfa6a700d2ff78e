"""The shape of classes, functions, files and tests: nothing grows past what can be read at one go.

That each command has exactly one handler is tested in tests/screens/test_commands.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.source import files, texts
from tests.where import ROOT, SOURCE

MOST_CLASSES = 3  # of ours over a class's MRO, itself included
MOST_METHODS = 80  # distinct names of functions in these classes
MOST_ATTRIBUTES = 25  # distinct names set on self, or in a class's body without being a function
MOST_FUNCTION_LINES = 60  # from def to the last line, its docstring included
MOST_FILE_LINES = 400

# Classes that may have more attributes, with the reason.
MANY_ATTRIBUTES = {
    "labelloop.commands.command.Context": "a frozen record: what all commands may ask of a moment",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a class has over its MRO, as far as the classes are ours."""

    name: str
    classes: tuple[str, ...]
    methods: frozenset[str] = field(default_factory=frozenset)
    attributes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Class:
    """A class as its source says it: full names of its bases, and what its own body brings."""

    bases: tuple[str, ...]
    methods: frozenset[str]
    attributes: frozenset[str]


def shapes(sources: Mapping[str, str]) -> list[Shape]:
    """The shape of every class at the top of a module.

    Members of an enumeration are values of it, not attributes, and don't count.
    """
    classes = dict(found for module, text in sources.items() for found in _classes(module, text, sources))
    return [_shape(name, classes) for name in classes]


def _shape(name: str, classes: Mapping[str, _Class]) -> Shape:
    ours = list(dict.fromkeys(_ancestry(name, classes)))
    parts = [classes[other] for other in ours]
    methods = frozenset[str]().union(*(part.methods for part in parts))
    attributes = frozenset[str]().union(*(part.attributes for part in parts))
    return Shape(name, tuple(ours), methods, attributes - methods)


def _ancestry(name: str, classes: Mapping[str, _Class]) -> Iterator[str]:
    if name in classes:
        yield name
        for base in classes[name].bases:
            yield from _ancestry(base, classes)


def _classes(module: str, text: str, modules: Mapping[str, str]) -> Iterator[tuple[str, _Class]]:
    tree = ast.parse(text)
    known = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            known |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            bases = tuple(_full_name(base, known) for base in node.bases)
            enum = any(base.endswith(("Enum", "Flag")) for base in bases)
            attributes = frozenset(_set_on_self(node)) | (frozenset() if enum else frozenset(_in_body(node)))
            yield f"{module}.{node.name}", _Class(bases, frozenset(_methods(node)), attributes)


def _full_name(base: ast.expr, known: Mapping[str, str]) -> str:
    """The full name of a base class, without what stands in brackets behind it."""
    if isinstance(base, ast.Subscript):
        base = base.value
    first, dot, rest = ast.unparse(base).partition(".")
    return known.get(first, first) + dot + rest


def _methods(node: ast.ClassDef) -> Iterator[str]:
    yield from (x.name for x in node.body if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef))


def _in_body(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (x.id for target in targets for x in ast.walk(target) if isinstance(x, ast.Name))


def _set_on_self(node: ast.ClassDef) -> Iterator[str]:
    for x in ast.walk(node):
        if (
            isinstance(x, ast.Attribute)
            and isinstance(x.ctx, ast.Store)
            and isinstance(x.value, ast.Name)
            and x.value.id == "self"
        ):
            yield x.attr


def functions(text: str) -> Iterator[tuple[str, int]]:
    """The functions of a source with their lines, those in classes and functions too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def its_test(module: Path) -> Path:
    """Where the tests of a module of the program stand."""
    inside = module.relative_to(SOURCE / "labelloop")
    return ROOT / "tests" / inside.with_name(f"test_{inside.name}")


SHAPES = shapes(texts())
PYTHON = [*files(SOURCE), *files(ROOT / "tests"), *files(ROOT / "demo_data")]


# Classes


def test_no_class_is_made_of_many() -> None:
    assert {s.name: s.classes for s in SHAPES if len(s.classes) > MOST_CLASSES} == {}


def test_no_class_has_many_methods() -> None:
    assert {s.name: len(s.methods) for s in SHAPES if len(s.methods) > MOST_METHODS} == {}


def test_no_class_has_many_attributes() -> None:
    many = {s.name: len(s.attributes) for s in SHAPES if len(s.attributes) > MOST_ATTRIBUTES}
    assert {name: count for name, count in many.items() if name not in MANY_ATTRIBUTES} == {}
    assert set(MANY_ATTRIBUTES) <= set(many), "an exception that is not needed"


MADE = {
    "m.base": """
from enum import StrEnum
from typing import Generic

class Base(Generic[T]):
    KIND = "a"
    COMMANDS: ClassVar[dict[str, str]] = {}

    def __init__(self):
        self.one, self.two = 1, 2
        for self.three in range(3):
            pass
        with open("x") as self.file:
            self.one += 1

    @property
    def size(self):
        return self.never_set

class Colour(StrEnum):
    RED = "red"
""",
    "m.middle": """
from m.base import Base as Under

class Middle(Under[int]):
    KIND = "b"

    def size(self):
        other.four = 4

    async def go(self):
        self.five: int = 5
""",
    "m.top": """
import m.middle

class Top(m.middle.Middle, Unknown):
    def go(self):
        self.size = 6
""",
}


def test_a_class_is_counted_over_its_mro() -> None:
    top = next(shape for shape in shapes(MADE) if shape.name == "m.top.Top")
    assert top.classes == ("m.top.Top", "m.middle.Middle", "m.base.Base")
    assert top.methods == {"__init__", "size", "go"}
    assert top.attributes == {"KIND", "COMMANDS", "one", "two", "three", "file", "five"}


def test_members_of_an_enumeration_are_no_attributes() -> None:
    colour = next(shape for shape in shapes(MADE) if shape.name == "m.base.Colour")
    assert colour.attributes == frozenset()


# Functions and files


def test_no_function_is_long() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {name} has {lines} lines"
        for path in PYTHON
        for name, lines in _functions_of(path)
        if lines > MOST_FUNCTION_LINES
    ] == []


def test_no_file_is_long() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert {str(p.relative_to(ROOT)): count for p, count in lines.items() if count > MOST_FILE_LINES} == {}


def test_a_function_is_counted_from_def_to_its_last_line() -> None:
    made = (
        "@decorated\ndef outer():\n    '''Doc.'''\n\n    async def inner():\n        return (\n1\n        )"
    )
    assert list(functions(made)) == [("outer", 7), ("inner", 4)]


# Tests


def test_each_module_has_a_test_module_of_its_name() -> None:
    modules = [path for path in files(SOURCE / "labelloop") if not path.name.startswith("__")]
    assert [
        str(wanted.relative_to(ROOT)) for path in modules if not (wanted := its_test(path)).is_file()
    ] == []


def test_each_test_module_has_tests() -> None:
    assert [
        str(path.relative_to(ROOT))
        for path in files(ROOT / "tests")
        if path.name.startswith("test_")
        and not any(name.startswith("test_") for name, _ in _functions_of(path))
    ] == []


def _functions_of(path: Path) -> Iterator[tuple[str, int]]:
    return functions(path.read_text(encoding="utf-8"))


def test_no_inner_function_hides_an_imported_name() -> None:
    """One that does calls itself where the imported one is meant."""
    hidden = []
    for path in PYTHON:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            (alias.asname or alias.name)
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for outer in ast.walk(tree):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [x for x in ast.walk(outer) if isinstance(x, ast.FunctionDef) and x is not outer]
                hidden += [f"{path.relative_to(ROOT)}:{x.lineno}" for x in inner if x.name in imported]
    assert hidden == []
