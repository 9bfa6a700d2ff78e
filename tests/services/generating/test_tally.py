"""What a request would do to all sessions: counts that follow, and why nothing would come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labelloop.formats.model.info import ModelInfo
from labelloop.jobs.scores import Scores, scores_file, write_scores
from labelloop.project.label_changes import EditLabels
from labelloop.services.generating import model as previewing
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.generating.scorer import Scorer
from labelloop.services.generating.tally import Tally
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project

LABEL, AUTO = Target.parse("existing:label"), Target.parse("new:auto")
MODEL = Path("m.h5")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    project = make_project(tmp_path / "p", 3)
    for file in project.parent.rglob("data.csv"):
        t = np.arange(200) / 20
        bump = np.where((t % 3 > 1) & (t % 3 < 1.6), np.sin(8 * t) + 1.5, 0.0)
        rows = [f"{a:.3f},{b:.5f},{b / 2:.5f}" for a, b in zip(t, bump, strict=True)]
        file.write_text("Time (seconds),x,y\n" + "\n".join(rows) + "\n")
    opened = open_project(project, "test")
    yield opened
    opened.close()


@pytest.fixture
def scorer(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scorer]:
    """A model that has scored every session: one event of the class up from 2 to 3 s, at 0.8."""
    monkeypatch.setattr(previewing, "find_model", lambda *_: MODEL)
    info = ModelInfo(MODEL, "m", "labelloop", "dense", ("up",), ("x", "y"), 20.0, 1, post={"threshold": 0.5})
    monkeypatch.setattr(previewing, "model_info", lambda _: info)
    high = np.where((np.arange(100) >= 20) & (np.arange(100) < 30), 0.8, 0.01).astype(np.float32)
    scores = Scores("m", ("up",), np.arange(101) / 10, np.stack([1 - high, high], axis=1))
    for session in store.project.sessions():
        write_scores(scores_file(store.layout.cache, session.id, MODEL), scores)
    made = Scorer(store)
    yield made
    made.stop()


def tally(store: ProjectStore, scorer: Scorer, request: GenerateRequest) -> Tally:
    made = Tally(store, scorer)
    made.ask(request, list(store.project.sessions()))
    until = time.monotonic() + 20
    while not made.finished and time.monotonic() < until:
        made.go_on()
        time.sleep(0.01)
    assert made.finished
    return made


def ask(method: str, *source: str, target: Target = AUTO, **settings: str) -> GenerateRequest:
    classes = ("up",) if method in ("threshold", "session") else ()
    words = {name: (value,) for name, value in settings.items()}
    return GenerateRequest(method, ("all",), target, source, classes=classes, settings=words)


REQUESTS = {
    "model": ask("model", "m"),
    "track": ask("track", "label", target=LABEL),
    "copy": ask("track", "label"),
    "similar": ask("similar", "up/up_00@1.5"),
    "threshold": ask("threshold", "x > 1"),
    "session": ask("session"),
}
DROPS = [
    ("model", "threshold", "0.97", "threshold 0.97 drops everything"),
    ("model", "min_length", "9", "smallest length 9 drops everything"),
    ("model", "max_length", "0.01", "longest length 0.01 drops everything"),
    ("track", "min_length", "9", "smallest length 9 drops everything"),
    ("track", "max_length", "0.01", "longest length 0.01 drops everything"),
    ("track", "offset", "99", "offset 99 drops everything"),
    ("copy", "min_length", "9", "smallest length 9 drops everything"),
    ("similar", "min_length", "9", "smallest length 9 drops everything"),
    ("threshold", "min_length", "9", "smallest length 9 drops everything"),
    ("threshold", "max_length", "0.01", "longest length 0.01 drops everything"),
    ("session", "min_length", "99", "smallest length 99 drops everything"),
]


@pytest.mark.parametrize(("method", "option", "value", "why"), DROPS)
def test_the_setting_that_drops_everything_is_named(
    store: ProjectStore, scorer: Scorer, method: str, option: str, value: str, why: str
) -> None:
    request = REQUESTS[method]
    assert tally(store, scorer, request).why == ""
    made = tally(store, scorer, replace(request, settings={**request.settings, option: (value,)}))
    assert made.why == why
    assert made.text().endswith(why)
    assert made.added == 0


def test_settings_that_drop_only_together_and_labels_that_stay(store: ProjectStore, scorer: Scorer) -> None:
    both = replace(REQUESTS["model"], settings={"min_length": ("9",), "threshold": ("0.97",)})
    assert tally(store, scorer, both).why == "these settings together drop everything"
    for session in store.project.sessions():
        labels = tuple(store.project.track(session.id))
        whole = (replace(labels[0], start=0.0, length=session.length_s, source_text=""),)
        store.editor.apply(EditLabels(session.id, "label", labels, whole))
    held = tally(store, scorer, replace(REQUESTS["model"], target=LABEL))
    assert held.why == "keeping the confirmed labels there drops everything"


def test_what_finds_nothing_at_all_blames_no_setting(store: ProjectStore, scorer: Scorer) -> None:
    request = replace(REQUESTS["threshold"], source=("x > 100",), settings={"gap": ("1",)})
    assert tally(store, scorer, request).why == "nothing is found, whatever the settings"


@pytest.mark.parametrize("method", ["track", "copy", "similar", "threshold", "session"])
def test_the_counts_are_what_a_run_does(store: ProjectStore, scorer: Scorer, method: str) -> None:
    counted = tally(store, scorer, REQUESTS[method])
    outcome = wait_for_run(start(store, REQUESTS[method]))
    told = {o.session.id: (o.added, o.kept, o.removed) for o in counted.outcomes}
    assert told == {o.session.id: (o.added, o.kept, o.removed) for o in outcome.sessions}
    assert counted.added == outcome.added


def test_a_session_that_does_not_fit_holds_the_others_up_no_more(store: ProjectStore, scorer: Scorer) -> None:
    second = list(store.project.sessions())[1]
    store.inside(second.data_file, "it").write_text("Time (seconds),x\n0,1\n1,2\n")
    made = tally(store, scorer, REQUESTS["similar"])
    assert [o.session.id for o in made.problems] == [second.id]
    assert "channels" in made.problems[0].problem
    assert made.added > 0
