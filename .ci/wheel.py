"""The wheel outside the checkout: what it holds, beside whom it runs, and what it leaves behind.

python .ci/wheel.py WHEEL, with a Python that has the program's dependencies.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

NEEDED = (
    "labelloop/__main__.py",
    "labelloop/py.typed",
    "labelloop/_assets/demo_data/Gestures/Gestures.improj",
)
STYLES = re.compile(r"labelloop/_assets/styles/[^/]+\.tcss")
OURS = re.compile(r"labelloop/|labelloop-[^/]+\.dist-info/")
FOREIGN = "raise SystemExit('a package of somebody else was imported')\n"

WHERE_FROM = """
import labelloop
from labelloop.assets import asset
for path in (labelloop.__file__, asset("styles"), asset("demo_data")):
    print(path)
"""


def faults(names: Iterable[str]) -> list[str]:
    """What is wrong with the names of a wheel's files, a sentence each."""
    names = list(names)
    found = [f"{name} belongs to no package of ours" for name in names if not OURS.match(name)]
    found += [f"{name} is missing" for name in NEEDED if name not in names]
    if not any(STYLES.fullmatch(name) for name in names):
        found.append("the style sheets are missing")
    return found


class Environment:
    """A fresh environment that borrows the dependencies of this Python, but not its labelloop."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.folder = folder
        self.site = Path(
            sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
        )
        (self.site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def pip(self, *words: str | Path) -> None:
        """Run pip on this environment."""
        python = self.folder / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, *map(str, words)], check=True)

    def run(self, cwd: Path, program: str, *words: str | Path) -> str:
        """What a program of this environment prints, started in a folder."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        command = [str(self.folder / "bin" / program), *map(str, words)]
        return subprocess.run(
            command,
            cwd=cwd,
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout


def put_foreign(folder: Path) -> Path:
    """A package ``app`` that is not ours; its folder."""
    package = folder / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(FOREIGN, encoding="utf-8")
    return package


def try_out(wheel: Path, work: Path) -> None:
    """Install the wheel beside a foreign ``app``, run it in a folder with another, take it out again."""
    environment = Environment(work / "venv")
    foreign, here = put_foreign(environment.site), work / "here"
    put_foreign(here)
    environment.pip("install", "--no-deps", wheel)
    for path in environment.run(here, "python", "-c", WHERE_FROM).splitlines():
        assert Path(path).is_relative_to(environment.site), f"{path} is not what the wheel brought"
    environment.run(here, "labelloop", "--version")
    environment.run(here, "labelloop", "demo", work / "demo", "--no-open")
    assert "Gestures" in environment.run(here, "labelloop", "info", work / "demo")
    environment.pip("uninstall", "-y", "labelloop")
    left = [path.name for path in environment.site.iterdir() if path.name.startswith("labelloop")]
    assert not left, f"uninstalling left {left}"
    assert (foreign / "__init__.py").read_text(encoding="utf-8") == FOREIGN, "another's package was touched"


def main(words: list[str]) -> int:
    """Check the wheel that is named; the exit code is 1 when something is wrong with its names."""
    wheel = Path(words[0]).resolve()
    with zipfile.ZipFile(wheel) as archive:
        found = faults(archive.namelist())
    for fault in found:
        print(f"{wheel.name}: {fault}.", file=sys.stderr)
    if found:
        return 1
    with tempfile.TemporaryDirectory() as folder:
        try_out(wheel, Path(folder).resolve())
    print("the wheel runs outside the checkout and leaves nothing behind")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
