"""The places of our files beside a project."""

from __future__ import annotations

from pathlib import Path

from labelloop.storage.home import ProjectHome

HOME = ProjectHome(Path("p"))


def test_all_files_lie_below_one_folder() -> None:
    names = {
        "journal": "journal.jsonl", "mark": "mark.json", "lock": "lock", "sidecar": "project.json",
        "original": "original.improj", "view": "view.json", "cache": "cache", "runs": "runs",
        "conflicts": "conflicts",
    }  # fmt: skip
    assert {name: getattr(HOME, name) for name in names} == {
        name: Path("p/.labelloop") / file for name, file in names.items()
    }


def test_documents_have_side_files_of_their_own() -> None:
    first, second = HOME.side_file("labels/a/b"), HOME.side_file("labels/a/c")
    assert first != second
    assert first.parent.parent == Path("p/.labelloop/state")
    assert first.parent.name == first.stem[:2]
    assert (len(first.stem), first.suffix) == (24, ".json")


def test_a_name_that_is_no_text_has_a_side_file() -> None:
    assert HOME.side_file("labels/\udcff").suffix == ".json"
