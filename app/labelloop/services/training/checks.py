"""What is looked at before a training starts: what can't be trained together, and what will be poor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labelloop.contract.channels import places
from labelloop.contract.recipes import DENSE, FEW, GOAL, RATE_TOLERANCE
from labelloop.contract.training import TrainingJob
from labelloop.errors import UserError, printable
from labelloop.formats.signals.probe import channel_names
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.project.sets import TEST, TRAIN, VALIDATION
from labelloop.services.training.preprocessing import chosen

LEARNING_SETS = (TRAIN, VALIDATION, TEST)
ROUNDED = 0.5  # how far the rates in a project file may be off, in Hz: Studio writes whole numbers


def learning_sessions(project: Project) -> list[Session]:
    """The sessions of Train, Validation and Test that can be read."""
    return [s for name in LEARNING_SETS for s in project.in_set(name) if not s.broken]


def check_alike(project: Project, resample: bool) -> None:
    """All sessions have the channels of those with the fewest and, unless they are resampled, like rates.

    Raises:
        UserError: they have not; it names sessions of each kind.
    """
    sessions = learning_sessions(project)
    shapes: dict[tuple[int, ...], list[Session]] = {}
    for session in sessions:
        if session.shape:
            shapes.setdefault(session.shape, []).append(session)
    if len(shapes) > 1 and not _have_common(project, [sessions_of[0] for sessions_of in shapes.values()]):
        parts = "; ".join(
            f"{shape[-1] if shape else 0} in {printable(found[0].path)}" + _more(len(found) - 1)
            for shape, found in sorted(shapes.items(), key=lambda item: -len(item[1]))
        )
        raise UserError(
            f"Sessions with different channels can't train one model: {parts}. "
            f"Take those of one kind out of the sets."
        )
    if not resample:
        _check_rates([s for s in sessions if s.rate_hz > 0])


def _have_common(project: Project, sessions: Sequence[Session]) -> bool:
    """Whether sessions that differ in channels all have those of the one with the fewest, by name."""
    try:
        names = [channel_names(project.data_path(session)) for session in sessions]
    except UserError:
        return False
    fewest = min(names, key=len)
    return all(places(have, fewest) is not None for have in names)


def _check_rates(sessions: Sequence[Session]) -> None:
    """The rate of most sessions, or the lower of two, is the usual one."""
    rates = sorted(s.rate_hz for s in sessions)
    usual = rates[(len(rates) - 1) // 2] if rates else 0.0
    odd = [s for s in sessions if not _like(s.rate_hz, usual)]
    if odd:
        other = next(s for s in sessions if s.rate_hz == usual)
        raise UserError(
            f"Sessions with different rates can't train one model: {printable(odd[0].path)}"
            f"{_more(len(odd) - 1)}, {odd[0].rate_hz:.4g} samples a second; {printable(other.path)}"
            f"{_more(len(sessions) - len(odd) - 1)}, {usual:.4g}. Bring them to one rate (--resample, or the "
            f"Model Wizard's 'other rates')."
        )


def _like(rate: float, usual: float) -> bool:
    """Whether rates are alike, or may be when they are rounded."""
    low, high = sorted((rate, usual))
    return (high - ROUNDED) < RATE_TOLERANCE * (low + ROUNDED)


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def request_notes(project: Project, job: TrainingJob, windows_given: bool) -> list[str]:
    """What a user should know of a job before it starts; none of it prevents it.

    ``windows_given`` says that the request names context length or prediction rate.
    """
    return list(_notes(project, job, windows_given))


def _notes(project: Project, job: TrainingJob, windows_given: bool) -> Iterator[str]:
    found = [name for session in job.of_set(TRAIN) for *_, name in session.labels]
    lacking = [c for c in job.classes if c not in found]
    if lacking:
        names = ", ".join(map(printable, lacking))
        yield f"Train has no labels of class {names}, so nothing is learned of it."
    learned = [c for c in job.classes if c in found]
    if len(learned) == 1:
        yield f"One class only is learned, {printable(learned[0])}: all else counts as background."
    count = sum(name in learned for name in found)
    if count < FEW:
        events = "1 event" if count == 1 else f"{count} events"
        yield f"Train has {events} to learn from: good for a first try; about {GOAL} make a model to trust."
    families = {str(m.get("family")) for m in job.models or ()} if job.models else {job.family or DENSE}
    if families - {DENSE}:
        yield from _window_notes(project, job)
    elif windows_given:
        yield "Dense models score every frame: --context and --rate are for --family conv1d and conv1dlstm."


def _window_notes(project: Project, job: TrainingJob) -> Iterator[str]:
    context = float(job.context_s or chosen(project, job.classes).context_s)
    short = [s for s in learning_sessions(project) if s.length_s < context]
    if short:
        which = f"{printable(short[0].path)}{_more(len(short) - 1)}"
        yield f"{which}: shorter than the context of {context:.3g} s, so one window, filled up with zeros."
