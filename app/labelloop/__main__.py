"""The program's entry: settings of the terminal first, then the command line."""

from __future__ import annotations

import os
import sys


def calm_terminal(environment: dict[str, str] | os._Environ[str]) -> None:
    """Fewer repaints and no animation over SSH; must run before textual is imported."""
    if "SSH_CONNECTION" in environment or "SSH_TTY" in environment:
        environment.setdefault("TEXTUAL_FPS", "20")
        environment.setdefault("TEXTUAL_ANIMATIONS", "none")
        environment.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")


def main() -> None:
    """Run labelloop."""
    try:
        calm_terminal(os.environ)
        from labelloop.cli.main import run

        code = run()
    except KeyboardInterrupt:  # while the program is still being loaded
        sys.stderr.write("labelloop: interrupted before anything was done.\n")
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
