"""Where the tests find the program's source, the checkout, and the recordings that lie beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent  # the checkout: tests, styles, demo_data
SOURCE = ROOT / "app"  # what a process that runs the program has on its path
SHARED = ROOT.parent / "shared" / "data"  # real recordings, where they were given; never part of the project

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not here")
