"""The model list of a project file: read, changed and written as Studio keeps it.

A model of Studio's families is written with all its layers, as Studio's own wizard does. Studio has no way to
say a model that scores every frame: such a one is a ``Model`` without ``Network`` (as Studio writes models
that are no stack of layers), and Studio shows it by its name, ``dense-<size>-<number>``, with its epochs,
batch, patience and learning rate. Its size is the word in its name, its regularisation is in ``WeightDecay``.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labelloop.formats.improj.layers import wizard_model
from labelloop.formats.xml.patch import Entry, Patch
from labelloop.formats.xml.scanner import Element, Node, Style, attributes, content, scan
from labelloop.project.entries import ModelEntry

DENSE = "dense"
PLACEHOLDER = "labelloop:models"  # where the list goes in an element that is new
OPTIMIZATIONS = ("accuracy", "balanced", "speed")
SIZES = ("small", "medium", "large")
DECAYS = {"low": "0.0001", "mid": "0.001", "high": "0.01"}
_STYLE, _INDENT = Style(), " " * 4
_SETTINGS = ("Epochs", "BatchSize", "Patience")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model's element says. ``parameters`` is None where its layers are not listed.

    ``number`` is the model's place in the wizard's list, None where its layers are none of the wizard's.
    """

    family: str
    size: str
    optimization: str
    flavor: str
    layers: tuple[str, ...]
    parameters: int | None
    epochs: int
    batch: int
    patience: int
    learning_rate: float
    decay: float
    number: int | None = None
    classifier: str = "globalaveragepool"
    pooling: bool = True
    downscale: bool = False


def read_models(text: str, models: Element | None) -> tuple[ModelEntry, ...]:
    """The entries of a ``Models`` element."""
    return tuple(_entry(text[e.start : e.end]) for e in (models.all("Model") if models else ()))


def _entry(xml: str) -> ModelEntry:
    own = attributes(xml, scan(xml))
    return ModelEntry(own.get("name", ""), own.get("id", ""), xml)


def change_models(patch: Patch, models: Element, wanted: Sequence[ModelEntry]) -> None:
    """Bring the elements of ``Models`` in line; those that stay keep their characters."""
    known = models.all("Model")
    left = list(zip(read_models(patch.text, models), known, strict=True))
    entries = []
    for entry in wanted:
        pair = next((p for p in left if p[0].id == entry.id), None)
        if pair is not None:
            left.remove(pair)
        xml = entry.xml if pair and pair[0] == entry else _laid_out(entry.xml, patch.style)
        entries.append(Entry(pair[1] if pair else None, xml))
    patch.entries(models, known, entries)


def models_text(wanted: Sequence[ModelEntry], style: Style) -> str:
    """The inside of a ``Models`` element that holds these models alone."""
    lead = style.newline + style.unit * 2 if style.newline else ""
    end = style.newline + style.unit if style.newline else ""
    return "".join(lead + _laid_out(entry.xml, style) for entry in wanted) + end


def _laid_out(xml: str, style: Style) -> str:
    """An element of ours with the line ends of the file that takes it."""
    return "\n".join(xml.splitlines()).replace("\n", style.newline or "\n")


def new_model(
    name: str,
    settings: Mapping[str, str],
    layers: Sequence[Node] = (),
    shape: Sequence[int] = (),
    out: int = 0,
) -> ModelEntry:
    """A new entry; ``shape`` is (window, channels) and ``out`` the classes with unlabelled, for a network."""
    ident = str(uuid.uuid4())
    rows = [
        Node("LossFunction", text="CategoricalCrossentropy"),
        Node("Epochs", text=settings["Epochs"]),
        Node("BatchSize", text=settings["BatchSize"]),
        Node("SplitCount", text="16"),
        Node("Patience", text=settings["Patience"]),
        Node("TrainingEnvironment", open=True),
        Node(
            "Optimizer",
            children=[
                Node("LearningRate", text=settings["LearningRate"]),
                Node("WeightDecay", text=settings["WeightDecay"]),
            ],
        ),
    ]
    if layers:
        rows.append(Node("Network", _shapes(list(shape), [out]), children=layers))
    rows.append(Node("BuildSteps", children=[Node("Training"), Node("ConfusionMatrix")]))
    rows.append(Node("SymbolWeights", [("override", "False")]))
    window = list(shape)
    rows.append(Node("Preprocessor", [("override", "False"), *_shapes(window[1:], window)]))
    rows.append(Node("Postprocessor", [("override", "False"), *_shapes([out] if out else [], [])]))
    node = Node("Model", [("name", name), ("id", ident)], children=rows)
    return ModelEntry(name, ident, node.render(_STYLE, _INDENT))


def _shapes(inside: Sequence[int], outside: Sequence[int]) -> list[tuple[str, str]]:
    def text(shape: Sequence[int]) -> str:
        return f"[{','.join(map(str, shape))}]"

    head = [("inshape", text(inside)), ("intype", "Float32"), ("infreq", "0")]
    return [*head, ("outshape", text(outside)), ("outtype", "Float32")]


def cloned(entry: ModelEntry, name: str) -> ModelEntry:
    """The same model under another name and id."""
    patch = Patch(entry.xml, Style.of(entry.xml, root := scan(entry.xml)))
    patch.attribute(root, "name", name)
    patch.attribute(root, "id", str(uuid.uuid4()))
    return _entry(patch.apply())


def edited(entry: ModelEntry, name: str, settings: Mapping[str, str]) -> ModelEntry:
    """The model with another name and other settings; only what differs is written anew."""
    root = scan(entry.xml)
    patch = Patch(entry.xml, Style.of(entry.xml, root))
    patch.attribute(root, "name", name)
    optimizer = root.first("Optimizer")
    for key, value in settings.items():
        parent = root if key in _SETTINGS else optimizer
        element = parent.first(key) if parent else None
        if element is not None and content(entry.xml, element) != value:
            patch.value(element, value)
    return _entry(patch.apply())


def facts_of(entry: ModelEntry) -> ModelFacts:
    """What the model's element says."""
    xml, root = entry.xml, scan(entry.xml)
    network = root.first("Network")
    units = [_unit(xml, unit) for unit in network.all("Unit")] if network else []
    kinds = tuple(kind for kind, _ in units)
    words = entry.name.lower().split("-")
    kernel = next((a.get("kernel_size") for k, a in units if k.startswith("Convolution")), "3")
    filters = [int(a.get("filters") or 0) for k, a in units if k == "Convolution1D"]
    made = wizard_model(filters, kinds.count("BatchNormalization"))
    optimizer = root.first("Optimizer")

    def number(parent: Element | None, name: str, usual: float) -> float:
        text = content(xml, parent.first(name)) if parent else ""
        try:
            return value if math.isfinite(value := float(text)) else usual
        except ValueError:
            return usual

    return ModelFacts(
        _family(kinds) if units else DENSE,
        made[0] if made else next((w for w in words if w in SIZES), "medium"),
        made[1] if made else next((w for w in words if w in OPTIMIZATIONS), "balanced"),
        "largekern" if kernel == "5" else "smallkern",
        kinds,
        _parameters(network_shape(xml, network), units) if units else None,
        int(number(root, "Epochs", 100)),
        int(number(root, "BatchSize", 32)),
        int(number(root, "Patience", 20)),
        number(optimizer, "LearningRate", 0.004),
        number(optimizer, "WeightDecay", 0.0001),
        made[2] if made else None,
        "dense" if "Flatten" in kinds else "globalaveragepool",
        "MaxPool1D" in kinds or not units or (network_shape(xml, network) or [99])[0] <= 8,
        [a.get("strides") for k, a in units if k == "Convolution1D"].count("2") > 1,
    )


def network_shape(xml: str, network: Element | None) -> list[int]:
    """The shape of what goes into a network."""
    text = attributes(xml, network).get("inshape", "") if network else ""
    return [int(v) for v in text.strip("[]").split(",") if v.strip().isdigit()]


def _unit(xml: str, unit: Element) -> tuple[str, dict[str, str]]:
    kind = attributes(xml, unit).get("id", "").rsplit(".", 1)[-1]
    return kind, {attributes(xml, a).get("param", ""): content(xml, a) for a in unit.all("Argument")}


def _family(kinds: Sequence[str]) -> str:
    if "Convolution2D" in kinds:
        return "conv2d"
    if any(k.upper().startswith("LSTM") for k in kinds):
        return "conv1dlstm"
    return "conv1d" if "Convolution1D" in kinds else "layers"


def _parameters(shape: Sequence[int], units: Sequence[tuple[str, Mapping[str, str]]]) -> int | None:
    """How many weights the layers have; None where a layer is of a kind that can't be counted here."""
    if len(shape) != 2:
        return None
    time, width, total = shape[0], shape[1], 0
    for kind, own in units:
        units_out = int(own.get("filters") or own.get("units") or 0)
        bias = units_out if own.get("use_bias", "True") == "True" else 0
        if kind == "Convolution1D":
            total += int(own.get("kernel_size", 3)) * width * units_out + bias
            time, width = -(-time // int(own.get("strides", 1))), units_out
        elif kind == "BatchNormalization":
            total += 4 * width
        elif kind == "MaxPool1D":
            time //= int(own.get("pool_size", 2))
        elif kind.upper().startswith("LSTM"):
            total += 4 * units_out * (width + units_out + 1)
            time, width = 1, units_out
        elif kind == "Flatten":
            time, width = 1, time * width
        elif kind == "GlobalAveragePool1D":
            time = 1
        elif kind == "Dense":
            total += width * units_out + bias
            width = units_out
        elif kind not in ("Activation", "Dropout"):
            return None
    return total
