"""The Model Wizard's settings in a project file: read, and written back where one differs."""

from __future__ import annotations

import math

from labelloop.formats.improj.reading import number, shape_of
from labelloop.formats.xml.patch import Patch
from labelloop.formats.xml.scanner import Element, Node, attributes, content

# The settings as Studio has them in a project where nobody touched them, in its order.
USUAL: dict[str, str | None] = {
    "Epochs": "100",
    "BatchSize": "32",
    "SplitCount": "16",
    "Patience": "20",
    "AppendModels": "False",
    "LossFunction": "CategoricalCrossentropy",
    "FactoryOptions": "None",
    "HardwareType": "Default",
    "TrainingEnvironment": None,
    "ModelFamily": "Conv1D",
    "ModelFlavor": "SmallKern",
    "ClassifierType": "GlobalAveragePool",
    "Optimization": "Balanced",
    "Pooling": "True",
    "Downscale": "False",
    "LearnRate": "Mid",
    "RegularizationFactor": "Low",
}
ORDER = (*USUAL, "LastNetworkInputShape", "LastClassCount", "Optimizer", "BuildSteps")

WIZARD = (
    "Epochs",
    "BatchSize",
    "Patience",
    "AppendModels",
    "ModelFamily",
    "ModelFlavor",
    "ClassifierType",
    "Optimization",
    "Pooling",
    "Downscale",
    "LearnRate",
    "RegularizationFactor",
)  # what the wizard asks; the rest of the element is left alone

Settings = tuple[tuple[str, str], ...]


def read_factory(text: str, factory: Element | None) -> Settings:
    """(setting, value) of what the wizard was set to, where that is not the usual value."""
    found = [(name, _value(text, factory, name)) for name in WIZARD] if factory else []
    return tuple((name, value) for name, value in found if value != USUAL[name])


def _value(text: str, factory: Element, name: str) -> str:
    return content(text, factory.first(name)) or str(USUAL[name])


def change_factory(patch: Patch, factory: Element, wanted: Settings) -> None:
    """Bring the settings in line; those that stay keep their characters, and none is taken out."""
    own, new = dict(wanted), []
    for name in WIZARD:
        value = own.get(name) or str(USUAL[name])
        if _value(patch.text, factory, name) == value:
            continue
        element = factory.first(name)
        if element is None:
            new.append(Node(name, (), value))
        else:
            patch.value(element, value)
    patch.insert(factory, new, ORDER)


def factory_node(wanted: Settings = ()) -> Node:
    """A new element with these settings, the others as they are usual."""
    own = dict(wanted)
    settings = [Node(name, (), own.get(name, usual), open=usual is None) for name, usual in USUAL.items()]
    rates = [Node("LearningRate", (), "0.001"), Node("WeightDecay", (), "0.0001")]
    optimizer = Node("Optimizer", children=rates)
    steps = Node("BuildSteps", children=[Node("Training"), Node("ConfusionMatrix")])
    return Node("ModelFactory", children=[*settings, optimizer, steps])


def read_windows(text: str, preprocessor: Element | None) -> tuple[float, float] | None:
    """Context length (seconds) and predictions a second, where a preprocessor only cuts windows."""
    units = preprocessor.all("Unit") if preprocessor else []
    if preprocessor is None or len(units) != 1:
        return None
    kind = attributes(text, units[0]).get("id", "")
    own = {attributes(text, a).get("param", ""): content(text, a) for a in units[0].all("Argument")}
    if kind == "Core.Packages.ContextualWindow":
        found = number(own.get("contextual_length_sec", "")), number(own.get("prediction_freq", ""))
    elif kind == "Core.Queues.SlidingWindow":
        samples, *inside = shape_of(own.get("window_shape", "")) or (0,)
        rate = number(attributes(text, preprocessor).get("infreq", ""))
        stride = number(own.get("stride", "")) / (math.prod(inside) or 1)  # of values: samples times channels
        found = samples / rate if rate else 0.0, rate / stride if stride else 0.0
    else:
        return None
    return found if min(found) > 0 else None
