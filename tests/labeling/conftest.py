"""Property tests of this folder take the time they need, whatever else the machine does."""

from __future__ import annotations

from hypothesis import settings

if settings().deadline is not None:
    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")
