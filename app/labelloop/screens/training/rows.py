"""What the training screen shows of a job: its models, curves, statistics."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labelloop.errors import printable
from labelloop.jobs.progress import AGAIN, JobStatus, ModelProgress
from labelloop.jobs.run import RunFolder
from labelloop.rendering.bars import bar_table, counted_bar
from labelloop.rendering.cells import Row
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.matrix import Matrix
from labelloop.services.training.jobs import curve_says
from labelloop.services.training.wording import best_reason, model_title, queue_explains
from labelloop.widgets.list_table import Cell, Column

SETS = ("validation", "train", "test")
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
    Column("acc_train", "acc. train", 10, "right", rank=4),
    Column("acc_valid", "acc. valid", 10, "right", rank=4),
    Column("acc_test", "acc. test", 9, "right", rank=4),
    Column("state", "", 10, style="dim"),
)


@dataclass(frozen=True)
class JobView:
    """One job as the screen shows it: its status, its result once there is one, its place in the queue."""

    run: RunFolder
    status: JobStatus
    result: Mapping[str, Any] = field(default_factory=dict)
    queue: str = ""
    curve: bool = False

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
            if model.name.endswith(AGAIN) and (model.state != "running" or model.name in results):
                continue  # the same model going on with Validation: shown while it is at it
            out.append((model, results.pop(model.name, {})))
        return out + [(None, result) for result in results.values()]

    @property
    def plots(self) -> bool:
        """Whether there are epochs to be drawn, or will be."""
        return not self.curve and (self.status.active or any(p.history for p, _ in self.rows if p))

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
    state = "best" if best else _state_of(progress, view.status.active) if progress else ""
    return (
        ("★" if best else " ", "accent"),
        (printable(model_title(name)), "accent" if best else ""),
        (epoch, ""),
        (f"{parameters / 1000:.1f} k" if parameters else "–", "dim"),
        score("train", "f1", last.f1 if last else None),
        score("validation", "f1", last.val_f1 if last else None),
        score("validation", "event_f1_50", last.event_f1 if last else None),
        score("test", "f1", None),
        score("train", "accuracy", last.accuracy if last else None),
        score("validation", "accuracy", last.val_accuracy if last else None),
        score("test", "accuracy", None),
        (state, "accent" if best else "dim"),
    )


def _state_of(model: ModelProgress, active: bool) -> str:
    """A model's state; in a job that has ended nothing runs or waits any more."""
    if active or model.state not in ("running", "queued"):
        return model.state
    return "stopped" if model.state == "running" else "not begun"


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


def fact_rows(view: JobView, model: Mapping[str, Any], set_name: str, width: int, short: bool) -> list[Row]:
    """Why the best is best, what the job was for (neither when ``short``), a set's figures of one model."""
    rows: list[Row] = []
    if view.status.state != "done":
        says = queue_explains(view.queue) if view.queue else view.status.message
        state = f"   {view.status.state}  "
        lines = textwrap.wrap(printable(says), max(20, width - len(state)))
        rows += [[(state if n == 0 else " " * len(state), "accent"), (x, "")] for n, x in enumerate(lines)]
    if not view.best and view.status.state == "done" and (text := str(view.result.get("message") or "")):
        lines = textwrap.wrap(printable(text), max(20, width - 4))
        rows += [[(" ! " if n == 0 else "   ", "warn"), (line, "warn")] for n, line in enumerate(lines)]
    reason = best_reason(view.result)
    if reason and not short:
        lines = textwrap.wrap(f"best: {reason}", max(20, width - 4))
        rows += [[(" ★ " if n == 0 else "   ", "accent"), (line, "")] for n, line in enumerate(lines)]
    if (text := printable(view.status.description)) and not short:
        rows += [[(f"   {line}", "dim")] for line in textwrap.wrap(text, max(20, width - 4))]
    if metrics := model.get(set_name):
        rows.append(_figures(metrics, (model.get("statistics") or {}).get(set_name) or {}, set_name, width))
    return rows


def _figures(metrics: Mapping[str, Any], statistics: Mapping[str, Any], set_name: str, width: int) -> Row:
    scores = ((iou / 100, metrics.get(f"event_f1_{iou}")) for iou in (30, 50, 70))
    event = "  ".join(f"@{iou:g} {value:.2f}" for iou, value in scores if value is not None)
    row: Row = [(f"   {set_name}", "strong"), ("  event F1 " if width > 90 else "  F1 ", "dim"), (event, "")]
    errors = [(key, statistics.get(f"{key}_error_s")) for key in ("onset", "offset")]
    known = [f"{title} ±{value * 1000:.0f}" for title, value in errors if value is not None]
    return [*row, ("  ", ""), (f"{', '.join(known)} ms", "")] if known else row


def observation_rows(statistics: Mapping[str, Any], width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """Actual beside predicted observations of each class, as bars; what has no room is counted."""
    actual, predicted = statistics.get("actual", {}), statistics.get("predicted", {})
    table = {
        printable(name): ([float(actual[name]), float(predicted.get(name, 0))], f"label.{i}")
        for i, name in enumerate(actual)
    }
    names = min(max((len(n) for n in table), default=0), 14) + 2
    rows = bar_table(table, ["actual", "predicted"], width - 2, names, glyphs)
    rows = [[(" ", ""), *row] for row in rows]
    if len(rows) > height > 1:
        more = len(rows) - height + 1
        return [*rows[: height - 1], [(f" and {more} more: b shows all", "dim")]]
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
