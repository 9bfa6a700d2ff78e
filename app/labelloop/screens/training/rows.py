"""What the training screen shows of a job: its models, curves, statistics."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from labelloop.contract.recipes import FINAL, IOUS
from labelloop.contract.training import (
    CurvePoint,
    FoundEvent,
    Metrics,
    ModelResult,
    Statistics,
    TrainingResult,
)
from labelloop.errors import printable
from labelloop.jobs.progress import EpochRecord, JobStatus, ModelProgress
from labelloop.jobs.run import RunFolder
from labelloop.rendering.bars import bar_table, counted_bar
from labelloop.rendering.cells import Row
from labelloop.rendering.glyphs import Glyphs
from labelloop.rendering.matrix import Matrix
from labelloop.services.training.jobs import curve_sentence
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
    """One job as the screen shows it: status, result once there is one, place in the queue, what it noted."""

    run: RunFolder
    status: JobStatus
    result: TrainingResult = field(default_factory=TrainingResult)
    queue: str = ""
    curve: bool = False
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> str:
        """The best model's name, empty while there is none."""
        return self.result.best.name if self.result.best else ""

    @property
    def best_row(self) -> int:
        """Where the best model stands; 0 while there is none."""
        names = [result.name if result else "" for _, result in self.rows]
        return names.index(self.best) if self.best in names else 0

    @property
    def rows(self) -> list[tuple[ModelProgress | None, ModelResult | None]]:
        """Progress and result of each model; one that only the result names has no progress."""
        results = {m.name: m for m in self.result.models}
        if self.result.best is not None:
            results.setdefault(self.result.best.name, self.result.best)
        out: list[tuple[ModelProgress | None, ModelResult | None]] = []
        for model in self.status.models:
            if model.name.endswith(FINAL) and (model.state != "running" or model.name in results):
                continue  # the same model going on with Validation: shown while it is at it
            out.append((model, results.pop(model.name, None)))
        return [*out, *((None, result) for result in results.values())]

    @property
    def plots(self) -> bool:
        """Whether there are epochs to be drawn, or will be."""
        return not self.curve and (self.status.active or any(p.history for p, _ in self.rows if p))

    def statistics(self, row: int, set_name: str) -> Statistics:
        """A model's statistics on a set; empty while there are none."""
        rows = self.rows
        result = rows[row][1] if row < len(rows) else None
        return (result.statistics.get(set_name) if result else None) or Statistics()


def model_cells(view: JobView, index: int) -> Sequence[Cell]:
    """A row of the model table."""
    progress, result = view.rows[index]
    last = progress.last if progress else None
    name = result.name if result else progress.name if progress else ""
    parameters = (result.parameters if result else None) or (progress.parameters if progress else None)
    best = name == view.best

    def score(set_name: str, key: str, live: float | None) -> Cell:
        value: float | None = getattr(result.on(set_name), key) if result else None
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


def series_of(model: ModelProgress | None, what: str) -> dict[str, list[float]]:
    """Curves of train and validation ``loss`` or ``accuracy`` by epoch."""
    rows: Sequence[EpochRecord] = model.history if model else ()
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


def matrix_of(statistics: Statistics, in_percent: bool) -> Matrix | None:
    """The confusion of events: predicted in rows, actual in columns, missed and false ones last."""
    if not statistics.confusion:
        return None
    names = [printable(c) for c in statistics.classes]
    return Matrix((*names, MISSED), (*names, NONE), statistics.confusion, in_percent)


def fact_rows(view: JobView, model: ModelResult | None, set_name: str, width: int, short: bool) -> list[Row]:
    """Why the best is best, what the job was for (neither when ``short``), a set's figures of one model."""
    rows: list[Row] = []
    if view.status.state != "done":
        says = queue_explains(view.queue) if view.queue else view.status.message
        state = f"   {view.status.state}  "
        lines = textwrap.wrap(printable(says), max(20, width - len(state)))
        rows += [[(state if n == 0 else " " * len(state), "accent"), (x, "")] for n, x in enumerate(lines)]
    if not view.best and view.status.state == "done" and (text := view.result.message):
        lines = textwrap.wrap(printable(text), max(20, width - 4))
        rows += [[(" ! " if n == 0 else "   ", "warn"), (line, "warn")] for n, line in enumerate(lines)]
    reason = best_reason(view.result)
    if reason and not short:
        lines = textwrap.wrap(f"best: {reason}", max(20, width - 4))
        rows += [[(" ★ " if n == 0 else "   ", "accent"), (line, "")] for n, line in enumerate(lines)]
    if (text := printable(view.status.description)) and not short:
        rows += [[(f"   {line}", "dim")] for line in textwrap.wrap(text, max(20, width - 4))]
    for note in view.notes if not short else ():
        lines = textwrap.wrap(note, max(20, width - 4))
        rows += [[(" ! " if n == 0 else "   ", "warn"), (line, "")] for n, line in enumerate(lines)]
    if model is not None and set_name in model.metrics:
        statistics = model.statistics.get(set_name) or Statistics()
        rows.append(_figures(model.metrics[set_name], statistics, set_name, width))
    return rows


def _figures(metrics: Metrics, statistics: Statistics, set_name: str, width: int) -> Row:
    scores = ((iou / 100, metrics.at(iou)) for iou in IOUS)
    event = "  ".join(f"@{iou:g} {value:.2f}" for iou, value in scores if value is not None)
    row: Row = [(f"   {set_name}", "strong"), ("  event F1 " if width > 90 else "  F1 ", "dim"), (event, "")]
    errors = [("onset", statistics.onset_error_s), ("offset", statistics.offset_error_s)]
    known = [f"{title} ±{value * 1000:.0f}" for title, value in errors if value is not None]
    return [*row, ("  ", ""), (f"{', '.join(known)} ms", "")] if known else row


def observation_rows(statistics: Statistics, width: int, height: int, glyphs: Glyphs) -> list[Row]:
    """Actual beside predicted observations of each class, as bars; what has no room is counted."""
    actual, predicted = statistics.actual, statistics.predicted
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


def curve_rows(points: Sequence[CurvePoint], width: int, glyphs: Glyphs) -> list[Row]:
    """A learning curve as bars, and what it says; nothing where a job has none."""
    rows: list[Row] = []
    for point in points:
        bar = counted_bar(round(point.event_f1_50, 2), 1, max(8, width - 24), "accent", glyphs)
        rows.append([(f" {point.events:>5} events ", "dim"), *bar])
    words = textwrap.wrap(curve_sentence(points), max(20, width - 2)) if points else []
    return [*rows, *([(f" {line}", "")] for line in words)]


def events_of_cell(statistics: Statistics, matrix: Matrix, cell: tuple[int, int]) -> list[FoundEvent]:
    """The events that a cell of the confusion counts."""
    names = statistics.classes
    row, column = cell
    predicted = names[row] if row < len(names) else None
    actual = names[column] if column < len(names) else None
    return [e for e in statistics.events if e.predicted == predicted and e.actual == actual]
