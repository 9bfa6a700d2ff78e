"""A project that was moved or copied keeps its jobs: their files say nothing of where it lay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from labelloop.jobs.places import portable, project_folder, rooted, written_below
from labelloop.jobs.run import RunFolder

RUN = Path("/home/user/p/.labelloop/runs/t1")


def request(project: str) -> dict[str, Any]:
    return {
        "cache_dir": f"{project}/.labelloop/cache",
        "sessions": [{"name": f"{project}/x", "source": f"{project}/Data/a/data.csv"}],
        "from": "/elsewhere/model.h5",
        "classes": [f"{project}/up"],
        "models": [{"path": f"{project}/Models/m.h5", "best": {"path": project}}],
    }


def test_only_paths_below_the_project_lose_its_place() -> None:
    made = portable(request("/home/user/p"), RUN)
    assert made["sessions"] == [{"name": "/home/user/p/x", "source": "$PROJECT/Data/a/data.csv"}]
    assert made["from"] == "/elsewhere/model.h5"
    assert made["classes"] == ["/home/user/p/up"]
    assert made["models"] == [{"path": "$PROJECT/Models/m.h5", "best": {"path": "$PROJECT"}}]
    assert portable({"path": "/home/user/p2/x"}, RUN) == {"path": "/home/user/p2/x"}


def test_what_was_made_portable_comes_back_where_the_project_lies() -> None:
    whole = request("/home/user/p")
    assert rooted(portable(whole, RUN), RUN) == whole
    there = Path("/mnt/q/.labelloop/runs/t1")
    assert rooted(portable(whole, RUN), there)["cache_dir"] == "/mnt/q/.labelloop/cache"


def test_whole_paths_of_an_older_version_move_with_the_project() -> None:
    old = request("/old/place")
    assert written_below(old) == "/old/place"
    assert rooted(old, RUN, written_below(old))["sessions"][0]["source"] == "/home/user/p/Data/a/data.csv"
    assert rooted(old, RUN)["sessions"] == old["sessions"]


@pytest.mark.parametrize("cache", ["/home/user/.cache/labelloop/x", "", None, 3])
def test_a_cache_elsewhere_says_nothing_of_the_project(cache: object) -> None:
    assert written_below({"cache_dir": cache}) == ""


def test_files_that_lie_apart_from_the_project_keep_whole_paths() -> None:
    apart = Path("/home/user/.local/labelloop/p/runs/t1")
    assert project_folder(apart) == ""
    assert portable(request("/home/user/p"), apart) == request("/home/user/p")
    assert rooted(request("/home/user/p"), apart, "/home/user/p") == request("/home/user/p")


@pytest.mark.parametrize("copied", [False, True])
def test_a_run_names_files_where_its_project_is(tmp_path: Path, copied: bool) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    run = RunFolder.create(one / ".labelloop" / "runs", "train", "n", request(str(one)))
    run.write("result.json", {"models": [{"path": str(one / "Models" / "m.h5")}]})
    assert str(tmp_path) not in json.dumps(json.loads((run.path / "result.json").read_text()))
    if copied:
        shutil.copytree(one, two)
    else:
        one.rename(two)
    moved = RunFolder.open(two / ".labelloop" / "runs", "t1")
    assert moved.request()["sessions"][0]["source"] == f"{two}/Data/a/data.csv"
    assert moved.result() == {"models": [{"path": str(two / "Models" / "m.h5")}]}
