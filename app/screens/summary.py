"""The summary pane: events per class and set with target shares, and what to mind."""

from __future__ import annotations

from app.errors import printable
from app.project.sets import SETS, TITLES, UNASSIGNED
from app.rendering.bars import bar_table
from app.rendering.cells import Row
from app.rendering.format import percent
from app.rendering.glyphs import Glyphs
from app.services.class_signs import ClassSigns
from app.services.select import counts
from app.services.training import training_warnings
from app.storage.store import ProjectStore


def events_per_class(store: ProjectStore) -> dict[str, dict[str, int]]:
    """Events by class and set."""
    project = store.project
    table = {name: dict.fromkeys(SETS, 0) for name in project.class_names}
    for session in project.sessions():
        set_name = project.set_of(session.id)
        for name, count in counts(project, session).items():
            row = table.setdefault(name, dict.fromkeys(SETS, 0))
            row[set_name] = row.get(set_name, 0) + count
    return table


def summary_rows(store: ProjectStore, active: str, width: int, glyphs: Glyphs) -> list[Row]:
    """The pane's rows: titles with target shares, a row a class, then warnings."""
    project = store.project
    targets = {s.id: s.target for s in project.state.sets}
    titles = [
        f"{TITLES[name]} {percent(targets.get(name, 0))}" if name != UNASSIGNED else TITLES[name]
        for name in SETS
    ]
    signs = ClassSigns(project)
    table = events_per_class(store)
    rows = {}
    for name, by_set in table.items():
        style = signs.of(name).style + (" strong" if name == active else "")
        rows[f" {printable(name)}"] = ([float(by_set[s]) for s in SETS], style)
    longest = max((len(name) for name in rows), default=6)
    made = bar_table(rows, titles, width - 1, min(max(8, longest + 2), width // 4), glyphs)
    return made + [[(f" ! {text}", "warn")] for text in training_warnings(project)]
