"""From labels and samples to what the viewer's lanes draw."""

from __future__ import annotations

import numpy as np

from labelloop.project.labels import Label
from labelloop.screens.viewer.drawing import events_in_view, overview_marks, trace, whole_range
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.widgets.view import View


def test_a_million_labels_are_shown_in_no_time() -> None:
    from time import perf_counter

    from labelloop.project.labels import LabelTrack

    track = LabelTrack(Label(i * 0.01, 0.005, ("a", "b")[i % 2]) for i in range(100_000))
    view = View.of_session(0.0, 1000.0, 1000.0, 100.0)

    class Signs:
        def of(self, name: str) -> object:
            return type("S", (), {"letter": name, "style": "label.0"})

    signs: ClassSigns = Signs()  # type: ignore[assignment]
    began = perf_counter()
    events = events_in_view(track, view, 180, signs)
    kinds, marks = overview_marks(track, view, 180, signs)
    assert perf_counter() - began < 0.2
    assert len(events) == 180
    assert all(event.letter == "+" for event in events)
    assert (kinds >= 0).all()
    assert marks


def test_the_line_between_sparse_samples_stops_at_gaps() -> None:
    class Few:
        names, n, rate_hz = ("x",), 4, 1.0
        times, values = np.array([0.0, 1.0, 2.0, 30.0]), np.array([0.0, 1.0, 0.0, 5.0], np.float32)

        def index_of(self, time: float) -> int:
            return int(np.searchsorted(self.times, time))

        def times_of(self, i: int, j: int) -> np.ndarray:
            return self.times[i:j]

        def read_channel(self, _: int, i: int, j: int) -> np.ndarray:
            return self.values[i:j]

        def envelope_at(self, _: int, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            found = np.full(len(edges) - 1, np.nan, np.float32)
            for t, v in zip(self.times, self.values, strict=True):
                k = int(np.searchsorted(edges, t, "right")) - 1
                if 0 <= k < len(found):
                    found[k] = v
            return found, found.copy()

        def envelope(self, channel: int, i: int, j: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
            return self.envelope_at(channel, np.linspace(0, 31, columns + 1))

    few = Few()
    lo, hi = trace(few, 0, np.linspace(0, 31, 63))  # type: ignore[arg-type]
    assert np.isfinite(lo[:4]).all()
    assert lo[0] == 0
    assert hi[1] == 1
    assert np.isnan(lo[6:58]).all()
    assert hi[60] == 5
    low, high = whole_range(few, 0)  # type: ignore[arg-type]
    assert (low, high) == (0, 5)
