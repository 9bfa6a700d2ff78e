"""The model list of a project file, on the real one and on one that has none."""

from __future__ import annotations

import pytest

from labelloop.formats.improj.layers import Layout, window_layers
from labelloop.formats.improj.model_list import cloned, edited, facts_of, new_model
from labelloop.formats.improj.project_file import parse_improj
from labelloop.project.change_json import change_from_json, change_to_json
from labelloop.project.entries import ModelEntry
from labelloop.project.models import SetModels

BARE = (
    b'<?xml version="1.0"?>\n<ImagimobStudio version="1.1.0">\n  <ProjectType>Classification</ProjectType>\n'
)
BARE += b'  <Database balance="LabelCount" redistributionScope="Everything" />\n</ImagimobStudio>'
SETTINGS = {
    "Epochs": "100",
    "BatchSize": "32",
    "Patience": "20",
    "LearningRate": "0.004",
    "WeightDecay": "0.0001",
}


def made(name: str = "conv1d-medium-balanced-0") -> ModelEntry:
    layers = window_layers(16, 2, 0, Layout())
    return new_model(name, SETTINGS, layers, (16, 4), 2)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_list_comes_and_goes(newline: bytes) -> None:
    before = BARE.replace(b"\n", newline)
    document = parse_improj(before, "bare")
    state = document.state()
    state.models = (made(), new_model("dense-small-1", SETTINGS))
    after = document.render(state)
    assert after.count(b"\n") == after.count(newline)
    again = parse_improj(after, "filled")
    read = again.state()
    assert [m.name for m in read.models] == ["conv1d-medium-balanced-0", "dense-small-1"]
    assert again.render(read) == after
    assert after.index(b"<Models>") < after.index(b"<Database")
    assert [facts_of(m).family for m in read.models] == ["conv1d", "dense"]
    assert facts_of(read.models[1]).size == "small"
    read.models = read.models[1:]
    assert b"dense-small-1" in again.render(read)


def test_a_change_touches_one_model_alone() -> None:
    document = parse_improj(BARE, "bare")
    state = document.state()
    state.models = (made(), made("conv1d-medium-balanced-1"))
    text = document.render(state)
    document = parse_improj(text, "two")
    state = document.state()
    state.models = (edited(state.models[0], "mine", {"Epochs": "7", "WeightDecay": "0.01"}), state.models[1])
    changed = document.render(state)
    lines = [(a, b) for a, b in zip(text.splitlines(), changed.splitlines(), strict=True) if a != b]
    assert [b.strip()[:13] for _, b in lines] == [b'<Model name="', b"<Epochs>7</Ep", b"<WeightDecay>"]


def test_the_wizards_layers_have_studios_weights() -> None:
    assert facts_of(made()).parameters == 8450  # as the real file's conv1d-medium-balanced-0 counts


@pytest.mark.parametrize("text", ["NaN", "1e999", "many", ""])
def test_settings_of_a_file_that_are_no_numbers_are_the_usual_ones(text: str) -> None:
    facts = facts_of(new_model("a", {**SETTINGS, "Epochs": text, "LearningRate": text}))
    assert (facts.epochs, facts.learning_rate) == (100, 0.004)


def test_a_clone_has_an_id_of_its_own() -> None:
    one = made()
    two = cloned(one, 'a "b" & c')
    assert (two.name, two.id != one.id) == ('a "b" & c', True)
    assert facts_of(two) == facts_of(one)


def test_the_journal_keeps_lists() -> None:
    change = SetModels((made(),), (made("other"), new_model("dense-large-0", SETTINGS)))
    assert change_from_json(change_to_json(change)) == change
    assert change.inverse().inverse() == change
