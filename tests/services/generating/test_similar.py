"""Find similar: events like the examples, and examples that do not fit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.project.session import Session
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import start
from labelloop.services.generating.request import GenerateRequest, wait_for_run
from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project, write_recording

LABEL = Target.parse("existing:label")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    opened = open_project(make_project(tmp_path / "p", 3), "test")
    yield opened
    opened.close()


def sessions(store: ProjectStore) -> list[Session]:
    return list(store.project.sessions())


def test_an_example_longer_than_a_session_is_said(store: ProjectStore) -> None:
    long, short = sessions(store)[:2]
    write_recording(store.inside(short.data_file, "it"), 20)
    example = Label.spanning(0.5, 8.5, "up")
    removed = tuple(store.project.track(long.id))
    store.editor.apply(EditLabels(long.id, "label", removed, (example,)))
    before = list(store.project.track(short.id))
    request = GenerateRequest("similar", (short.path,), LABEL, (f"{long.path}@0.5",))
    outcome = wait_for_run(start(store, request))
    assert "too short for the examples: they take 6.4 s" in outcome.sessions[0].problem
    assert list(store.project.track(short.id)) == before


def _example(store: ProjectStore, start_s: float, end_s: float) -> GenerateRequest:
    """A request for what looks like one label of the first session."""
    first = sessions(store)[0]
    removed = tuple(store.project.track(first.id))
    label = Label.spanning(start_s, end_s, "up")
    store.editor.apply(EditLabels(first.id, "label", removed, (label,)))
    return GenerateRequest("similar", ("down/down_01",), LABEL, (f"{first.path}@{start_s:g}",))


def test_an_example_of_hardly_any_samples_is_refused(store: ProjectStore) -> None:
    with pytest.raises(UserError, match=r"The example at 1 s in up/up_00 is too short"):
        start(store, _example(store, 1.0, 1.04))


def test_other_channels_are_said_for_the_session(store: ProjectStore) -> None:
    request = _example(store, 1.0, 3.0)
    write_recording(store.inside(sessions(store)[1].data_file, "it"), channels=3)
    outcome = wait_for_run(start(store, request))
    assert outcome.sessions[0].problem == "It has 3 channels, the examples have 2."


def test_no_example_there_is_refused(store: ProjectStore) -> None:
    with pytest.raises(UserError, match=r"9\.5"):
        start(store, GenerateRequest("similar", ("all",), LABEL, ("up/up_00@9.5",)))


def test_no_slivers_beside_confirmed_labels(tmp_path: Path) -> None:
    store = open_project(copy_demo(tmp_path / "demo"), "a test")
    words = ("down/down_01@51.961", "down/down_01@55.163", "down/down_01@56.542")
    request = GenerateRequest("similar", ("down/down_01",), Target("existing", "label"), words)
    run = start(store, request, dry=True)
    while not run.poll():
        time.sleep(0.01)
    assert [row.added for row in run.outcome.sessions] == [0]
    store.close()
