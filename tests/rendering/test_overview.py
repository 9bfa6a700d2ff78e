"""The whole session in one row."""

from __future__ import annotations

D = "label.0"
