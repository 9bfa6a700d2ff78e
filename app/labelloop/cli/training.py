"""Verbs for training: train, jobs, models, download."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from labelloop.cli.base import (
    FILE_PATH,
    Progress,
    finite,
    json_option,
    opened,
    project_argument,
    report,
    show,
    show_json,
)
from labelloop.contract.recipes import PRESETS
from labelloop.errors import UserError, printable


class Finite(click.FloatRange):
    """A number in a range that is one: "nan" lies in every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Fails with a usage error when it is none."""
        number = float(super().convert(value, param, ctx))
        return number if number == number else self.fail(f"{value!r} is not a number.", param, ctx)


ABOVE_0 = Finite(0, 1e9, min_open=True)


@click.command("train")
@project_argument
@click.option("--preset", type=click.Choice(PRESETS), default="default", show_default=True)
@click.option("--family", help="Model family: dense (default), or Studio's conv1d and conv1dlstm.")
@click.option("--models", type=click.IntRange(1, 64), help="Number of models in the list.")
@click.option("--classes", help="Classes to learn, comma separated; those in Train by default.")
@click.option("--epochs", type=click.IntRange(1, 100000), help="Most epochs for each model.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--name", default="", help="The job's name.")
@click.option("--description", default="", help="What is tried, for later; kept with the job.")
@click.option("--unconfirmed", is_flag=True, help="Let labels that nobody confirmed train, too.")
@click.option("--ignore-rest", is_flag=True, help="Learn nothing behind the last label of sessions not done.")
@click.option("--from", "start", default="", metavar="MODEL", help="Go on from an earlier model.")
@click.option("--resample", is_flag=True, help="Bring sessions of other rates to the usual one.")
@click.option(
    "--channels-by-position", "by_position", is_flag=True, help="Match channels by order, not name."
)
@click.option("--context", type=ABOVE_0, metavar="S", help="Context length of the windowed families.")
@click.option("--rate", type=ABOVE_0, metavar="HZ", help="Predictions a second of the windowed families.")
@click.option("--list", "own_list", is_flag=True, help="Train the project's model list, whatever it holds.")
@click.option("--curve", is_flag=True, help="No models: what more labels would bring, from parts of Train.")
@click.option("--wait/--detach", default=None, help="Follow the job to its end, or return at once.")
@json_option
def train_command(project: Path, wait: bool | None, as_json: bool, **options: Any) -> None:
    """Make the model list and run a training job; it goes on when this terminal closes.

    A model list in the project that holds dense models is what is trained; --family, --models, --preset,
    --from ask for another. Without --context and --rate, windows are as chosen in the app, or as suggested.

    Example: labelloop train Gestures --classes down --wait
    """
    from labelloop.services.sessions.names import names_in
    from labelloop.services.training.jobs import notes_before, start_training, training_warnings
    from labelloop.services.training.request import TrainingRequest

    words = options.pop("classes") or ""
    usual = None if options["preset"] == "default" and not options["curve"] else False
    own = options.pop("own_list") or usual
    windows = {"context_s": options.pop("context"), "prediction_hz": options.pop("rate")}
    options["options"] = {key: value for key, value in windows.items() if value is not None}
    with opened(project, "train") as store:
        names = names_in(words, store.project.class_names)
        request = TrainingRequest(classes=names, own_list=own, **options)
        for warning in [*training_warnings(store.project, bool(own)), *notes_before(store, request)]:
            report(f"Note: {warning}")
        run = start_training(store, request)
    if not (wait if wait is not None else not sys.stdout.isatty()):
        report(f"Job {run.id} is running; follow it with 'labelloop jobs {project} {run.id} --follow'.")
        if as_json:
            show_json({"job": run.id, "state": "queued", "best": None, "models": []})
        return
    _follow_training(run, as_json)


def _follow_training(run: Any, as_json: bool) -> None:
    from labelloop.services.training.jobs import curve_of, curve_sentence, training_json

    now = _follow(run)
    data = training_json(run)
    if points := curve_of(run):
        data["curve"] = [point.to_json() for point in points]
    if as_json:
        show_json(finite(data))
    elif run.request().get("curve"):
        for point in points:
            show(f"{point.events:6} events  validation event F1 {point.event_f1_50:.3f}")
        report(curve_sentence(points))
    else:
        _show_models(data)
    if now.state == "failed":
        raise UserError(f"Training failed: {now.message}")
    if now.state == "lost":
        raise UserError(f"The training process ended early: {now.message}")


def _follow(run: Any) -> Any:
    from labelloop.jobs.status import wait
    from labelloop.services.training.wording import notes

    progress, told = Progress(""), 0

    def show_progress(now: Any) -> None:
        nonlocal told
        for text in (found := notes(run))[told:]:
            progress.end()
            report(f"Note: {text}")
        told = len(found)
        progress.text(f"job {now.id}: {now.message}")

    try:
        return wait(run, show_progress)
    except KeyboardInterrupt:
        stop = f"labelloop jobs PROJECT {run.id} --stop"
        report(f"Job {run.id} goes on without this terminal; stop it with '{stop}'.")
        raise
    finally:
        progress.end()


def _show_models(data: dict[str, Any]) -> None:
    best = (data["best"] or {}).get("name")
    for model in data["models"]:
        scores = model["validation"] or {}
        parts = "  ".join(f"{k} {v:.3f}" for k, v in scores.items() if isinstance(v, float))
        star = "*" if model["name"] == best else " "
        show(f"{star} {model['name']:28} {model['parameters'] or 0:8} weights  validation {parts}")
    what = f", best {best}" if best else f"; {data['message']}" if data["message"] else ""
    report(f"Job {data['job']}: {data['state']}{what}")


@click.command("jobs")
@project_argument
@click.argument("job", required=False)
@click.option("--follow", "action", flag_value="follow", help="Follow the job to its end.")
@click.option("--stop", "action", flag_value="stop", help="Stop it, keeping the best so far.")
@click.option("--resume", "action", flag_value="resume", help="Go on from its last checkpoint.")
@click.option("--delete", "action", flag_value="delete", help="Delete the job and its models.")
@click.option("--log", "action", flag_value="log", help="Print what it told and its process printed.")
@click.option("--grace", type=Finite(0, 86400), metavar="S", help="Wait S seconds for the stop.")
@json_option
def jobs_command(
    project: Path, job: str | None, action: str | None, grace: float | None, as_json: bool
) -> None:
    """List jobs, say more of one (``last``: the latest training), or follow, stop, resume or delete it.

    --stop asks the job to stop and returns; it stops after its epoch. With --grace S it waits: a process that
    has not ended after S seconds is told to end, and killed 5 seconds later. Models that were whole stay, and
    --resume goes on from the last checkpoint.

    Example: labelloop jobs Gestures last --follow
    """
    from labelloop.jobs.status import status
    from labelloop.services.training.jobs import find_job, job_json, jobs
    from labelloop.services.training.wording import details, message_of

    with opened(project, "jobs") as store:
        runs = [find_job(store, job)] if job else jobs(store)
        labels = bool(job) and action == "resume" and runs[0].request().get("kind") == "generate"
    if action and not job:
        raise click.UsageError(f"--{action} needs a JOB.")
    if grace is not None and action != "stop":
        raise click.UsageError("--grace goes with --stop.")
    if labels:
        _continue_labels(project, runs[0])
    elif action:
        _act(runs[0], action, grace)
    left = [run for run in runs if action != "delete"]
    if as_json:
        show_json(finite({"jobs": [job_json(status(run)) for run in left]}))
        return
    for run in left:
        now = status(run)
        show(f"{now.id:5} {now.kind:9} {now.state:8} {now.name:24} {message_of(run, now)}")
    if job and left and not action:
        for line in details(runs[0]):
            show(f"      {line}")
    if not runs:
        report("There are no jobs yet.")


def _continue_labels(project: Path, run: Any) -> None:
    from labelloop.services.generating.continuing import asks_model, continue_run
    from labelloop.services.generating.request import wait_for_run
    from labelloop.services.sessions.signal_of import read_here

    read_here()
    if asks_model(run):
        with opened(project, "jobs") as store:
            continue_run(store, run.id)
        report(f"Run {run.id} goes on; the app, or the next generate, puts what it finds into the tracks.")
        return
    with opened(project, "jobs", write=True) as store:
        going = continue_run(store, run.id)
        added = wait_for_run(going).added if going else 0
    report(f"Run {run.id} is done: {added} labels added in the sessions that were left.")


def _act(run: Any, action: str, grace: float | None) -> None:
    from labelloop.jobs.ending import ask
    from labelloop.jobs.launch import resume
    from labelloop.services.training.wording import log_lines

    if action == "follow":
        _follow(run)
    elif action == "stop" and grace is not None:
        _end(run, grace)
    elif action == "stop":
        ask(run)
        report(f"Job {run.id} is asked to stop; it keeps the best so far. --grace S ends it if it hangs.")
    elif action == "resume":
        resume(run)
        report(f"Job {run.id} goes on.")
    elif action == "delete":
        run.delete()
        report(f"Job {run.id} is deleted.")
    else:
        for line in log_lines(run):
            show(line)


def _end(run: Any, grace: float) -> None:
    from labelloop.jobs.ending import end

    forced = end(run, grace)
    saved = "; --resume goes on from what it saved" if forced else ", keeping the best so far"
    report(f"Job {run.id} {'did not react and was ended' if forced else 'stopped'}{saved}.")


@click.command("models")
@project_argument
@json_option
def models_command(project: Path, as_json: bool) -> None:
    """List the trained models, the latest job's best first.

    Example: labelloop models Gestures
    """
    from labelloop.services.training.models import known_models

    with opened(project, "models") as store:
        found = known_models(store)
    if as_json:
        show_json(finite({"models": [m.to_json() for m in found]}))
        return
    for m in found:
        score = (m.info.validation or {}).get("event_f1_50") if m.info else None
        facts = f"event F1 {score:.3f}" if score is not None else printable(m.problem)
        classes = ", ".join(m.info.classes) if m.info else ""
        show(f"{'*' if m.best else ' '} {m.job or 'file':5} {m.name:28} {facts}  {classes}")
    if not found:
        report("There are no models yet: train one with 'labelloop train'.")


@click.command("download")
@project_argument
@click.argument("model")
@click.argument("destination", metavar="DEST.h5", type=FILE_PATH)
def download_command(project: Path, model: str, destination: Path) -> None:
    """Copy a trained model (by name, or ``best``) to a file.

    Example: labelloop download Gestures best down-1.h5
    """
    from labelloop.services.training.models import download

    with opened(project, "download") as store:
        target = download(store, model, destination)
    show(str(target))
