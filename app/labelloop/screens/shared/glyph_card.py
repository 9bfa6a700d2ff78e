"""The card of the first start: which characters does this terminal show well?"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from labelloop.rendering.cells import Row
from labelloop.rendering.format import fit
from labelloop.rendering.glyphs import Glyphs
from labelloop.widgets.rows import RowsView
from labelloop.widgets.terminal import TerminalScreen

SAMPLES = {
    Glyphs.BRAILLE: ("1", "⣀⣀⡠⠔⠊⠉⠑⠢⣀⣀⣀⡠⠒⠉⠒⢄⣀⣀", "braille dots, the finest"),
    Glyphs.BLOCK: ("2", "▁▁▂▄▆█▆▄▂▁▁▂▅█▅▂▁▁", "blocks, for fonts without dots"),
    Glyphs.ASCII: ("3", "__.-=*#*=-.__.=#=.", "plain characters, for any terminal"),
}
WIDTH = 60


class _Card(RowsView):
    """The samples, a row each, in the middle of the screen."""

    def on_mount(self) -> None:
        """The card has the screen to itself."""
        self.styles.height = "1fr"

    def make_rows(self, width: int, height: int) -> Sequence[Row]:
        """Title, samples, what the keys do."""
        lines: list[Row] = [
            [("Which of these curves looks right here?", "title")],
            [],
            *[
                [(f"{key}  ", "key"), (fit(sample, 20), "accent"), (text, "")]
                for key, sample, text in SAMPLES.values()
            ],
            [],
            [(f"1 2 3 choose; esc keeps {self.glyphs.value}; --glyphs changes it.", "dim")],
        ]
        if height < len(lines) + 2:
            lines = [row for row in lines if row]
        margin = " " * max(1, (width - WIDTH) // 2)
        above = max(0, (height - len(lines)) // 2)
        return [[]] * above + [[(margin, ""), *row] for row in lines]


class GlyphCard(TerminalScreen[Glyphs | None]):
    """One key each; escape keeps what is drawn now, any other key too and is passed on."""

    _over = False

    def compose(self) -> ComposeResult:
        """The card alone."""
        yield _Card()

    def take_key(self, event: events.Key) -> bool:
        """Choose, or go on."""
        chosen = next((g for g, (key, *_) in SAMPLES.items() if key == event.character), None)
        passed_on = chosen is None and event.key not in ("escape", "enter")
        if not self._over:
            self._over = True
            self.dismiss(chosen)
        if passed_on:
            self.app.call_later(self.app.post_message, events.Key(event.key, event.character))
        return True
