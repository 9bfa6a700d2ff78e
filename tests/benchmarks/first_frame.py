"""First frame of a project of many sessions against bare Textual with one table of 1,000 rows.

python -m tests.benchmarks.first_frame [SESSIONS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.many_sessions import make_project
from tests.end_to_end.support import environment
from tests.end_to_end.terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import DataTable
class Bare(App):
    def compose(self):
        yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("session", "set", "status", "rate", "length", "down", "up", "labelled")
        rest = ("Train", "done", "50 Hz", "2:00", "22", "0", "41 %")
        table.add_rows([(f"row_{i:04d}", *rest) for i in range(1000)])
Bare().run()
"""


def first_frame(argv: list[str], ready: str, config: Path) -> float:
    """Seconds from the start of a program to a text on its screen."""
    with Terminal(argv, environment({"XDG_CONFIG_HOME": str(config)}), 200, 50) as terminal:
        return terminal.wait_for(ready)


def main(sessions: int = 1000, rounds: int = 5) -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config"
        project = make_project(Path(folder) / "many", sessions)
        ours, bare = [], []
        for _ in range(rounds):
            bare.append(first_frame([sys.executable, "-c", BARE], "row_0003", config))
            program = [sys.executable, "-m", "labelloop", str(project)]
            ours.append(first_frame(program, "session_00003", config))
    a, b = statistics.median(ours), statistics.median(bare)
    print(
        f"{sessions} sessions: first frame {a:.3f} s, bare table of 1,000 rows {b:.3f} s, ratio {a / b:.2f}"
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
