"""The layers of Studio's Model Wizard, as a project file lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelloop.formats.xml.scanner import Node

# Filters of the blocks, by size and by model of a list, as Studio's project files show them.
WIDTHS: dict[str, tuple[tuple[int, ...], ...]] = {
    "small": ((12, 24), (16, 16), (16, 32), (32, 32)),
    "medium": ((12, 24, 32), (16, 16, 32), (16, 32, 32), (16, 32, 64)),
    "large": ((16, 32, 48),),
}
CONVOLUTIONS = {"small": 2, "medium": 2, "large": 3}  # in each block but the first
KERNELS = {"smallkern": 3, "largekern": 5}
LSTM_UNITS = (16, 32, 64, 64)  # by model of a list
_TYPES = {"padding": "String", "activation": "String", "use_bias": "Boolean", "epsilon": "Double"}


def unit(kind: str, **arguments: object) -> Node:
    """One layer."""
    rows = [
        Node("Argument", [("param", key), ("type", _TYPES.get(key, "Int32"))], str(value))
        for key, value in arguments.items()
    ]
    return Node("Unit", [("id", f"Core.Layers.{kind}")], children=rows)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the wizard was asked for, in its words; ``lstm`` is the family Conv1DLSTM.

    No file shows what "speed" and ``downscale`` make: here they are one convolution a block, and steps of two
    samples at the start of every block.
    """

    size: str = "medium"
    optimization: str = "balanced"
    flavor: str = "smallkern"
    lstm: bool = False
    classifier: str = "globalaveragepool"
    pooling: bool = True
    downscale: bool = False


def window_layers(window: int, out: int, variant: int, layout: Layout) -> list[Node]:
    """Model number ``variant`` of the wizard's list; no pooling when time has 4 steps or fewer."""
    size, optimization = layout.size, layout.optimization
    kernel = KERNELS[layout.flavor]
    layers: list[Node] = []
    length = -(-window // 2)
    for block, filters in enumerate(WIDTHS[size][variant % len(WIDTHS[size])]):
        count = 1 if block == 0 or optimization == "speed" else CONVOLUTIONS[size]
        halved = layout.downscale and length > 1
        length = -(-length // 2) if block and halved else length
        for n in range(count):
            layers.append(_convolution(filters, kernel, 2 if n == 0 and (not block or halved) else 1))
            if optimization == "accuracy" or n == count - 1:
                layers.append(unit("BatchNormalization", epsilon=0.001, axis=-1))
                layers.append(unit("Activation", activation="relu"))
        if block and layout.pooling and length > 4:
            layers.append(unit("MaxPool1D", pool_size=2, strides=2, padding="valid"))
            length //= 2
    if layout.lstm:
        layers.append(unit("LSTM", units=LSTM_UNITS[variant % len(LSTM_UNITS)]))
    else:
        layers.append(unit("Flatten" if layout.classifier == "dense" else "GlobalAveragePool1D"))
    layers.append(unit("Dense", units=out, use_bias=True, activation="linear"))
    return [*layers, unit("Activation", activation="softmax")]


def _convolution(filters: int, kernel: int, strides: int) -> Node:
    return unit(
        "Convolution1D",
        filters=filters,
        kernel_size=kernel,
        strides=strides,
        padding="same",
        activation="linear",
        use_bias=False,
    )


def wizard_model(convolutions: Sequence[int], norms: int) -> tuple[str, str, int] | None:
    """Size, optimisation and number of the wizard's model with these filters and normalisations, or None.

    >>> wizard_model((12, 24, 24, 32, 32), 3), wizard_model((7,), 1)
    (('medium', 'balanced', 0), None)
    """
    for size, lists in WIDTHS.items():
        for optimization in ("balanced", "accuracy", "speed"):
            later = 1 if optimization == "speed" else CONVOLUTIONS[size]
            for number, (first, *rest) in enumerate(lists):
                wanted = [first, *(f for f in rest for _ in range(later))]
                count = len(wanted) if optimization == "accuracy" else 1 + len(rest)
                if (list(convolutions), norms) == (wanted, count):
                    return size, optimization, number
    return None
