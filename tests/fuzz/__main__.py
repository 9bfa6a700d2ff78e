"""``python -m tests.fuzz COUNT [READER ...]``: read damaged files; what a reader can't bear is kept.

Each reader runs in a process of its own, with a limit on memory and on the time of one input. An input that
ends in anything but a value or a sentence is written to ``tests/fuzz/corpus/READER`` and read by the suite
ever after. Prints one line a reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

from labelloop.errors import UserError
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import Reader, readers, temporary

CORPUS = Path(__file__).with_name("corpus")
LIMIT_S = 5.0
MEMORY = 1 << 30  # bytes more than the process has when it begins


class TooSlow(BaseException):
    """One input took longer than the limit."""


def _stop(_: int, __: FrameType | None) -> None:
    raise TooSlow


def kept(reader: str) -> list[bytes]:
    """Inputs that once were too much for a reader."""
    return [path.read_bytes() for path in sorted((CORPUS / reader.replace("/", "-")).glob("*"))]


def trouble_with(reader: Reader, data: bytes) -> str:
    """What goes wrong when an input is read; empty when all is well."""
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    try:
        reader.read(data)
    except UserError as error:
        text = str(error)
        return "" if text.isprintable() and len(text) < 2000 else f"a sentence that can't be shown: {text!r}"
    except TooSlow:
        return f"took longer than {LIMIT_S:.0f} s"
    except BaseException:
        return traceback.format_exc(limit=-3).strip()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def fuzz(reader: Reader, count: int, seed: int) -> dict[str, str]:
    """Read so many damaged inputs; the troubles, each kind once, with the name of the input that shows it."""
    rng, found = random.Random(f"{reader.name}-{seed}"), dict[str, str]()
    inputs = [*reader.seeds, *kept(reader.name)]
    for data in inputs:
        if trouble := trouble_with(reader, data):
            found[_kind(trouble)] = trouble
    for _ in range(count):
        data = mutated(rng.choice(inputs), rng)
        if trouble := trouble_with(reader, data):
            kind = _kind(trouble)
            if kind not in found:
                found[kind] = trouble
                _keep(reader.name, data)
    return found


def _kind(trouble: str) -> str:
    """Troubles of one kind: the same error, raised in the same place."""
    *_, place, _, last = ("", "", *trouble.splitlines())
    return f"{last.split(':')[0]} {place.strip()}"


def _keep(reader: str, data: bytes) -> None:
    if os.environ.get("LABELLOOP_FUZZ_KEEP"):
        place = CORPUS / reader.replace("/", "-")
        place.mkdir(parents=True, exist_ok=True)
        (place / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)


def run_one(name: str, count: int, seed: int) -> dict[str, object]:
    """Fuzz one reader in a process of its own."""
    command = [sys.executable, "-m", "tests.fuzz", "--here", name, str(count), str(seed)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        return {"reader": name, "count": count, "found": {"died": done.stderr[-2000:]}}
    return {**json.loads(lines[-1]), "seconds": round(time.monotonic() - began, 1)}


def _limit_memory() -> None:
    statm = Path("/proc/self/statm")
    if statm.exists():  # other systems don't tell what a process has, or don't hold such a limit
        used = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def _here(name: str, count: int, seed: int) -> None:
    with temporary() as folder:
        os.environ |= {"XDG_CONFIG_HOME": f"{folder}/config", "XDG_CACHE_HOME": f"{folder}/cache"}
        with readers(Path(folder)) as known:
            _limit_memory()
            found = fuzz(known[name], count, seed)
    print(json.dumps({"reader": name, "count": count, "found": found}))


def names() -> list[str]:
    """All readers."""
    with temporary() as folder, readers(Path(folder)) as known:
        return list(known)


def main(words: list[str]) -> int:
    """Fuzz; the exit code says whether anything was found."""
    if words and words[0] == "--here":
        _here(words[1], int(words[2]), int(words[3]))
        return 0
    count = int(words[0]) if words else 500
    bad = 0
    for name in words[1:] or names():
        done = run_one(name, count, seed=0)
        found = done["found"]
        assert isinstance(found, dict)
        print(f"{name}: {count} inputs, {len(found)} kinds of trouble", flush=True)
        for trouble in found.values():
            print("    " + str(trouble).replace("\n", "\n    "), flush=True)
        bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
