"""The verb evaluate: one label track against another."""

from __future__ import annotations

from pathlib import Path

import click

from labelloop.cli.base import finite, json_option, opened, project_argument, show, show_json


@click.command("evaluate")
@project_argument
@click.argument("sessions", metavar="[SESSION...]", nargs=-1)
@click.option("--truth", required=True, help="The track that is right.")
@click.option("--predicted", required=True, help="The track to judge.")
@click.option("--iou", type=float, default=0.5, show_default=True, help="Overlap from which events match.")
@json_option
def evaluate_command(
    project: Path, sessions: tuple[str, ...], truth: str, predicted: str, iou: float, as_json: bool
) -> None:
    """Say how well one label track agrees with another.

    Example: labelloop evaluate Gestures --truth label --predicted auto test
    """
    from labelloop.services.exchange.evaluate import evaluate
    from labelloop.services.sessions.select import select

    with opened(project, "evaluate") as store:
        chosen = select(store.project, sessions or ("all",))
        data = evaluate(store, chosen, truth, predicted, iou)
    if as_json:
        show_json(finite(data))
        return
    ratios = f"precision {data['precision']:.3f}, recall {data['recall']:.3f}"
    show(f"event F1 {data['event_f1']:.3f} at IoU {iou:g}, {ratios}")
    if data["onset_error_s"] is not None:
        show(f"onset off by {data['onset_error_s']:.3f} s, offset by {data['offset_error_s']:.3f} s (means)")
    amounts = f"{data['truth']} true and {data['found']} found events in {data['sessions']} sessions"
    show(f"frame F1 {data['frame_f1']:.3f}; {amounts}")
    for name, row in data["per_class"].items():
        show(f"  {name:20} F1 {row['event_f1']:.3f}  true {row['truth']:5}  found {row['found']:5}")
