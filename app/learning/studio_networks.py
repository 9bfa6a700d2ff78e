"""The window classifiers of Studio's Model Wizard, as networks of ours."""

from __future__ import annotations

from dataclasses import dataclass

from app.learning.networks import CLASSES, Graph, Network

# Filters of the blocks, by size and by model of a list, as Studio's project files show them.
WIDTHS: dict[str, tuple[tuple[int, ...], ...]] = {
    "small": ((12, 24), (16, 16), (16, 32), (32, 32)),
    "medium": ((12, 24, 32), (16, 16, 32), (16, 32, 32), (16, 32, 64)),
    "large": ((16, 32, 48),),
}
CONVOLUTIONS = {"small": 2, "medium": 2, "large": 3}  # in each block but the first
UNITS = (16, 32, 64, 64)  # of the LSTM, by model of a list
KERNELS = {"smallkern": 3, "largekern": 5}
CLASSIFIERS = ("globalaveragepool", "dense")
OPTIMIZATIONS = ("accuracy", "balanced", "speed")


@dataclass(frozen=True, slots=True)
class Wizard:
    """A choice of the wizard; ``lstm`` is the family Conv1DLSTM.

    No file shows what "speed" and ``downscale`` make: here they are one convolution a block, and steps of two
    samples at the start of every block.
    """

    size: str = "medium"
    optimization: str = "balanced"
    flavor: str = "smallkern"
    classifier: str = "globalaveragepool"
    lstm: bool = False
    pooling: bool = True
    downscale: bool = False


def windowed_network(
    window: int, channels: int, classes: int, variant: int = 0, wizard: Wizard | None = None
) -> Network:
    """A class for a window of samples; ``variant`` is the model's number in its list.

    Blocks of convolutions without bias, batch normalisation (after each convolution when the wizard optimises
    accuracy) and pooling as long as time has more than four steps.
    """
    w = wizard or Wizard()
    g = Graph()
    x = g.add("InputLayer", name="frames", shape=[window, channels])
    length = -(-window // 2)
    widths = WIDTHS[w.size][variant % len(WIDTHS[w.size])]
    for block, filters in enumerate(widths):
        halved = w.downscale and length > 1
        length = -(-length // 2) if block and halved else length
        x = _block(g, x, block, filters, w, 2 if not block or halved else 1)
        if block and w.pooling and length > 4:
            x = g.add("MaxPooling1D", [x], pool_size=2)
            length //= 2
    if w.lstm:
        x = g.add("LSTM", [x], units=UNITS[variant % len(UNITS)])
    elif w.classifier == "dense":
        x = g.add("Reshape", [x], target_shape=[length * widths[-1]])
    else:
        x = g.add("GlobalAveragePooling1D", [x])
    x = g.add("Dense", [x], name=CLASSES, units=classes + 1, activation="softmax")
    return Network(tuple(g.nodes), (x,))


def _block(g: Graph, x: str, block: int, filters: int, w: Wizard, strides: int) -> str:
    """Convolutions, normalised and rectified; the first of them makes steps of ``strides`` samples."""
    count = 1 if block == 0 or w.optimization == "speed" else CONVOLUTIONS[w.size]
    for n in range(count):
        x = g.add(
            "Conv1D",
            [x],
            filters=filters,
            kernel_size=KERNELS[w.flavor],
            strides=1 if n else strides,
            padding="same",
            use_bias=False,
        )
        if w.optimization == "accuracy" or n == count - 1:
            x = g.add("BatchNormalization", [x], epsilon=1e-3, momentum=0.9)
            x = g.add("Activation", [x], activation="relu")
    return x
