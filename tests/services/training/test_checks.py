"""What is said before a training starts, and what keeps it from starting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.formats.improj.project_file import new_improj, parse_improj
from labelloop.project.session import Session
from labelloop.services.sessions.assign import assign
from labelloop.services.training import checks
from labelloop.services.training.jobs import notes_before
from labelloop.services.training.request import TrainingRequest
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore
from tests.made_project import make_project

Change = Callable[[Session], Session]
MANY = tuple(f"{i},0.5,up,1," for i in range(30))


@contextmanager
def training_on(
    folder: Path, rows: tuple[str, ...] = MANY, samples: int = 700, change: Change = lambda s: s
) -> Iterator[ProjectStore]:
    """Two sessions in Train, one in Validation and one in Test; the second is changed in the project file."""
    file = make_project(folder / "p", 4, rows, samples=samples)
    state = parse_improj(file.read_bytes(), "made").state()
    second = list(state.sessions)[1]
    state.sessions[second] = change(state.sessions[second])
    file.write_bytes(new_improj(state))
    store = open_project(file, "a test")
    sessions = list(store.project.sessions())
    assign(store.editor, sessions[:2], "train")
    assign(store.editor, sessions[2:3], "validation")
    assign(store.editor, sessions[3:], "test")
    yield store
    store.close()


def notes(store: ProjectStore, request: TrainingRequest | None = None) -> str:
    return " ".join(notes_before(store, request or TrainingRequest()))


def test_one_class_is_said_and_nothing_else(tmp_path: Path) -> None:
    with training_on(tmp_path) as store:
        assert notes(store) == "One class only is learned, up: all else counts as background."


def test_few_events_are_counted(tmp_path: Path) -> None:
    with training_on(tmp_path, ("1,0.5,up,1,", "3,0.5,down,1,")) as store:
        assert notes(store).startswith("Train has 4 events to learn from")


def test_a_class_that_train_lacks_is_named(tmp_path: Path) -> None:
    with training_on(tmp_path) as store:
        said = notes(store, TrainingRequest(classes=("up", "down")))
        assert "Train has no labels of class down, so nothing is learned of it." in said
        with pytest.raises(UserError, match="no confirmed labels of class down"):
            notes_before(store, TrainingRequest(classes=("down",)))


def test_other_channels_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {2: ("x", "y"), 3: ("y", "z", "w")}
    monkeypatch.setattr(checks, "channel_names", lambda path: names[2 + ("down_01" in str(path))])
    with (
        training_on(tmp_path, change=lambda s: replace(s, shape=(3,))) as store,
        pytest.raises(UserError, match=r"2 in up/up_00 and 2 more; 3 in down/down_01"),
    ):
        notes_before(store, TrainingRequest())


def test_another_rate_is_named_unless_it_is_resampled(tmp_path: Path) -> None:
    with training_on(tmp_path, change=lambda s: replace(s, rate_hz=40.0)) as store:
        with pytest.raises(UserError, match=r"down/down_01, 40 samples a second; up/up_00 and 2 more, 20\."):
            notes_before(store, TrainingRequest())
        assert notes_before(store, TrainingRequest(resample=True))


@pytest.mark.parametrize(("rate", "usual"), [(21.0, 20.0), (2.0, 1.5), (50.0, 49.7)])
def test_rates_that_are_alike_but_for_rounding_pass(tmp_path: Path, rate: float, usual: float) -> None:
    with training_on(tmp_path, change=lambda s: replace(s, rate_hz=rate)) as store:
        for session in store.project.sessions():
            if session.rate_hz != rate:
                store.project.state.sessions[session.id] = replace(session, rate_hz=usual)
        assert notes_before(store, TrainingRequest())


def test_a_session_shorter_than_the_context_is_named(tmp_path: Path) -> None:
    with training_on(tmp_path, change=lambda s: replace(s, length_s=0.7)) as store:
        request = TrainingRequest(family="conv1d", options={"context_s": 1.5})
        assert "down/down_01: shorter than the context of 1.5 s" in notes(store, request)
        assert "shorter" not in notes(store)


def test_windows_asked_of_dense_models_are_said_to_be_unused(tmp_path: Path) -> None:
    with training_on(tmp_path) as store:
        assert "--family conv1d" in notes(store, TrainingRequest(options={"prediction_hz": 4.0}))


def test_no_labels_in_train_is_a_sentence(tmp_path: Path) -> None:
    with training_on(tmp_path, ()) as store, pytest.raises(UserError, match="no confirmed labels"):
        notes_before(store, TrainingRequest())
