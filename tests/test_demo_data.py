"""The demo project: what its generator says it is, byte for byte."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from labelloop.assets import asset
from labelloop.formats.improj.project_file import parse_improj
from labelloop.formats.improj.session_file import parse_imsession
from labelloop.formats.labels.label_file import parse_labels
from labelloop.labeling.matching import Event, event_score
from labelloop.project.labels import Label
from labelloop.project.project import ProjectState
from labelloop.project.session import Session
from labelloop.project.sets import UNASSIGNED


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_generator", asset("demo_data") / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def demo() -> Path:
    return asset("demo_data") / "Gestures"


@pytest.fixture(scope="module")
def state(demo: Path) -> ProjectState:
    return parse_improj((demo / "Gestures.improj").read_bytes(), "Gestures.improj").state()


def labels_of(demo: Path, session: Session) -> list[Label]:
    return list(parse_labels((demo / session.label_file).read_bytes(), session.label_file).labels)


def times_of(demo: Path, session: Session) -> np.ndarray:
    return np.loadtxt(demo / session.data_file, delimiter=",", skiprows=1, usecols=0)


def test_the_generator_makes_what_is_shipped(generator: ModuleType, demo: Path, tmp_path: Path) -> None:
    generator.write_project(tmp_path)
    made = {p.relative_to(tmp_path / "Gestures"): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    shipped = {p.relative_to(demo): p.read_bytes() for p in demo.rglob("*") if p.is_file()}
    assert made.keys() == shipped.keys()
    assert [str(name) for name in made if made[name] != shipped[name]] == []
    assert sum(map(len, made.values())) < 3_000_000


def test_the_project_file_agrees_with_the_files(demo: Path, state: ProjectState) -> None:
    assert [c.name for c in state.classes] == ["down", "up"]
    assert len(state.members[UNASSIGNED]) == len(state.sessions) == 22
    for session in state.sessions.values():
        times, labels = times_of(demo, session), labels_of(demo, session)
        assert times[0] == session.start_s or session.start_s == 0.0
        assert times[-1] - times[0] == pytest.approx(session.length_s)
        assert 25 < session.length_s < 65
        assert sum(t.count for t in session.totals) == len(labels)
        tracks = parse_imsession((demo / session.session_file).read_bytes(), session.session_file).tracks
        assert [track.name for track in tracks] == ["data", "label"]


def test_the_samples_are_as_sensors_give_them(demo: Path, state: ProjectState) -> None:
    firsts = []
    for session in state.sessions.values():
        times = times_of(demo, session)
        steps = np.diff(times)
        assert steps.min() > 0
        assert len(np.unique(steps.round(5))) > 20
        assert 49 < session.rate_hz < 51
        firsts.append(times[0])
    assert min(firsts) == 0
    assert max(firsts) > 10


def test_five_more_labels_and_it_is_time_to_train(demo: Path, state: ProjectState) -> None:
    by_hand = [x for session in state.sessions.values() for x in labels_of(demo, session)]
    assert Counter(x.name for x in by_hand) == {"down": 75}


def test_there_are_events_enough_and_some_touch(generator: ModuleType) -> None:
    events = generator.truth()
    kinds = Counter(event.name for session in events.values() for event in session)
    assert 140 <= kinds.total() <= 170
    assert kinds["down"] > 90
    assert kinds["up"] >= 50
    touching = sum(a.end == b.start for e in events.values() for a, b in itertools.pairwise(e))
    assert touching >= 15
    assert any(not session for session in events.values())


def test_labels_by_hand_are_true_within_a_users_reach(
    generator: ModuleType, demo: Path, state: ProjectState
) -> None:
    events = generator.truth()
    for session in state.sessions.values():
        labels = [Event(x.start, x.end, x.name) for x in labels_of(demo, session)]
        true = [Event(x.start, x.end, x.name) for x in events[session.path]]
        assert event_score(true, labels, 0.8).hits == len(labels)
        for before, after in itertools.pairwise(labels):
            assert before.end <= after.start


def test_another_seed_makes_another_project(generator: ModuleType) -> None:
    assert generator.truth(1) != generator.truth(2)
    assert generator.truth(1) == generator.truth(1)
