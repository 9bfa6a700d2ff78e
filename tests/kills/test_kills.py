"""Commands that are killed at random moments: nothing is lost, nothing half done, and it can go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kills.__main__ import kill
from tests.kills.scenes import SCENES, Scene

COUNT = int(os.environ.get("LABELLOOP_KILLS", "2"))
SAMPLE = [
    scene for scene in SCENES if scene.name in ("assign", "generate", "import")
]  # all: python -m tests.kills


@pytest.mark.parametrize("scene", SAMPLE, ids=lambda scene: str(scene.name))
def test_a_killed_command(scene: Scene, tmp_path: Path) -> None:
    assert kill(scene, COUNT, seed=1, folder=tmp_path) == []
