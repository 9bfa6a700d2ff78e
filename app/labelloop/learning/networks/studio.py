"""The window classifiers of Studio's Model Wizard, as networks of ours."""

from __future__ import annotations

from labelloop.formats.improj.layers import CONVOLUTIONS, KERNELS, LSTM_UNITS, WIDTHS, Layout
from labelloop.learning.networks.description import CLASSES, Graph, Network

CLASSIFIERS = ("globalaveragepool", "dense")
OPTIMIZATIONS = ("accuracy", "balanced", "speed")


def windowed_network(
    window: int, channels: int, classes: int, variant: int = 0, layout: Layout | None = None
) -> Network:
    """A class for a window of samples; ``variant`` is the model's number in its list.

    Blocks of convolutions without bias, batch normalisation (after each convolution when the wizard optimises
    accuracy) and pooling as long as time has more than four steps.
    """
    w = layout or Layout()
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
        x = g.add("LSTM", [x], units=LSTM_UNITS[variant % len(LSTM_UNITS)])
    elif w.classifier == "dense":
        x = g.add("Reshape", [x], target_shape=[length * widths[-1]])
    else:
        x = g.add("GlobalAveragePooling1D", [x])
    x = g.add("Dense", [x], name=CLASSES, units=classes + 1, activation="softmax")
    return Network(tuple(g.nodes), (x,))


def _block(g: Graph, x: str, block: int, filters: int, w: Layout, strides: int) -> str:
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
