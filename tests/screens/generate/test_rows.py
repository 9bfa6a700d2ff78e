"""Rows of the wizard's lists, forms and summary."""

from __future__ import annotations

import subprocess

from labelloop.screens.generate.rows import _wrapped


def test_the_command_breaks_between_its_words_only() -> None:
    words = [
        "labelloop",
        "generate",
        "x" * 40,
        "--source",
        "norm(1,2,3) > 3000 / 2500",
        "--target",
        "new:a b",
    ]
    rows = ["".join(text for text, _ in row) for row in _wrapped(words)]
    assert len(rows) > 1
    assert all(len(row) <= 80 for row in rows)
    printed = subprocess.run(
        ["sh", "-c", "printf '%s\\n' " + "\n".join(rows)], capture_output=True, text=True
    )
    assert printed.stdout.splitlines() == words
