"""Metadata, CI, the wheel and the pages for newcomers agree with each other and with what is there."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from labelloop.cli.main import VERBS, VERSION
from tests.source import files, imports
from tests.where import ROOT, SOURCE

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
META = PROJECT["project"]
CI = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
CI_RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
PAGES = ("README.md", "app/README.md", "tests/README.md", ".github/CONTRIBUTING.md", "CHANGELOG.md")
COMMANDS = ("README.md", "tests/README.md", ".github/CONTRIBUTING.md")  # pages that say what to type
SYSTEMS = {"ubuntu-latest": "Operating System :: POSIX :: Linux", "macos-latest": "Operating System :: MacOS"}
PART_OF = {  # libraries that come with another one, or by another name
    "rich": "textual",
    "keras": "tensorflow",
    "dateutil": "python-dateutil",
}
PROGRAMS = {"pre-commit", "cosmic-ray", "cr-report"}  # what a page has a reader install first


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def listed(key: str) -> list[str]:
    """The values of a list in brackets in the CI's matrix."""
    found = re.search(rf"^ +{key}: \[(.*)\]$", CI, re.MULTILINE)
    assert found
    return [word.strip(' "') for word in found[1].split(",")]


def names_of(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[<>=\[ ]", text)[0] for text in requirements}


DEPENDENCIES, DEV = names_of(META["dependencies"]), names_of(META["optional-dependencies"]["dev"])
TRAIN = names_of(META["optional-dependencies"]["train"])
PYTHONS = [x.rsplit(" ", 1)[1] for x in META["classifiers"] if re.fullmatch(r".*Python :: 3\.\d+", x)]


# Pythons and systems


def test_classifiers_are_the_pythons_that_may_install_it() -> None:
    low, high = re.findall(r"3\.(\d+)", META["requires-python"])
    assert META["requires-python"] == f">=3.{low},<3.{high}"
    assert [f"3.{minor}" for minor in range(int(low), int(high))] == PYTHONS


def test_ci_tries_each_python_and_each_system() -> None:
    assert listed("python") == PYTHONS
    assert {SYSTEMS[name] for name in listed("os")} == {
        x for x in META["classifiers"] if x.startswith("Operating System")
    }


def test_style_and_types_are_those_of_the_oldest_python() -> None:
    assert PROJECT["tool"]["mypy"]["python_version"] == PYTHONS[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + PYTHONS[0].replace(".", "")


def test_the_readme_names_the_pythons() -> None:
    assert f"Python {', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}" in page("README.md")


def test_ci_runs_what_everybody_runs() -> None:
    assert re.findall(r"run: (.*)", CI) == [".ci/run"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


# Libraries


def third_party(folder: Path) -> set[str]:
    """What the modules below a folder import that neither Python nor this project has."""
    here = {"labelloop", "tests", "generate", *sys.stdlib_module_names}
    found = (x.name.split(".")[0] for path in files(folder) for x in imports(page(str(path))))
    return {PART_OF.get(name, name) for name in found} - here


def test_every_library_that_the_program_imports_is_required_and_no_other() -> None:
    assert third_party(SOURCE) == DEPENDENCIES | TRAIN


def test_every_library_that_only_tests_import_is_a_development_one() -> None:
    assert third_party(ROOT / "tests") - DEPENDENCIES - DEV <= {"mir_eval"}


def test_textual_is_held_to_the_release_whose_private_parts_are_known() -> None:
    (textual,) = (text for text in META["dependencies"] if text.startswith("textual"))
    assert textual == "textual>=8.2,<8.3"
    assert "Textual is pinned to 8.2 " in page("app/README.md")


@pytest.mark.parametrize("hook", re.findall(r"entry: (.*)", page(".pre-commit-config.yaml")))
def test_what_runs_before_a_commit_is_a_development_tool(hook: str) -> None:
    assert Path(hook.split()[0]).name in DEV


def test_each_tool_that_decides_is_a_development_one() -> None:
    tools = set(re.findall(r'^"\$bin/([\w-]+)"', CI_RUN, re.MULTILINE))
    assert tools >= {"ruff", "mypy"}
    assert tools - {"python", "pip"} <= DEV


# The version


def test_there_is_one_version() -> None:
    assert META["version"] == VERSION


def test_the_changelog_begins_with_what_is_not_released_and_has_this_version() -> None:
    sections = re.findall(r"^## \[?([\w.]+)\]?(?: - \d{4}-\d\d-\d\d)?$", page("CHANGELOG.md"), re.MULTILINE)
    assert sections[:2] == ["Unreleased", META["version"]]


# The wheel


def wheel_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wheel_check", ROOT / ".ci" / "wheel.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WHEEL = [
    "labelloop/__main__.py",
    "labelloop/py.typed",
    "labelloop/_assets/styles/10-names.tcss",
    "labelloop/_assets/demo_data/Gestures/Gestures.improj",
    "labelloop-0.1.0.dist-info/METADATA",
]


def test_a_wheel_with_all_that_it_needs_has_no_fault() -> None:
    assert wheel_check().faults(WHEEL) == []


@pytest.mark.parametrize("name", WHEEL[:-1])
def test_a_wheel_that_lacks_something_is_refused(name: str) -> None:
    (fault,) = wheel_check().faults(x for x in WHEEL if x != name)
    assert fault.endswith(" missing")


@pytest.mark.parametrize(
    "name", ["app/__init__.py", "tests/where.py", "labelloop_more/a.py", "other-1.0.dist-info/METADATA"]
)
def test_a_wheel_that_would_put_files_elsewhere_is_refused(name: str) -> None:
    assert wheel_check().faults([*WHEEL, name]) == [f"{name} belongs to no package of ours"]


def test_the_wheel_is_made_of_the_package_and_what_it_shows() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["app/labelloop"]
    assert wheel["force-include"] == {name: f"labelloop/_assets/{name}" for name in assets_in_use()}


def assets_in_use() -> set[str]:
    """The names that the program asks ``asset`` for."""
    calls = (
        node
        for path in files(SOURCE)
        for node in ast.walk(ast.parse(page(str(path))))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "asset"
    )
    return {ast.literal_eval(call.args[0]) for call in calls}


def test_what_the_source_package_takes_along_exists() -> None:
    include = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert [name for name in include if not (ROOT / name).exists()] == []


def test_types_are_shipped() -> None:
    assert (SOURCE / "labelloop" / "py.typed").is_file()
    assert "Typing :: Typed" in META["classifiers"]


def test_the_command_starts_a_function_that_exists() -> None:
    module, _, function = META["scripts"]["labelloop"].partition(":")
    tree = ast.parse(page(f"app/{module.replace('.', '/')}.py"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# The pages for newcomers


def typed(name: str) -> Iterator[list[str]]:
    """The words of each command that a page has in its indented blocks, those behind ``&&`` on their own."""
    for line in re.findall(r"^    ((?:\.venv/|\.ci/|python3? |labelloop ).*)$", page(name), re.MULTILINE):
        words = shlex.split(line.removesuffix("\\"), comments=True)
        while "&&" in words:
            end = words.index("&&")
            yield words[:end]
            words = words[end + 1 :]
        yield words


TYPED = [(name, words) for name in COMMANDS for words in typed(name)]


@pytest.mark.parametrize(("name", "words"), TYPED)
def test_a_command_on_a_page_is_one_that_exists(name: str, words: list[str]) -> None:
    program = words[0].removeprefix(".venv/bin/")
    if program == words[0] and "/" in program:
        assert os.access(ROOT / program, os.X_OK)
    elif program == "labelloop":
        assert words[1] in VERBS
    else:
        assert program in {"python", "python3", "pip", *DEV, *PROGRAMS}
    if words[1:2] == ["-m"]:
        assert words[2] in {"venv", "pytest"} or is_module(words[2]), words


def is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return (place / "__main__.py").is_file() or place.with_suffix(".py").is_file()


@pytest.mark.parametrize(("name", "words"), [x for x in TYPED if "pytest" in x[1]])
def test_markers_and_places_of_tests_on_a_page_exist(name: str, words: list[str]) -> None:
    known = {text.partition(":")[0] for text in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}
    rest = words[words.index("pytest") + 1 :]
    for option, value in pairwise(rest):
        if option == "-m":
            assert set(re.findall(r"\w+", value)) - {"not", "and", "or"} <= known
    assert [word for word in rest if word.startswith("tests/") and not (ROOT / word).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_links_to_exists(name: str) -> None:
    links = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", page(name))
    assert [x for x in links if not ((ROOT / name).parent / x).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_places_that_a_page_names_in_the_checkout_exist(name: str) -> None:
    places = re.findall(r"`((?:app|tests|styles|demo_data|\.ci|\.github)/[\w./-]*)`", page(name))
    made = {"tests/fuzz/corpus"}  # only there once an input was kept
    assert [x for x in places if x not in made and not (ROOT / x).exists()] == []


def test_a_page_has_each_marker() -> None:
    named = re.findall(r"^\| `(\w+)` \|", page("tests/README.md"), re.MULTILINE)
    assert named == [text.partition(":")[0] for text in PROJECT["tool"]["pytest"]["ini_options"]["markers"]]
