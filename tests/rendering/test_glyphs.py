"""Our signs in ASCII."""

from __future__ import annotations

from labelloop.rendering.glyphs import plain


def test_plain_keeps_widths() -> None:
    text = "▸▾▴▹◂★✓✗–−…·═─│├┬┼╲┤█▏▎▍▌▋▊▉▁▂▃▄▅▆▇▼▲␣±≥≤→←↑↓░▒«»×└┘┌┐╌"
    assert plain(text).isascii()
    assert len(plain(text)) == len(text)
