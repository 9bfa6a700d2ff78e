"""The Model Wizard's settings in project files."""

from __future__ import annotations

import pytest

from labelloop.formats.improj.project_file import parse_improj

PROJECT = """<?xml version="1.0" encoding="UTF-8"?>
<ImagimobStudio version="1.1.0">
  <ModelFactory>
    <Epochs>250</Epochs>
    <BatchSize>32</BatchSize>
    <!-- ours -->
    <ModelFamily>Conv1D</ModelFamily>
    <Odd>7</Odd>
    <Optimizer>
      <LearningRate>0.001</LearningRate>
    </Optimizer>
  </ModelFactory>
</ImagimobStudio>"""


def changed(text: str, **own: str) -> str:
    document = parse_improj(text.encode(), "a.improj")
    state = document.state()
    state.factory = tuple({**dict(state.factory), **own}.items())
    return document.render(state).decode()


def test_settings_that_are_not_usual_are_read() -> None:
    assert parse_improj(PROJECT.encode(), "a.improj").state().factory == (("Epochs", "250"),)


def test_only_what_differs_is_written() -> None:
    assert changed(PROJECT) == PROJECT
    expected = PROJECT.replace(">250<", ">60<").replace(
        "    <ModelFamily>Conv1D</ModelFamily>",
        "    <ModelFamily>Conv1D</ModelFamily>\n    <ModelFlavor>LargeKern</ModelFlavor>",
    )
    assert changed(PROJECT, Epochs="60", ModelFlavor="LargeKern") == expected


def test_back_to_the_usual_value_is_written_too() -> None:
    assert changed(PROJECT, Epochs="100") == PROJECT.replace(">250<", ">100<")


def test_a_file_without_settings_gets_all_of_them() -> None:
    bare = '<ImagimobStudio version="1.1.0">\n  <Models />\n</ImagimobStudio>'
    assert changed(bare) == bare
    text = changed(bare, LearnRate="High")
    assert text.index("<LearnRate>High</LearnRate>") < text.index("<Models />")
    assert parse_improj(text.encode(), "a.improj").state().factory == (("LearnRate", "High"),)


SLIDING = """<Unit id="Core.Queues.SlidingWindow"><Argument param="window_shape">[16,4]</Argument>
<Argument param="stride">16</Argument></Unit>"""
CONTEXT = """<Unit id="Core.Packages.ContextualWindow"><Argument param="contextual_length_sec">1.5</Argument>
<Argument param="prediction_freq">5</Argument></Unit>"""


@pytest.mark.parametrize(
    ("units", "windows"),
    [
        (SLIDING, (4.0, 1.0)),
        (CONTEXT, (1.5, 5.0)),
        (SLIDING + CONTEXT, None),
        ("", None),
        (SLIDING.replace("16,4", "x"), None),
        (CONTEXT.replace("1.5", "0"), None),
        ('<Unit id="Core.Math.Norm" />', None),
    ],
)
def test_windows_of_a_preprocessor_are_read(units: str, windows: tuple[float, float] | None) -> None:
    text = f'<ImagimobStudio><Preprocessor infreq="4">{units}</Preprocessor></ImagimobStudio>'
    assert parse_improj(text.encode(), "a.improj").state().studio_windows == windows
