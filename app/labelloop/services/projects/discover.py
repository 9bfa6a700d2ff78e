"""Finding recordings and their label files below a folder."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labelloop.errors import UserError
from labelloop.formats.opening import open_regular

TABLES = (".data", ".csv", ".tsv")
SIGNALS = (*TABLES, ".wav", *(f"{ending}.gz" for ending in TABLES))
MAYBE = (".txt", ".txt.gz")  # tables, when numbers stand in them
_LOOKED = 1 << 14
LABELS = ".label"
SKIPPED_FOLDERS = frozenset({"Models", "node_modules", "__pycache__"})
DATA_FOLDER = "Data"
DEFAULT_TRACK = "label"
_NUMBERS = re.compile(rb"(?<![\w.])[+-]?\d+(?:[.,]\d+)?")
_WORDS = re.compile(rb"[A-Za-z]{4,}")


@dataclass(frozen=True, slots=True)
class Found:
    """One recording: its signal, where its session file belongs, its label files by track.

    ``path`` is the recording's path below the data folder; ``flat`` says that its files share a folder with
    other recordings and begin with the recording's name.
    """

    path: str
    signal: Path
    session_file: Path
    labels: tuple[tuple[str, Path], ...]
    more_signals: tuple[Path, ...] = ()
    flat: bool = False

    @property
    def name(self) -> str:
        """The session's name."""
        return self.path.rpartition("/")[2]

    @property
    def categories(self) -> list[str]:
        """The folders between the data folder and the recording."""
        return self.path.split("/")[:-1]

    def label_path(self, track: str) -> Path:
        """Where a label track's file belongs."""
        for name, path in self.labels:
            if name == track:
                return path
        stem = f"{self.signal.stem}_{track}" if self.flat else track
        return self.signal.with_name(stem + LABELS)


def data_folder(folder: Path) -> Path:
    """The folder below which sessions are named: FOLDER/Data if there is one, else FOLDER."""
    inner = folder / DATA_FOLDER
    return inner if inner.is_dir() else folder


def find_recordings(root: Path, below: Path | None = None) -> Iterator[Found]:
    """All recordings below a folder, sorted by path; hidden folders and trained models are passed over.

    Args:
        root: the data folder, from which paths are counted.
        below: look only here; the data folder itself by default.
    """
    for current, folders, files in os.walk(below or root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED_FOLDERS)
        names = sorted(f for f in files if not f.startswith("."))
        yield from _in_folder(root, Path(current), names)


def _in_folder(root: Path, folder: Path, names: list[str]) -> Iterator[Found]:
    signals = [folder / n for n in names if n.lower().endswith(SIGNALS)]
    signals += [folder / n for n in names if n.lower().endswith(MAYBE) and _holds_numbers(folder / n)]
    labels = [folder / n for n in names if n.lower().endswith(LABELS)]
    if not signals:
        return
    main = None if folder == root else _main_signal(folder, signals, labels)
    if main is not None:
        path = folder.relative_to(root).as_posix()
        tracks = tuple((p.stem, p) for p in labels)
        others = tuple(s for s in signals if s != main)
        yield Found(path, main, folder / f"{folder.name}.imsession", tracks, others)
        return
    by_stem: dict[str, list[Path]] = {}
    for signal in signals:
        by_stem.setdefault(stem_of(signal), []).append(signal)
    firsts = [same[0] for same in by_stem.values()]
    for signal in firsts:
        path = signal.with_name(stem_of(signal)).relative_to(root).as_posix()
        tracks = tuple(_flat_tracks(signal, firsts, labels))
        more = tuple(by_stem[stem_of(signal)][1:])
        yield Found(path, signal, signal.with_name(f"{stem_of(signal)}.imsession"), tracks, more, flat=True)


def _holds_numbers(path: Path) -> bool:
    """Whether a text has rows of numbers, two at least, and not only words."""
    try:
        with open_regular(path) as file:
            raw = file.read(_LOOKED)
    except (UserError, OSError):
        return False
    if raw.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            raw = zlib.decompressobj(31).decompress(raw, _LOOKED)
    lines = [line for line in raw.replace(b"\0", b"").splitlines() if line.strip()]
    rows = [line for line in lines if len(_NUMBERS.findall(line)) > 1 and not _WORDS.search(line)]
    return len(rows) >= max(2, len(lines) // 2)


def stem_of(path: Path) -> str:
    """A signal file's name without its ending, and without that of a compressed one."""
    return Path(path.name.removesuffix(".gz")).stem if path.name.lower().endswith(".gz") else path.stem


def _main_signal(folder: Path, signals: list[Path], labels: list[Path]) -> Path | None:
    """The signal of a folder that is one session, or None when its files are recordings of their own."""
    named = [s for s in signals if stem_of(s) in ("data", folder.name)]
    if named:
        return named[0]
    prefixed = [p for p in labels if any(_belongs(p, s) for s in signals)]
    return signals[0] if len(signals) == 1 and labels and not prefixed else None


def _belongs(label: Path, signal: Path) -> bool:
    return label.stem == signal.stem or label.stem.startswith(signal.stem + "_")


def _flat_tracks(signal: Path, signals: list[Path], labels: list[Path]) -> Iterator[tuple[str, Path]]:
    for label in labels:
        owners = [s for s in signals if _belongs(label, s)]
        if owners and max(owners, key=lambda s: len(s.stem)) == signal:
            yield label.stem.removeprefix(signal.stem).removeprefix("_") or DEFAULT_TRACK, label
