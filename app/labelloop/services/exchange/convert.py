"""Recordings of any form written in Studio's own, the originals untouched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labelloop.errors import UserError, os_reason, printable
from labelloop.formats.signals.dialect import TableOptions
from labelloop.services.projects.discover import stem_of
from labelloop.storage.home import OURS
from labelloop.storage.signals import Signal, SignalStore
from labelloop.storage.table_options import dialect_words, keep_options

_ROWS = 1 << 14


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written of a recording, and what was understood of it."""

    source: Path
    target: Path
    rows: int
    understood: str


def convert(sources: Sequence[Path], folder: Path, options: TableOptions) -> list[Converted]:
    """Write each recording into a folder of its name below ``folder``, as Studio reads it.

    Args:
        sources: tables or sounds.
        folder: where to; made when it is missing.
        options: what a user says of tables that can't be understood alone.

    Raises:
        UserError: one can't be read or written, or is there already; those before it are written.
    """
    out = []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / OURS
        keep_options(home, sources, options)
        store = SignalStore(home / "cache")
        for source in sources:
            wav = source.suffix.lower() == ".wav"
            target = folder / stem_of(source) / ("data.wav" if wav else "data.csv")
            if target.exists():
                raise UserError(f"{printable(str(target))} is there already: choose another folder.")
            signal = store.load(source)
            _written(source, target, None if wav else signal)
            out.append(Converted(source, target, signal.n, dialect_words(home, source)))
    return out


def _written(source: Path, target: Path, signal: Signal | None) -> None:
    """Write a table, or copy a sound, as a whole or not at all."""
    part = target.with_name(f".labelloop-{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if signal is None:
            shutil.copyfile(source, part)
        else:
            _write_table(part, signal)
        os.replace(part, target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{printable(str(target))} can't be written: {os_reason(error)}.") from error


def _write_table(path: Path, signal: Signal) -> None:
    """Header and rows as Studio has them: seconds first, then the channels."""
    names = [f'"{n}"' if "," in n or '"' in n else n for n in (x.replace('"', "'") for x in signal.names)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(["Time (seconds)", *names]) + "\n")
        for first in range(0, signal.n, _ROWS):
            last = min(signal.n, first + _ROWS)
            times, values = signal.times_of(first, last), np.asarray(signal.read(first, last))
            for time, row in zip(times.tolist(), values, strict=True):
                numbers = (np.format_float_positional(value, trim="-") for value in row)
                file.write(",".join([repr(time), *numbers]) + "\n")
