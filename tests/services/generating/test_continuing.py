"""A run without a model that ended early does what is left, exactly as if it had not ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labelloop.errors import UserError
from labelloop.jobs.run import RunFolder
from labelloop.project.labels import Label
from labelloop.services.generating import search, track, whole
from labelloop.services.generating.continuing import continue_run
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.generating.runs import label_runs
from labelloop.services.labels.history import revert_run
from labelloop.services.sessions.marks import remove_sessions
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project

LABEL = Target.parse("existing:label")
ASKED = {
    "track": GenerateRequest("track", ("all",), LABEL, ("label",), settings={"offset": ("0.25",)}),
    "session": GenerateRequest("session", ("all",), Target.parse("new:whole"), classes=("up",)),
    "similar": GenerateRequest("similar", ("all",), Target.parse("new:auto"), ("up/up_00@1.5",)),
    "threshold": GenerateRequest(
        "threshold", ("all",), Target.parse("new:auto"), ("x > 1",), classes=("up",)
    ),
}
Held = dict[tuple[str, str], list[tuple[float, float, str, float, bool]]]


class Killed(BaseException):
    """The process is gone."""


def made(folder: Path) -> ProjectStore:
    project = make_project(folder, 5)
    random = np.random.default_rng(0)
    for number, file in enumerate(sorted(project.parent.rglob("data.csv"))):
        t = np.arange(200) / 20
        bump = np.where((t % 3 > 1.5) & (t % 3 < 2), np.sin(12 * t) + 1.5, 0.0) * (1 - number / 8)
        noise = random.normal(0, 0.1 + number / 10, 200)
        rows = [f"{a:.3f},{b:.5f},{b / 2:.5f}" for a, b in zip(t, bump + noise, strict=True)]
        file.write_text("Time (seconds),x,y\n" + "\n".join(rows) + "\n")
    return open_project(project, "test")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = made(tmp_path / "p")
    yield opened
    opened.close()


def held(store: ProjectStore) -> Held:
    return {
        (s.path, track): [_facts(x) for x in store.project.track(s.id, track)]
        for s in store.project.sessions()
        for track in store.project.label_tracks_of(s.id)
    }


def _facts(x: Label) -> tuple[float, float, str, float, bool]:
    return x.start, x.end, x.name, x.confidence, x.confirmed


def die_after(monkeypatch: pytest.MonkeyPatch, sessions: int) -> None:
    """Let the process end in the middle of what it writes, without a word to its run folder."""
    count = 0
    for module, name in (
        (track, "_one"),
        (whole, "_whole"),
        (search, "put_events"),
    ):
        real = getattr(module, name)

        def one(*args: object, real: object = real) -> object:
            nonlocal count
            count += 1
            if count > sessions:
                raise Killed
            return real(*args)  # type: ignore[operator]

        monkeypatch.setattr(module, name, one)
    monkeypatch.setattr(track, "close_run", lambda *_: None)


@pytest.mark.parametrize("method", ASKED)
@pytest.mark.parametrize("after", [0, 2])
def test_the_rest_is_done_and_the_whole_is_one_run(
    store: ProjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, after: int
) -> None:
    undisturbed = made(tmp_path / "q")
    wait_for_run(start(undisturbed, ASKED[method]))
    expected = held(undisturbed)
    undisturbed.close()
    before = held(store)
    with monkeypatch.context() as patched:
        die_after(patched, after)
        with pytest.raises(Killed):
            wait_for_run(start(store, ASKED[method]))
    run = label_runs(store)[0]
    assert run.state == "lost"
    assert run.sessions == after
    assert expected != held(store)
    again = continue_run(store, run.id)
    assert again is not None
    assert wait_for_run(again).run == run.id
    assert held(store) == expected
    assert [(r.id, r.state) for r in label_runs(store)] == [(run.id, "done")]
    with pytest.raises(UserError, match="done"):
        continue_run(store, run.id)
    revert_run(store.editor, run.id)
    assert {key: value for key, value in held(store).items() if key in before} == before
    with pytest.raises(UserError, match="reverted"):
        continue_run(store, run.id)


def test_a_search_that_was_cancelled_goes_on_without_what_went_meanwhile(store: ProjectStore) -> None:
    going = start(store, ASKED["threshold"])
    going.cancel()
    wait_for_run(going)
    run = label_runs(store)[0]
    assert (run.state, run.sessions) == ("stopped", 0)
    remove_sessions(store.editor, [next(store.project.sessions())])
    again = continue_run(store, run.id)
    assert again is not None
    assert len(wait_for_run(again).sessions) == 4


def test_a_run_that_says_not_what_was_asked_is_refused(store: ProjectStore) -> None:
    run = RunFolder.create(store.layout.runs, "generate", "old", {"version": 1, "sessions": []})
    with pytest.raises(UserError, match="does not say what was asked"):
        continue_run(store, run.id)


def test_a_request_reads_back_as_it_was_kept() -> None:
    request = replace(ASKED["track"], rename=("a=b",), resize="start", resample=True, add_classes=True)
    assert GenerateRequest.from_json(request.to_json()) == request
    with pytest.raises(UserError, match="can't be read"):
        GenerateRequest.from_json({"method": "track"})
