"""Model files are read first by a process of little memory and time, which a file may break without harm.

Its library follows what a damaged or hostile file says, in loops that no signal ends. The process gets paths,
one a line, and answers each with one line: what the model says of itself, or why it is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

import labelloop
from labelloop.errors import UserError, printable
from labelloop.formats.model.info import ModelInfo
from labelloop.formats.model.model_file import read_model_info, read_weights

COMMAND = ("-m", "labelloop.formats.model.child")
PATIENCE_S = 20.0  # of the clock and of the processor, for one file
MEMORY = 4 << 30  # bytes of addresses: libraries take the better part of one
_GONE = "reading it took too much memory or time: it is damaged, or not what it seems"


def read_infos(paths: Sequence[Path]) -> list[ModelInfo | UserError]:
    """What models say of themselves, in the same order; for one that is none, the reason.

    Weights are looked at, too, so that another process can read them without harm.
    """
    out: list[ModelInfo | UserError] = []
    while len(out) < len(paths):
        with _process() as process:
            for path in paths[len(out) :]:
                answer = _ask(process, path)
                out.append(_answer(path, answer))
                if answer is None:
                    break  # the next one gets a new process
    return out


def read_info(path: Path) -> ModelInfo:
    """What one model says of itself. Raises UserError."""
    (found,) = read_infos([path])
    if isinstance(found, UserError):
        raise found
    return found


@contextlib.contextmanager
def _process() -> Any:
    home = str(Path(labelloop.__file__).resolve().parent.parent)
    given = (os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p)
    process = subprocess.Popen(
        [sys.executable, "-P", *COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([home, *given])},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _ask(process: subprocess.Popen[bytes], path: Path) -> dict[str, Any] | None:
    """The answer for one path; None when the process died or took too long."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(str(path)).encode() + b"\n")
        process.stdin.flush()
        line = _line(process.stdout)
        found = json.loads(line)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _line(stream: IO[bytes]) -> bytes:
    """The next line, waited for with patience; what there is of it when it does not come."""
    parts: list[bytes] = []
    while not parts or not parts[-1].endswith(b"\n"):
        if not select.select([stream], [], [], PATIENCE_S)[0]:
            break
        part = os.read(stream.fileno(), 1 << 16)
        if not part:
            break
        parts.append(part)
    return b"".join(parts)


def _answer(path: Path, answer: dict[str, Any] | None) -> ModelInfo | UserError:
    if answer is None:
        return UserError(f"{printable(path.name)} can't be used as a model: {_GONE}.")
    if "error" in answer:
        return UserError(str(answer["error"]))
    info = answer["info"]
    tuples = {key: tuple(info[key]) for key in ("classes", "channels")}
    return ModelInfo(**{**info, **tuples, "path": path})


def _limit() -> None:
    """Let the system end this process when it takes too much."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):  # macOS knows no limit of addresses
            _, hard = resource.getrlimit(what)
            top = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (top, hard))


def _read(path: Path) -> dict[str, Any]:
    try:
        info = read_model_info(path)
        read_weights(path)
    except UserError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{printable(path.name)} can't be used as a model: {_GONE}."}
    return {"info": asdict(replace(info, path=Path()))}


def main() -> None:
    """Answer paths from stdin until there are no more."""
    _limit()
    for line in sys.stdin.buffer:
        answer = _read(Path(json.loads(line)))
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
