"""Training jobs: what they are asked for, and what came of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from labelloop.contract.recipes import GOAL, PRESETS
from labelloop.contract.training import CurvePoint, LabelledSession, TrainingJob, TrainingResult
from labelloop.contract.values import Json
from labelloop.errors import UserError, printable
from labelloop.jobs.launch import launch
from labelloop.jobs.progress import JobStatus
from labelloop.jobs.run import RunFolder, list_runs
from labelloop.jobs.status import status
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.project.sets import TITLES, TRAIN, VALIDATION
from labelloop.services.sessions.select import require_class, totals
from labelloop.services.training.checks import LEARNING_SETS, check_alike, request_notes
from labelloop.services.training.model_list import has_dense, rows_to_train
from labelloop.services.training.models import find_model, model_info
from labelloop.services.training.preprocessing import kept_windows
from labelloop.services.training.request import TrainingRequest
from labelloop.services.training.unlabelled import unlabelled_sessions
from labelloop.storage.store import ProjectStore

FEW_NAMES = 3  # classes that a job's usual name lists
WINDOWS = ("context_s", "prediction_hz")
GAIN, GOOD = 0.02, 0.95  # of event F1: what counts as a gain, and what is good enough


def classes_in_train(project: Project) -> list[str]:
    """The classes of which Train has labels, in the project's order."""
    present = {label.name for s in project.in_set(TRAIN) if not s.broken for label in project.track(s.id)}
    return [n for n in project.class_names if n in present] + sorted(present - set(project.class_names))


def start_training(store: ProjectStore, request: TrainingRequest) -> RunFolder:
    """Write a job's request, with a snapshot of the labels, and start its worker.

    Raises:
        UserError: nothing can be learnt from what is there; the message says what is missing.
    """
    require_learning()
    job = training_job(store, request)
    run = RunFolder.create(store.layout.runs, "train", job.name, job.to_json())
    launch(run)
    return run


def require_learning() -> None:
    """Raise UserError where TensorFlow, which only training needs, is not installed."""
    if importlib.util.find_spec("tensorflow") is None:
        raise UserError(
            "Training needs TensorFlow, which is not installed here: run \"pip install 'labelloop[train]'\" "
            "(about 2 GB). All else works without it."
        )


def training_job(store: ProjectStore, request: TrainingRequest) -> TrainingJob:
    """What a training job is to do. Raises UserError as ``start_training`` does."""
    project = store.project
    if request.preset not in PRESETS:
        raise UserError(f"There is no preset '{printable(request.preset)}': use {', '.join(PRESETS)}.")
    classes = [require_class(project, n) for n in request.classes] or classes_in_train(project)
    sessions = [
        _snapshot(store, session, set_name, request, classes)
        for set_name in LEARNING_SETS
        for session in project.in_set(set_name)
        if not session.broken
    ]
    _check_learnable(project, sessions, classes)
    check_alike(project, request.resample)
    start, start_train = _going_on(store, request.start, classes)
    windows = dict(zip(WINDOWS, kept_windows(project) or (), strict=False))
    windows |= {key: request.options[key] for key in WINDOWS if request.options.get(key) is not None}
    return TrainingJob(
        name=request.name or default_name(store, request, classes),
        description=request.description,
        project=project.name,
        preset=request.preset,
        family=request.family,
        model_count=request.models,
        models=_own_models(project, request),
        classes=tuple(classes),
        epochs=request.epochs,
        seed=request.seed,
        cache_dir=str(store.layout.cache),
        sessions=tuple(sessions),
        unlabelled=tuple(unlabelled_sessions(store, request.seed)),
        resample=request.resample,
        curve=request.curve,
        start=start,
        start_train=start_train,
        context_s=windows.get("context_s"),
        prediction_hz=windows.get("prediction_hz"),
        options={key: value for key, value in request.options.items() if key not in WINDOWS},
        class_weights=_class_weights(project, classes),
        by_position=request.by_position,
    )


def _class_weights(project: Project, classes: Sequence[str]) -> dict[str, float]:
    """How much each class counts in learning; nothing where all count alike."""
    weights = {c.name: c.weight for c in project.classes if c.name in classes}
    return weights if len(set(weights.values())) > 1 else {}


def default_name(store: ProjectStore, request: TrainingRequest, classes: Sequence[str]) -> str:
    """What a job is called when nobody names it: by what it learns, and which of the project's it is."""
    if request.curve:
        return "learning curve"
    number = len(list_runs(store.layout.runs, "train")) + 1
    names = ", ".join(classes) if 0 < len(classes) <= FEW_NAMES else f"{len(classes)} classes"
    return f"{names}, round {number}"


def _own_models(project: Project, request: TrainingRequest) -> tuple[Json, ...] | None:
    """The project's list, None for the preset's. Raises UserError when it holds nothing that can be made."""
    if (
        request.own_list is False
        or request.family
        or request.models
        or request.start
        or not project.state.models
    ):
        return None
    if request.own_list is None and not has_dense(project):
        return None
    rows, left = rows_to_train(project)
    if not rows:
        names = ", ".join(map(printable, left[:3]))
        raise UserError(
            f"The project's model list has only models that can't be trained here ({names}): make another "
            f"list with the Model Wizard, or name a family, such as --family dense."
        )
    return tuple(row | ({"epochs": request.epochs} if request.epochs else {}) for row in rows)


def _going_on(store: ProjectStore, start: str, classes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The earlier model's file and the sessions that it learned from, where its job is still there."""
    if not start:
        return "", ()
    path = find_model(store, start)
    info = model_info(path)
    if set(info.classes) != set(classes):
        knows, wanted = (", ".join(map(printable, names)) or "none" for names in (info.classes, classes))
        raise UserError(
            f"The earlier model {printable(info.name)} knows the classes {knows}, but {wanted} are to be "
            f"learned: training goes on only with the same classes (--classes), or begin a new model."
        )
    run = next((r for r in list_runs(store.layout.runs, "train") if path.is_relative_to(r.path)), None)
    learned = TrainingJob.from_json(run.request()).of_set(TRAIN) if run else []
    return str(path), tuple(session.id for session in learned)


def _snapshot(
    store: ProjectStore, session: Session, set_name: str, request: TrainingRequest, classes: Sequence[str]
) -> LabelledSession:
    labels = store.project.track(session.id)
    done = set(classes) <= session.done
    counted = [x for x in labels if x.confirmed or request.unconfirmed]
    partly = request.ignore_rest and not done
    return LabelledSession(
        session.id,
        session.path,
        set_name,
        str(store.inside(session.data_file, "a recording")),
        tuple((x.start, x.end, x.name) for x in counted),
        tuple((x.start, x.end) for x in labels if not x.confirmed and not request.unconfirmed),
        max((x.end for x in labels), default=None) if partly else None,
    )


def notes_before(store: ProjectStore, request: TrainingRequest) -> list[str]:
    """What a user should know before a job starts. Raises UserError as ``start_training`` does."""
    require_learning()
    return request_notes(
        store.project, training_job(store, request), bool(request.options.keys() & set(WINDOWS))
    )


def _check_learnable(project: Project, sessions: list[LabelledSession], classes: list[str]) -> None:
    train = [s for s in sessions if s.set == TRAIN]
    if not train:
        raise UserError(
            f"Train has no sessions: move labelled ones there (key T, or 'labelloop assign'), "
            f"about {GOAL} events in all."
        )
    count = sum(label[2] in classes for s in train for label in s.labels)
    if not count:
        which = f" of class {', '.join(printable(c) for c in classes)}" if classes else ""
        raise UserError(f"Train has no confirmed labels{which}: label some events first, about {GOAL}.")


def training_warnings(project: Project, listed: bool = False) -> list[str]:
    """What a user should know of the sets before training; none of it prevents it.

    ``listed`` says that the project's model list was asked for.
    """
    out = []
    if project.state.models and not has_dense(project) and not listed:
        out.append(
            "The project's model list holds window classifiers only; dense models are trained, unless the "
            "list is asked for (train --list)."
        )
    elif left := rows_to_train(project)[1]:
        names = ", ".join(map(printable, left[:3]))
        out.append(f"Models of the list that can't be trained here are left out: {names}.")
    present = set(classes_of_set(project, TRAIN))
    labelled = [n for n in project.class_names if any(n in classes_of_set(project, s) for s in _ALL_SETS)]
    for set_name in (TRAIN, VALIDATION):
        if not project.in_set(set_name):
            continue
        missing = [n for n in labelled if n not in classes_of_set(project, set_name)]
        if missing and (set_name == TRAIN or present & set(missing)):
            names = ", ".join(printable(n) for n in missing)
            out.append(
                f"{TITLES[set_name]} does not contain labels from all classes (missing: {names}); fine while "
                f"you label one class at a time."
            )
    if partly := partly_labelled(project):
        names = ", ".join(printable(s.path) for s in partly[:2]) + (" ..." if len(partly) > 2 else "")
        out.append(
            f"{names}: labelled only at the start? The Model Wizard (w) can leave out what follows the last "
            f"label; m marks a session as done."
        )
    if project.in_set(TRAIN) and not project.in_set(VALIDATION):
        out.append("Validation is empty: a part of Train will be held out to choose and tune the model.")
    return out


def partly_labelled(project: Project) -> list[Session]:
    """The sessions of Train and Validation whose labels, as far as they were read, end before half of it."""
    out = []
    for set_name in (TRAIN, VALIDATION):
        for session in project.in_set(set_name):
            track = project.loaded_track(session.id, session.label_track)
            last = max((x.end for x in track), default=None) if track else None
            if last is not None and not session.done and last - session.start_s < session.length_s / 2:
                out.append(session)
    return out


_ALL_SETS = (*LEARNING_SETS, "unassigned")


def classes_of_set(project: Project, set_name: str) -> list[str]:
    """The classes of which a set has labels, by what is loaded or was last saved."""
    found = {t.name for s in project.in_set(set_name) for t in totals(project, s) if t.count}
    return [n for n in project.class_names if n in found]


# What came of it


def jobs(store: ProjectStore) -> list[RunFolder]:
    """All training and generation jobs, oldest first."""
    return list_runs(store.layout.runs)


def find_job(store: ProjectStore, job: str) -> RunFolder:
    """The job with an id, or ``last`` for the latest training. Raises UserError when there is none."""
    if job in ("last", "latest"):
        training = list_runs(store.layout.runs, "train")
        if not training:
            name = store.project.name
            raise UserError(f"{name} has no training job yet: start one with 'labelloop train'.")
        return training[-1]
    return RunFolder.open(store.layout.runs, job)


def job_json(now: JobStatus) -> dict[str, Any]:
    """A job as ``labelloop jobs --json`` shows it."""
    shown = ("id", "name", "state", "message", "epoch", "epochs", "eta_s")
    data = {key: getattr(now, key) for key in shown}
    models = [{k: v for k, v in asdict(m).items() if k != "history"} for m in now.models]
    return data | {"kind": now.kind, "description": now.description, "models": models}


def training_json(run: RunFolder) -> dict[str, Any]:
    """A finished training job as ``labelloop train --json`` shows it."""
    now = status(run)
    result = run.result() or {}
    keys = ("name", "path", "parameters", "train", "validation", "test")
    models = [{key: m.get(key) for key in keys} for m in result.get("models", [])]
    return {
        "job": run.id,
        "state": now.state,
        "message": str(result.get("message") or now.message),
        "best": result.get("best"),
        "models": models,
    }


def result_of(run: RunFolder) -> TrainingResult:
    """What came of a job; an empty result while there is none."""
    return TrainingResult.from_json(run.result())


def curve_of(run: RunFolder) -> list[CurvePoint]:
    """The points of a job's learning curve, as far as it is."""
    if (result := run.result()) is not None:
        return list(TrainingResult.from_json(result).curve)
    return [CurvePoint.from_json(event) for event in run.events()[0] if event["type"] == "curve"]


def curve_sentence(points: Sequence[CurvePoint]) -> str:
    """What a learning curve says of labelling more.

    >>> curve_sentence([CurvePoint(40, 0.9, 0.8, 0.7), CurvePoint(80, 1.0, 0.9, 0.8)])
    'From 40 to 80 events the event F1 rose from 0.80 to 0.90: more labels are worth their keys.'
    """
    if len(points) < 2:
        return "There are too few labelled events for a learning curve."
    before, last = points[-2], points[-1]
    a, b = before.event_f1_50, last.event_f1_50
    if b - a >= GAIN:
        what, then = "rose", "more labels are worth their keys."
    elif b >= GOOD:
        what, then = "went", "it is good already; review what the model finds instead of labelling more."
    else:
        what, then = "went", "more of the same brings little; label other sessions, users or rare cases."
    span = f"From {before.events} to {last.events} events the event F1"
    return f"{span} {what} from {a:.2f} to {b:.2f}: {then}"


def finished(runs: Iterable[RunFolder]) -> list[RunFolder]:
    """Those of the runs that have a best model, oldest first."""
    return [run for run in runs if result_of(run).best]
