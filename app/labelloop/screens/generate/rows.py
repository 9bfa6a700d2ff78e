"""What the wizard's steps show: models to choose from, settings of a method, the summary."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from labelloop.errors import printable
from labelloop.rendering.cells import Row
from labelloop.rendering.format import clock, plural, span
from labelloop.screens.generate.state import BY_CLASS, FOR_CLASS, Source, WizardState, word_for
from labelloop.services.generating.merging import NEW, Target, check_classes, check_target, chosen_sessions
from labelloop.services.generating.model import check_fit
from labelloop.services.generating.tally import Tally
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.sessions.select import counts
from labelloop.services.training.models import KnownModel
from labelloop.storage.store import ProjectStore
from labelloop.widgets.form import Field
from labelloop.widgets.list_table import Cell, Column

LENGTH_STEP = 0.05
MODEL_COLUMNS = (
    Column("best", "", 1),
    Column("name", "model", 22, flexible=True),
    Column("job", "job", 5, rank=1),
    Column("f1", "event F1", 8, "right"),
    Column("classes", "classes", 20, flexible=True, style="dim"),
    Column("shape", "channels, rate", 16, rank=2, style="dim"),
)


def model_rows(
    models: Sequence[KnownModel],
) -> tuple[Sequence[Column], Callable[[int], Sequence[Cell]]]:
    """Columns and cells of the list of models, best first."""

    def cells(index: int) -> Sequence[Cell]:
        model = models[index]
        info = model.info
        score = (info.validation or {}).get("event_f1_50") if info else None
        return (
            ("★" if model.best else " ", "accent"),
            (printable(model.name), ""),
            (model.job or "file", "dim"),
            (f"{score:.3f}" if score is not None else "–", ""),
            (printable(", ".join(info.classes)) if info else "", "dim"),
            (f"{len(info.channels)} ch, {info.rate_hz:g} Hz" if info and info.rate_hz else "", "dim"),
        )

    return MODEL_COLUMNS, cells


def method_fields(store: ProjectStore, state: WizardState, model: KnownModel | None) -> list[Field]:
    """The settings of the chosen method; values that were not touched are empty: as they come."""
    own = state.settings
    source, names = state.row.source, store.project.class_names
    makers: dict[Source, Callable[[], list[Field]]] = {
        Source.MODEL: lambda: _model_fields(own, model),
        Source.TRACK: lambda: _track_fields(own),
        Source.EXAMPLES: lambda: _similar_fields(own),
        Source.RULE: lambda: _threshold_fields(own, names),
        Source.NOTHING: lambda: _whole_fields(own, names),
    }
    return makers[source]()


def _whole_fields(own: Mapping[str, str], names: Sequence[str]) -> list[Field]:
    return [
        Field("classes", "class", own.get("classes", ""), ("", *names), hint="empty: the folder's name"),
        Field("add_classes", "add missing classes", own.get("add_classes", "no"), ("no", "yes")),
    ]


def _model_fields(own: Mapping[str, str], model: KnownModel | None) -> list[Field]:
    cls = own.get(FOR_CLASS, "")
    values = {name: word_for(own.get(name, ""), cls) for name in BY_CLASS}
    post = model.info.post if model and model.info else {}

    def comes(name: str, unit: str) -> str:
        value = (
            (post.get("per_class") or {}).get(cls, {}).get(name, post.get(name)) if cls else post.get(name)
        )
        per_class = any(name in d for d in (post.get("per_class") or {}).values())
        if per_class and not cls:
            return "as tuned on validation, by class"
        return (
            f"{value:g} {unit}, tuned on validation".replace(" ,", ",") if value is not None else "no limit"
        )

    def length(field_id: str, title: str, name: str) -> Field:
        start = float(post.get(name) or 0.0)
        step = LENGTH_STEP
        return Field(
            field_id,
            title,
            values.get(field_id, ""),
            (),
            step,
            0.0,
            unit="s",
            hint=comes(name, "s"),
            start=start,
        )

    start = float(post.get("threshold") or 0.5)
    names = model.info.classes if model and model.info else ()
    return [
        Field(FOR_CLASS, "for class", cls, ("", *names), hint="empty: all; else the next four are its own"),
        Field(
            "threshold",
            "threshold",
            values.get("threshold", ""),
            (),
            0.02,
            0.02,
            0.98,
            hint=comes("threshold", ""),
            start=start,
        ),
        length("min_length", "smallest length", "min_length_s"),
        length("max_length", "longest length", "max_length_s"),
        length("gap", "close gaps under", "gap_s"),
        Field(
            "classes",
            "classes",
            own.get("classes", ""),
            ("", *names),
            hint="empty: all that the model knows",
        ),
        Field("add_classes", "add missing classes", own.get("add_classes", "no"), ("no", "yes")),
    ]


def _similar_fields(own: Mapping[str, str]) -> list[Field]:
    similarity = "similarity from which a place counts; as it comes: from all scores"
    return [
        Field("threshold", "similarity", own.get("threshold", ""), (), 0.02, 0, 1, hint=similarity, start=0.6),
        Field("min_length", "drop shorter than", own.get("min_length", ""), (), LENGTH_STEP, 0, unit="s"),
    ]


def _threshold_fields(own: Mapping[str, str], names: Sequence[str]) -> list[Field]:
    def length(field_id: str, title: str) -> Field:
        return Field(field_id, title, own.get(field_id, ""), (), LENGTH_STEP, 0, unit="s")

    return [
        Field("classes", "class", own.get("classes", ""), tuple(names), hint="of the events that are found"),
        length("min_length", "drop shorter than"),
        length("max_length", "drop longer than"),
        length("gap", "close gaps under"),
    ]


EXAMPLE_COLUMNS = (
    Column("session", "session", 22, flexible=True),
    Column("class", "class", 14),
    Column("start", "start", 10, "right"),
    Column("length", "length", 9, "right"),
)


def example_rows(store: ProjectStore, active: str) -> list[tuple[str, Sequence[Cell]]]:
    """Confirmed events that can be examples: what names each as a source, and its cells."""
    rows: list[tuple[str, Sequence[Cell]]] = []
    signs = ClassSigns(store.project)
    for session in store.project.sessions():
        if session.broken or not counts(store.project, session):
            continue
        for label in store.project.track(session.id):
            if label.confirmed and (not active or label.name == active):
                cells: Sequence[Cell] = (
                    (printable(session.path), ""),
                    (printable(label.name), signs.of(label.name).style),
                    (clock(label.start, 2), ""),
                    (span(label.length), "dim"),
                )
                rows.append((f"{session.path}@{label.start:g}", cells))
    return rows


def _track_fields(own: Mapping[str, str]) -> list[Field]:
    values = dict(own)

    def number(
        field_id: str, title: str, hint: str, step: float = LENGTH_STEP, unit: str = "s", start: float = 0.0
    ) -> Field:
        return Field(field_id, title, values.get(field_id, ""), (), step, unit=unit, hint=hint, start=start)

    return [
        number("offset", "offset", "negative: earlier"),
        Field(
            "resize",
            "resize from",
            values.get("resize", "end"),
            ("end", "start", "centre"),
            hint="the edge that moves",
        ),
        number("by", "longer by", "negative: shorter"),
        number("factor", "length times", "", 0.05, "", 1.0),
        number("length", "fixed length", "all labels get this length"),
        number("gap", "merge gaps under", "labels of one class"),
        number("min_length", "drop shorter than", ""),
        number("max_length", "drop longer than", ""),
        Field("rename", "rename", values.get("rename", ""), hint="e types OLD=NEW"),
    ]


def summary_head(store: ProjectStore, state: WizardState, models: Sequence[KnownModel]) -> list[Row]:
    """What will be done to which sessions.

    Raises:
        UserError: something is amiss.
    """
    request = state.request()
    sessions = chosen_sessions(store.project, state.sessions, ())
    check_target(store, sessions, request.target)
    model = next((m for m in models if m.source == state.source), None)
    if model and model.info:
        check_fit(model.info, sessions)
        check_classes(store.project, request.classes or model.info.classes, request.add_classes)
    title = state.row.title
    source = (
        f" with {printable(model.name)}"
        if model
        else f" from {', '.join(map(printable, state.source.splitlines()))}"
        if state.source
        else ""
    )
    rows: list[Row] = [
        [(f" {title}{source}", "strong")],
        [(f" {plural(len(sessions), 'session')}: {_some([s.path for s in sessions])}", "")],
        [(f" into {_target(request.target)}", "")],
        [(f" labels there: {request.existing}", "")],
    ]
    for name, words in request.settings.items():
        rows.append([(f" {name.replace('_', ' ')} {' '.join(words)}", "")])
    return rows


def summary_counts(tally: Tally) -> list[Row]:
    """What will change, as far as it is known, and the sessions for which something does not fit."""
    style = "warn" if tally.why else "accent"
    rows: list[Row] = [[(f" {line}", style)] for line in wrap(tally.text(), 76)]
    problems = tally.problems
    if problems and tally.why != problems[0].problem:
        first = f"{printable(problems[0].session.path)}: {problems[0].problem}"
        text = f"{plural(len(problems), 'session')} can't be done, such as {first}"
        rows += [[(f" {line}", "warn")] for line in wrap(text, 76)]
    return rows


def summary_command(store: ProjectStore, state: WizardState) -> list[Row]:
    """The command that does the same."""
    return [[], [(" the same as a command:", "dim")], *_wrapped(state.request().words(store.project.file))]


def _target(target: Target) -> str:
    new = "the new" if target.kind == NEW else "the"
    return f"{new} track {printable(target.track)}"


def _some(names: Sequence[str], most: int = 4) -> str:
    shown = ", ".join(printable(n) for n in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _wrapped(words: Sequence[str], width: int = 76) -> list[Row]:
    """A long command in rows, broken between its words, where a shell takes a backslash."""
    rows: list[Row] = []
    line = ""
    for word in map(shlex.quote, words):
        if line and len(line) + len(word) + 3 > width:
            rows.append([(f"   {line} \\", "key")])
            line = ""
        line = f"{line} {word}".strip()
    return [*rows, [(f"   {line}", "key")]]
