"""The README's key tables from the command catalogue, and its pictures from the demo project.

python -m tests.readme
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labelloop.app import LabelloopApp
from labelloop.commands.catalogue import key_table
from labelloop.rendering.glyphs import Glyphs
from labelloop.services.projects.demo import copy_demo
from labelloop.storage.opening import open_project
from tests.end_to_end.support import labelloop
from tests.where import ROOT

README = ROOT / "README.md"
PICTURES = ROOT / ".pictures"
KEYS = re.compile(r"(<!-- keys -->\n).*?(<!-- /keys -->)", re.DOTALL)

OPEN = ("1", "down", "down", "enter", "wait")
SCENES: dict[str, tuple[tuple[int, int], Glyphs, Sequence[str]]] = {
    "sessions-80x24": ((80, 24), Glyphs.BRAILLE, ("1", "down", "space", "space", "space")),
    "sessions-200x50": ((200, 50), Glyphs.BRAILLE, ("1", "down", "space", "space", "space")),
    "viewer-80x24": ((80, 24), Glyphs.BRAILLE, (*OPEN, "n", "n")),
    "viewer-200x50": ((200, 50), Glyphs.BRAILLE, (*OPEN, "n", "n")),
    "viewer-block": ((80, 24), Glyphs.BLOCK, (*OPEN, "n", "n")),
    "viewer-ascii": ((80, 24), Glyphs.ASCII, (*OPEN, "n", "n")),
}


TRAINED: dict[str, tuple[tuple[int, int], Glyphs, Sequence[str]]] = {
    "training-80x24": ((80, 24), Glyphs.BRAILLE, ("1", "t", "wait")),
    "wizard-80x24": ((80, 24), Glyphs.BRAILLE, ("1", "g", "wait", *["enter", "wait"] * 3, "wait", "wait")),
    "review-80x24": ((80, 24), Glyphs.BRAILLE, ("1", "r", "wait", "space", "wait")),
}  # what needs a trained model, and labels that it made


def with_keys(text: str) -> str:
    """The README with the key tables of the catalogue."""
    return KEYS.sub(lambda m: m.group(1) + "\n" + key_table() + "\n" + m.group(2), text)


async def picture(project: Path, size: tuple[int, int], glyphs: Glyphs, keys: Sequence[str]) -> str:
    """What the app shows after some keys, as SVG."""
    store = open_project(project, "a picture")
    try:
        app = LabelloopApp(store, glyphs)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.3)
            for key in keys:
                await (pilot.pause(0.6) if key == "wait" else pilot.press(key))
            await pilot.pause(0.3)
            return app.export_screenshot(title="labelloop")
    finally:
        store.close()


def trained_demo(folder: Path) -> Path:
    """The demo project with a trained model and labels by it that wait for review."""
    project = copy_demo(folder)
    words = (
        ("assign", project, "train", "down/down_0[1-6]", "background/*"),
        ("assign", project, "validation", "down/down_07", "mixed/mixed_01"),
        ("train", project, "--name", "down, round 1", "--classes", "down", "--preset", "default", "--wait"),
        (
            "generate",
            project,
            "--method=model",
            "--source=best",
            "--sessions=unlabelled",
            "--target=existing:label",
        ),
    )
    for args in words:
        ran = labelloop(*args)
        if ran.code:
            raise SystemExit(ran.err)
    return project


def draw(name: str, project: Path, scene: tuple[tuple[int, int], Glyphs, Sequence[str]]) -> None:
    """Write one picture."""
    svg = asyncio.run(picture(project, *scene))
    (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")
    print(name)


def main() -> None:
    """Write the tables and the pictures."""
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, scene in SCENES.items():
            draw(name, copy_demo(Path(folder) / name), scene)
        project = trained_demo(Path(folder) / "trained")
        for name, scene in TRAINED.items():
            draw(name, project, scene)


if __name__ == "__main__":
    main()
