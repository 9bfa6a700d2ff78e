"""The summary pane: events per class and set with target shares, and what to mind."""

from __future__ import annotations

from collections.abc import Mapping

from labelloop.errors import printable
from labelloop.project.project import Project
from labelloop.project.sets import SETS, TEST, TITLES, TRAIN, UNASSIGNED, VALIDATION
from labelloop.rendering.bars import bar_table
from labelloop.rendering.cells import Row, fitted
from labelloop.rendering.format import clock, fit, percent
from labelloop.rendering.glyphs import Glyphs
from labelloop.services.labels.class_signs import ClassSigns
from labelloop.services.sessions.select import totals
from labelloop.services.training.jobs import training_warnings
from labelloop.storage.store import ProjectStore


def amounts_per_class(store: ProjectStore) -> tuple[dict[str, dict[str, int]], dict[str, float]]:
    """Events by class and set, and labelled seconds by set."""
    project = store.project
    table = {name: dict.fromkeys(SETS, 0) for name in project.class_names}
    times = dict.fromkeys(SETS, 0.0)
    for session in project.sessions():
        set_name = project.set_of(session.id)
        for total in totals(project, session):
            row = table.setdefault(total.name, dict.fromkeys(SETS, 0))
            row[set_name] = row.get(set_name, 0) + total.count
            times[set_name] = times.get(set_name, 0.0) + total.length
    return table, times


def events_per_class(store: ProjectStore) -> dict[str, dict[str, int]]:
    """Events by class and set."""
    return amounts_per_class(store)[0]


def summary_rows(store: ProjectStore, active: str, width: int, glyphs: Glyphs) -> list[Row]:
    """The pane's rows: titles with target shares, a row a class, then warnings."""
    project = store.project
    targets = {s.id: s.target for s in project.state.sets}
    titles = [
        f"{TITLES[name]} {percent(targets.get(name, 0))}" if name != UNASSIGNED else TITLES[name]
        for name in SETS
    ]
    signs = ClassSigns(project)
    table, times = amounts_per_class(store)
    weights = {c.name: c.weight for c in project.classes}
    rows = {}
    for name, by_set in table.items():
        style = signs.of(name).style + (" strong" if name == active else "")
        weight = weights.get(name, 1.0)
        shown = printable(name) + (f" ×{weight:g}" if weight != 1 else "")
        rows[f" {shown}"] = ([float(by_set[s]) for s in SETS], style)
    longest = max((len(name) for name in rows), default=6)
    name_width = min(max(15, longest + 2), width // 4)
    made = bar_table(rows, titles, width - 1, name_width, glyphs)
    size, left = max(6, (width - 1 - name_width) // len(SETS)), name_width
    times_row: Row = [(fit(" labelled time", left), "dim")]
    times_row += [(fit(clock(times[s]) if times[s] else "–", size), "dim") for s in SETS]
    made.append(fitted(times_row, width))
    return made + [[(f" ! {text}", "warn")] for text in training_warnings(project)]


def outlook(project: Project, plan: Mapping[str, str]) -> list[str]:
    """What each set would hold in events and labelled time: ``Train down 44 up 20 1:20``."""
    texts = []
    for name in (TRAIN, VALIDATION, TEST):
        held = [s for s in project.sessions() if plan.get(s.id, project.set_of(s.id)) == name]
        found = [total for s in held for total in totals(project, s)]
        events = dict.fromkeys((t.name for t in found if t.count), 0)
        for total in found:
            events[total.name] = events.get(total.name, 0) + total.count
        each = " ".join(f"{printable(n)} {count}" for n, count in sorted(events.items()) if count)
        texts.append(f"{TITLES[name]} {each or 'no events'} {clock(sum(t.length for t in found))}")
    return texts
