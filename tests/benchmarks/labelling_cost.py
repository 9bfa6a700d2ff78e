"""What labelling by hand costs: keys an event and overlap with the truth, by a scripted user.

    python -m tests.benchmarks.labelling_cost SESSION_FOLDER [--jitter 0.05]

SESSION_FOLDER holds data.csv and label.label. The user labels every event in order: first marking start
and end, then with stamps and snapping on (the first event of a class is marked, as its usual length is not
known). Keys that move are not counted; the cursor goes to the truth, to the column, off by up to ``jitter``
times the event's length.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import shutil
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from labelloop.app import LabelloopApp
from labelloop.project.segment import Segment
from labelloop.screens.viewer.screen import ViewerScreen
from labelloop.services.labels import classes
from labelloop.services.projects.create import new_project
from labelloop.storage.opening import open_project
from labelloop.storage.store import ProjectStore

Truth = list[tuple[Segment, str]]


@dataclass
class User:
    """Presses keys on a viewer and counts those that are no moves."""

    screen: ViewerScreen
    pilot: Pilot[object]
    jitter: float
    random: random.Random = field(default_factory=lambda: random.Random(0))
    keys: int = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        self.keys += len(keys)

    def go(self, time: float, length: float) -> None:
        """The cursor near a time, in the column that shows it."""
        view = self.screen.pane.view
        view = view.window(view.start, min(view.shown, 20 * length))
        view = view.at(time + self.random.uniform(-self.jitter, self.jitter) * length)
        column = view.column(view.cursor, self.screen.pane.columns)
        self.screen.pane.show_view(view.at(view.time(column, self.screen.pane.columns)))

    async def choose(self, name: str) -> None:
        """A class by its digit, or by its letter."""
        sign = self.screen.pane.signs.of(name)
        await self.press(*([sign.key] if sign.key else ["'", sign.letter, "enter"]))

    async def mark(self, event: Segment, name: str) -> None:
        self.go(event.start, event.length)
        await self.press("space")
        self.go(event.end, event.length)
        await self.choose(name)

    async def stamp(self, event: Segment, name: str) -> None:
        if self.screen.edits.usual_length(name) is None:
            await self.mark(event, name)
            return
        self.go(event.start, event.length)
        await self.choose(name)


def truth_of(file: Path) -> Truth:
    rows = list(csv.reader(file.open()))[1:]
    return [(Segment(float(r[0]), float(r[0]) + float(r[1])), r[2]) for r in rows]


def made(folder: Path, truth: Truth) -> ProjectStore:
    store = open_project(new_project(folder).project, "a benchmark")
    for name in dict.fromkeys(name for _, name in truth):
        classes.add(store, name)
    return store


async def labelled(
    store: ProjectStore, truth: Truth, stamps: bool, jitter: float
) -> tuple[float, list[float]]:
    """Keys an event, and the overlap of each event with its truth."""
    app = LabelloopApp(store)
    async with app.run_test(size=(200, 50)) as pilot:
        session = next(app.project.sessions())
        screen = ViewerScreen(session.id, [session.id])
        app.push_screen(screen)
        while not screen.ready.is_set() or screen.opener.waiting:
            await pilot.pause(0.05)
        user = User(screen, pilot, jitter)
        if stamps:
            await pilot.press("S")
        for event, name in truth:
            await (user.stamp if stamps else user.mark)(event, name)
        await pilot.pause()
        found = [[x for x in screen.pane.track if x.name == name] for _, name in truth]
        overlaps = [
            max((x.segment.iou(event) for x in labels), default=0.0)
            for (event, _), labels in zip(truth, found, strict=True)
        ]
        return user.keys / len(truth), overlaps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jitter", type=float, default=0.05)
    given = parser.parse_args()
    truth = truth_of(given.folder / "label.label")
    for stamps in (False, True):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "project" / given.folder.name
            folder.mkdir(parents=True)
            shutil.copy(given.folder / "data.csv", folder / "data.csv")
            store = made(folder.parent, truth)
            keys, overlaps = asyncio.run(labelled(store, truth, stamps, given.jitter))
            store.close()
        way = "stamp and snap" if stamps else "mark, move, class"
        good = sum(x > 0.8 for x in overlaps) / len(overlaps)
        print(
            f"{way:18} {len(truth)} events  {keys:.2f} keys an event  "
            f"IoU median {statistics.median(overlaps):.3f}, over 0.8: {good:.0%}"
        )


if __name__ == "__main__":
    main()
