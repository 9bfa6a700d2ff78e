"""``python -m tests.kills COUNT [SCENE ...]``: kill each command COUNT times at random moments.

Prints a line a scene: how often it was killed, and what did not hold afterwards.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.kills.killing import Known, kill_once
from tests.kills.scenes import SCENES, Scene


def kill(scene: Scene, count: int, seed: int, folder: Path) -> list[str]:
    """Kill a scene's command so often; what did not hold."""
    known, rng, wrong = Known.of(scene, folder / "known"), random.Random(f"{scene.name}-{seed}"), list[str]()
    for number in range(count):
        place = folder / f"kill-{number}"
        if said := kill_once(known, place, rng):
            wrong.append(said)
        shutil.rmtree(place, ignore_errors=True)
    return wrong


def main(words: list[str]) -> int:
    """Kill; the exit code says whether anything was lost."""
    count = int(words[0]) if words else 50
    bad = 0
    for scene in (s for s in SCENES if not words[1:] or s.name in words[1:]):
        with tempfile.TemporaryDirectory(prefix="labelloop-kills-") as folder:
            wrong = kill(scene, count, 0, Path(folder))
        print(f"{scene.name}: killed {count} times, {len(wrong)} times something did not hold", flush=True)
        for said in wrong:
            print("    " + said.replace("\n", "\n    "), flush=True)
        bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
