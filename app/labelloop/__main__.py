"""The program's entry: settings of the terminal first, then the command line."""

from __future__ import annotations

import codecs
import io
import locale
import os
import sys


def calm_terminal(environment: dict[str, str] | os._Environ[str]) -> None:
    """Fewer repaints and no animation over SSH; must run before textual is imported."""
    if "SSH_CONNECTION" in environment or "SSH_TTY" in environment:
        environment.setdefault("TEXTUAL_FPS", "20")
        environment.setdefault("TEXTUAL_ANIMATIONS", "none")
        environment.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")


_RESTARTED = "_LABELLOOP_UTF8"


def utf8_everywhere() -> None:
    """Paths and files are UTF-8 whatever the locale; what the terminal can't show is replaced.

    Python decides this at its start alone, so under another locale the program is started again.
    """
    if sys.getfilesystemencoding() not in ("utf-8", "utf8") and _RESTARTED not in os.environ:
        os.environ |= {"PYTHONUTF8": "1", _RESTARTED: "1"}
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    shown = locale.getencoding()
    if codecs.lookup(shown).name == "ascii":  # the locale "C" says nothing about the terminal
        shown = "utf-8"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=shown, errors="replace")


def main() -> None:
    """Run labelloop."""
    try:
        utf8_everywhere()
        calm_terminal(os.environ)
        from labelloop.cli.main import run

        code = run()
    except KeyboardInterrupt:  # while the program is still being loaded
        sys.stderr.write("labelloop: interrupted before anything was done.\n")
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
