"""What the training screen shows of a job: its models, curves, statistics."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.errors import printable
from app.jobs.progress import JobStatus, ModelProgress
from app.jobs.run import RunFolder
from app.rendering.bars import counted_bar
from app.rendering.cells import Row
from app.rendering.format import fit
from app.rendering.glyphs import Glyphs
from app.rendering.matrix import Matrix
from app.services.training import curve_says
from app.widgets.list_table import Cell, Column

SETS = ("validation", "train", "test")
FINAL = "-final"
NONE, MISSED = "(none)", "(missed)"
COLUMNS = (
    Column("best", "", 1),
    Column("name", "model", 22, flexible=True),
    Column("epoch", "epoch", 9, "right"),
    Column("weights", "weights", 8, "right", rank=1),
    Column("train", "F1 train", 8, "right", rank=2),
    Column("valid", "F1 valid", 8, "right"),
    Column("event", "event F1", 9, "right"),
    Column("test", "F1 test", 8, "right", rank=3),
    Column("state", "", 10, style="dim"),
)


@dataclass(frozen=True)
class JobView:
    """One job as the screen shows it: its status, and its result once there is one."""

    run: RunFolder
    status: JobStatus
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """The best model's name, empty while there is none."""
        return str((self.result.get("best") or {}).get("name") or "")

    @property
    def best_row(self) -> int:
        """Where the best model stands; 0 while there is none."""
        names = [str(result.get("name", "")) for _, result in self.rows]
        return names.index(self.best) if self.best in names else 0

    @property
    def rows(self) -> list[tuple[ModelProgress | None, Mapping[str, Any]]]:
        """Progress and result of each model; one that only the result names has no progress."""
        results = {m.get("name"): m for m in self.result.get("models", [])}
        best = self.result.get("best") or {}
        if best and best.get("name") not in results:
            results[best["name"]] = best
        out: list[tuple[ModelProgress | None, Mapping[str, Any]]] = []
        for model in self.status.models:
            if model.name.endswith(FINAL) and (model.state != "running" or model.name in results):
                continue  # the same model going on with Validation: shown while it is at it
            out.append((model, results.pop(model.name, {})))
        return out + [(None, result) for result in results.values()]

    def statistics(self, row: int, set_name: str) -> Mapping[str, Any]:
        """A model's statistics on a set; empty while there are none."""
        rows = self.rows
        if row >= len(rows):
            return {}
        result = rows[row][1]
        found = (result.get("statistics") or {}).get(set_name) or {}
        return found if isinstance(found, Mapping) else {}


def model_cells(view: JobView, index: int) -> Sequence[Cell]:
    """A row of the model table."""
    progress, result = view.rows[index]
    last = progress.last if progress else None
    name = str(result.get("name") or (progress.name if progress else ""))
    parameters = result.get("parameters") or (progress.parameters if progress else None)
    best = name == view.best

    def score(set_name: str, key: str, live: float | None) -> Cell:
        value = (result.get(set_name) or {}).get(key)
        value = live if value is None else value
        return (f"{value:.3f}" if value is not None else "–", "" if value is not None else "dim")

    epoch = f"{last.epoch}/{progress.epochs}" if last and progress else "–"
    state = "best" if best else progress.state if progress else ""
    return (
        ("★" if best else " ", "accent"),
        (printable(name), "accent" if best else ""),
        (epoch, ""),
        (f"{parameters / 1000:.1f} k" if parameters else "–", "dim"),
        score("train", "f1", last.f1 if last else None),
        score("validation", "f1", last.val_f1 if last else None),
        score("validation", "event_f1_50", last.event_f1 if last else None),
        score("test", "f1", None),
        (state, "accent" if best else "dim"),
    )


def series_of(model: ModelProgress | None, result: Mapping[str, Any], what: str) -> dict[str, list[float]]:
    """Curves of train and validation ``loss`` or ``accuracy`` by epoch."""
    rows: Sequence[Any] = model.history if model else ()
    if not rows:
        return {}
    names = {"train": what, "valid": f"val_{what}"}
    return {
        title: [_value(getattr(row, name)) for row in rows]
        for title, name in names.items()
        if any(getattr(row, name) is not None for row in rows)
    }


def _value(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def matrix_of(statistics: Mapping[str, Any], in_percent: bool) -> Matrix | None:
    """The confusion of events: predicted in rows, actual in columns, missed and false ones last."""
    table = statistics.get("confusion")
    if not table:
        return None
    names = [printable(str(c)) for c in statistics.get("classes", [])]
    counts = tuple(tuple(float(v) for v in row) for row in table)
    return Matrix((*names, MISSED), (*names, NONE), counts, in_percent)


def statistics_rows(
    statistics: Mapping[str, Any], metrics: Mapping[str, float], width: int, glyphs: Glyphs
) -> list[Row]:
    """Event scores, edge errors, and predicted beside actual observations as bars."""
    rows: list[Row] = []
    if metrics:
        scores = "  ".join(f"{iou / 100:g} {metrics.get(f'event_f1_{iou}', 0):.2f}" for iou in (30, 50, 70))
        rows.append([(" event F1 at IoU ", "dim"), (scores, "")])
    if statistics.get("onset_error_s") is not None:
        onset, offset = statistics["onset_error_s"] * 1000, statistics["offset_error_s"] * 1000
        rows.append([(" edges off by ", "dim"), (f"onset {onset:.0f} ms, offset {offset:.0f} ms", "")])
    actual, predicted = statistics.get("actual", {}), statistics.get("predicted", {})
    most = max([*actual.values(), *predicted.values(), 1])
    for i, name in enumerate(actual):
        for what, value in (("actual", actual[name]), ("predicted", predicted.get(name, 0))):
            title = fit(printable(name) if what == "actual" else "", 11)
            bar = counted_bar(value, most, max(8, width - 24), f"label.{i}", glyphs)
            rows.append([(f" {title} ", f"label.{i}"), (fit(what, 10), "dim"), *bar])
    return rows


def curve_rows(points: Sequence[Mapping[str, Any]], width: int, glyphs: Glyphs) -> list[Row]:
    """A learning curve as bars, and what it says; nothing where a job has none."""
    rows: list[Row] = []
    for point in points:
        value = float(point["event_f1_50"])
        bar = counted_bar(round(value, 2), 1, max(8, width - 24), "accent", glyphs)
        rows.append([(f" {point['events']:>5} events ", "dim"), *bar])
    words = textwrap.wrap(curve_says(points), max(20, width - 2)) if points else []
    return [*rows, *([(f" {line}", "")] for line in words)]


def events_of_cell(
    statistics: Mapping[str, Any], matrix: Matrix, cell: tuple[int, int]
) -> list[Mapping[str, Any]]:
    """The events that a cell of the confusion counts."""
    names = list(statistics.get("classes", []))
    row, column = cell
    predicted = names[row] if row < len(names) else None
    actual = names[column] if column < len(names) else None
    return [
        event
        for event in statistics.get("events", [])
        if event.get("predicted") == predicted and event.get("actual") == actual
    ]
