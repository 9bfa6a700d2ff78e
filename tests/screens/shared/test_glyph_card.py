"""The card that asks which characters look right."""

from __future__ import annotations

import pytest

from labelloop.rendering.glyphs import Glyphs
from labelloop.screens.shared.glyph_card import GlyphCard
from tests.screens.conftest import Driven


@pytest.mark.parametrize(
    ("key", "chosen"),
    [("1", Glyphs.BRAILLE), ("2", Glyphs.BLOCK), ("3", Glyphs.ASCII), ("escape", None), ("enter", None)],
)
async def test_one_key_chooses_or_keeps(driven: Driven, key: str, chosen: Glyphs | None) -> None:
    async with driven() as (app, press):
        answers: list[Glyphs | None] = []
        await app.push_screen(GlyphCard(), answers.append)
        await press(key)
        assert answers == [chosen]
