"""Putting sessions into sets: by name, by shares, and locks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labelloop.errors import Refused, UserError, printable
from labelloop.project.editor import Applied, ProjectEditor
from labelloop.project.project import Project
from labelloop.project.session import Session
from labelloop.project.session_changes import EditSessions, FieldEdit, MoveSessions, SetMove
from labelloop.project.sets import SETS, TEST, TITLES, TRAIN, UNASSIGNED, VALIDATION
from labelloop.services.sessions.select import totals


def moves_to(project: Project, targets: Mapping[str, str]) -> MoveSessions:
    """The change that puts each session id into its target set, behind what is there."""
    members = {name: list(ids) for name, ids in project.state.members.items()}
    moves = []
    for session_id, target in targets.items():
        source = project.set_of(session_id)
        if source == target:
            continue
        index = members[source].index(session_id)
        del members[source][index]
        goal = members.setdefault(target, [])
        moves.append(SetMove(session_id, source, index, target, len(goal)))
        goal.append(session_id)
    return MoveSessions(tuple(moves))


def assign(editor: ProjectEditor, sessions: Sequence[Session], target: str) -> Applied | None:
    """Move sessions to a set as one change; None when all are there already.

    Raises:
        Refused: a session is locked (named), or the change can't be journaled.
    """
    project = editor.project
    locked = [s for s in sessions if s.locked and project.set_of(s.id) != target]
    if locked:
        names = ", ".join(printable(s.path) for s in locked[:5]) + (" ..." if len(locked) > 5 else "")
        raise Refused(f"Locked in their sets: {names}. Unlock them first; nothing was moved.")
    change = moves_to(project, {s.id: target for s in sessions})
    return editor.apply(change) if change.moves else None


def set_locked(editor: ProjectEditor, sessions: Iterable[Session], locked: bool) -> Applied | None:
    """Lock sessions in their sets, or free them; None when nothing changes."""
    edits = tuple(FieldEdit(s.id, s.locked, locked) for s in sessions if s.locked != locked)
    if not edits:
        return None
    title = f"{'locked' if locked else 'unlocked'} {len(edits)} session{'s' if len(edits) > 1 else ''}"
    return editor.apply(EditSessions("locked", edits), title)


@dataclass(frozen=True, slots=True)
class Shares:
    """The wanted shares of Train, Validation and Test; they are scaled to sum to 1."""

    train: float = 60
    validation: float = 20
    test: float = 20

    def scaled(self) -> dict[str, float]:
        """Each set's share, 0 to 1.

        Raises:
            UserError: a share is negative, or all are zero.
        """
        given = {TRAIN: self.train, VALIDATION: self.validation, TEST: self.test}
        if any(not share >= 0 for share in given.values()) or not sum(given.values()) > 0:
            raise UserError("The shares of Train, Validation and Test can't be negative or all zero.")
        return {name: share / sum(given.values()) for name, share in given.items()}


def plan_redistribution(
    project: Project, shares: Shares, by: str = "labels", only_unassigned: bool = False, seed: int = 0
) -> dict[str, str]:
    """Which session goes where, stratified by class; locked and broken sessions stay.

    Sessions are taken rarest class first; each goes to the set that its classes' amounts (labels or labelled
    seconds) leave furthest below its share (iterative stratification, Sechidis et al. 2011).

    Args:
        project: the project.
        shares: wanted shares of the sets.
        by: ``labels`` counts labels, ``time`` labelled seconds.
        only_unassigned: leave sessions in Train, Validation and Test where they are.
        seed: breaks ties.

    Returns:
        The target set by session id, for each session that may move and has labels.
    """
    if by not in ("labels", "time"):
        raise UserError(f"Redistribute by 'labels' or 'time', not by '{printable(by)}'.")
    want = shares.scaled()
    amounts = {s.id: _amounts(project, s, by) for s in project.sessions() if not s.broken}
    free = [s for s in project.sessions() if amounts.get(s.id) and not s.locked]
    if only_unassigned:
        free = [s for s in free if project.set_of(s.id) == UNASSIGNED]
    order = free[:]
    random.Random(seed).shuffle(order)
    have = _held(project, amounts, {s.id for s in free})
    whole: dict[str, float] = {}
    for session_amounts in amounts.values():
        for name, value in session_amounts.items():
            whole[name] = whole.get(name, 0) + value
    order.sort(key=lambda s: (min(whole[c] for c in amounts[s.id]), -sum(amounts[s.id].values())))
    plan: dict[str, str] = {}
    for session in order:
        plan[session.id] = target = _neediest(amounts[session.id], have, whole, want)
        for name, value in amounts[session.id].items():
            have[target][name] = have[target].get(name, 0) + value
    return plan


Amounts = dict[str, float]  # by class


def _amounts(project: Project, session: Session, by: str) -> dict[str, float]:
    amount = {t.name: float(t.count) if by == "labels" else t.length for t in totals(project, session)}
    return {name: value for name, value in amount.items() if value > 0}


def _held(project: Project, amounts: Mapping[str, Amounts], free: set[str]) -> dict[str, Amounts]:
    have: dict[str, Amounts] = {name: {} for name in SETS}
    for session_id, parts in amounts.items():
        if session_id not in free:
            held = have.setdefault(project.set_of(session_id), {})
            for name, value in parts.items():
                held[name] = held.get(name, 0) + value
    return have


def _neediest(parts: Amounts, have: Mapping[str, Amounts], whole: Amounts, want: Mapping[str, float]) -> str:
    """The set whose shares of these classes are furthest below what it should hold."""

    def need(name: str) -> float:
        return sum(want[name] - have[name].get(c, 0) / whole[c] for c in parts) / len(parts)

    return max((name for name in want if want[name] > 0), key=lambda name: (need(name), want[name]))


def redistribute(editor: ProjectEditor, plan: Mapping[str, str]) -> Applied | None:
    """Carry a plan out as one change; None when nothing moves."""
    change = moves_to(editor.project, plan)
    if not change.moves:
        return None
    parts = [f"{sum(m.to_set == name for m in change.moves)} to {TITLES[name]}" for name in SETS]
    return editor.apply(change, "redistributed: " + ", ".join(p for p in parts if not p.startswith("0 ")))
