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
from labelloop.formats.improj.session_file import parse_imsession
from labelloop.formats.opening import open_regular
from labelloop.formats.paths import is_allowed_outside
from labelloop.storage.atomic import read_file

TABLES = (".data", ".csv", ".tsv")
SIGNALS = (*TABLES, ".wav", *(f"{ending}.gz" for ending in TABLES))
MAYBE = (".txt", ".txt.gz")  # tables, when numbers stand in them
_LOOKED = 1 << 14
LABELS = ".label"
SESSIONS = ".imsession"
SKIPPED_FOLDERS = frozenset({"Models", "node_modules", "__pycache__"})
DATA_FOLDER = "Data"
DEFAULT_TRACK = "label"
_NUMBERS = re.compile(rb"(?<![\w.])[+-]?\d+(?:[.,]\d+)?")
_WORDS = re.compile(rb"[A-Za-z]{4,}")


@dataclass(frozen=True, slots=True)
class Found:
    """One recording: its signal, where its session file belongs, its label files by track.

    ``path`` is the recording's path below the data folder; ``flat`` says that its files share a folder with
    other recordings and begin with the recording's name. ``more_signals`` are its other data tracks by name,
    ``made`` says that the session file is there and names all of this.
    """

    path: str
    signal: Path
    session_file: Path
    labels: tuple[tuple[str, Path], ...]
    more_signals: tuple[tuple[str, Path], ...] = ()
    flat: bool = False
    data_track: str = "data"
    made: bool = False

    @property
    def name(self) -> str:
        """The session's name."""
        return self.path.rpartition("/")[2]

    @property
    def categories(self) -> list[str]:
        """The folders between the data folder and the recording."""
        return self.path.split("/")[:-1]

    @property
    def label_track(self) -> str:
        """The track that is labelled: ``label`` where there is one, else the first that holds labels."""
        names = [name for name, _ in self.labels]
        if DEFAULT_TRACK in names or not names:
            return DEFAULT_TRACK
        return next((name for name, path in self.labels if _has_rows(path)), names[0])

    def label_path(self, track: str) -> Path:
        """Where a label track's file belongs."""
        for name, path in self.labels:
            if name == track:
                return path
        stem = f"{self.session_file.stem}_{track}" if self.flat else track
        return self.signal.with_name(stem + LABELS)


def _has_rows(path: Path) -> bool:
    """Whether a label file holds more than its header."""
    try:
        with open_regular(path) as file:
            return len(file.read(_LOOKED).strip().splitlines()) > 1
    except (UserError, OSError):
        return False


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
    follow = any(is_allowed_outside(folder) for folder in (root, root.parent))
    for current, folders, files in os.walk(below or root, followlinks=follow):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED_FOLDERS)
        names = sorted(f for f in files if not f.startswith("."))
        yield from _in_folder(root, Path(current), names, not folders)


def _in_folder(root: Path, folder: Path, names: list[str], leaf: bool) -> Iterator[Found]:
    signals = [folder / n for n in names if n.lower().endswith(SIGNALS)]
    signals += [folder / n for n in names if n.lower().endswith(MAYBE) and _holds_numbers(folder / n)]
    labels = [folder / n for n in names if n.lower().endswith(LABELS)]
    for made in _made(root, folder, [n for n in names if n.lower().endswith(SESSIONS)]):
        yield made
        taken = {made.signal, *(p for _, p in made.more_signals), *(p for _, p in made.labels)}
        signals = [s for s in signals if s not in taken]
        labels = [p for p in labels if p not in taken]
    if not signals:
        return
    main = None if folder == root else _main_signal(folder, signals, labels, leaf)
    if main is not None:
        path = folder.relative_to(root).as_posix()
        tracks = tuple((p.stem, p) for p in labels)
        others = tuple((stem_of(s), s) for s in signals if s != main)
        name = "data" if stem_of(main) in ("data", folder.name) else stem_of(main)
        yield Found(path, main, folder / f"{folder.name}.imsession", tracks, others, data_track=name)
    elif (groups := _groups(signals, labels)) is not None:
        for name, of_group in groups.items():
            yield _grouped(root, folder / name, of_group, labels)
    else:
        yield from _flat(root, signals, labels)


def _made(root: Path, folder: Path, names: list[str]) -> Iterator[Found]:
    """The sessions whose session files are in the folder: they say which files are theirs."""
    for name in names:
        file = folder / name
        try:
            tracks = parse_imsession(read_file(file, "session file"), str(file)).tracks
        except UserError:
            continue  # whoever reads the recording tells of it
        there = [(t, folder / t.payload.replace("\\", "/").lstrip("/")) for t in tracks if t.payload]
        data = [(t.name, p) for t, p in there if not t.is_label and not t.prediction and p.is_file()]
        if data:
            labels = tuple((t.name, p) for t, p in there if t.is_label and p.is_file())
            place = folder if file.stem == folder.name and folder != root else folder / file.stem
            path = place.relative_to(root).as_posix()
            (first, signal), *more = data
            flat = place != folder
            yield Found(path, signal, file, labels, tuple(more), flat, first, made=True)


def _groups(signals: list[Path], labels: list[Path]) -> dict[str, dict[str, Path]] | None:
    """Signals named ``recording_track`` by recording and track; None when they are named otherwise.

    Each recording has the same tracks, two or more, and one alone has a label file of its name.
    """
    groups: dict[str, dict[str, Path]] = {}
    for signal in signals:
        recording, mark, track = stem_of(signal).rpartition("_")
        if not mark or not recording or not track.isalpha():
            return None
        groups.setdefault(recording, {})[track] = signal
    kinds = {frozenset(tracks) for tracks in groups.values()}
    if len(kinds) != 1 or len(next(iter(kinds))) < 2:
        return None
    labelled = any(p.stem.rpartition("_")[0] in groups for p in labels)
    return groups if len(groups) > 1 or labelled else None


def _grouped(root: Path, place: Path, tracks: dict[str, Path], labels: list[Path]) -> Found:
    names = sorted(tracks, key=lambda track: (track != "data", track))
    first, *more = [(name, tracks[name]) for name in names]
    own = [p for p in labels if p.stem == place.name or p.stem.startswith(f"{place.name}_")]
    named = tuple((p.stem.removeprefix(place.name).lstrip("_") or DEFAULT_TRACK, p) for p in own)
    file = place.with_name(f"{place.name}.imsession")
    path = place.relative_to(root).as_posix()
    return Found(path, first[1], file, named, tuple(more), True, first[0])


def _flat(root: Path, signals: list[Path], labels: list[Path]) -> Iterator[Found]:
    """Each signal as a recording of its own."""
    by_stem: dict[str, list[Path]] = {}
    for signal in signals:
        by_stem.setdefault(stem_of(signal), []).append(signal)
    firsts = [same[0] for same in by_stem.values()]
    for signal in firsts:
        stem = stem_of(signal)
        path = signal.with_name(stem).relative_to(root).as_posix()
        tracks = tuple(_flat_tracks(signal, firsts, labels))
        more = tuple((f"{stem} {n}", p) for n, p in enumerate(by_stem[stem][1:], 2))
        yield Found(path, signal, signal.with_name(f"{stem}.imsession"), tracks, more, flat=True)


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


def _main_signal(folder: Path, signals: list[Path], labels: list[Path], leaf: bool) -> Path | None:
    """The signal of a folder that is one session, or None when its files are recordings of their own."""
    named = [s for s in signals if stem_of(s) in ("data", folder.name)]
    if named:
        return named[0]
    if any(_belongs(p, s) for p in labels for s in signals):
        return None
    if len(signals) == 1:
        return signals[0] if labels or (leaf and _has_siblings(folder, signals[0].name)) else None
    alone = len(labels) == 1 and _groups(signals, labels) is None
    return signals[0] if alone and not any(c.isdigit() for s in signals for c in stem_of(s)) else None


def _has_siblings(folder: Path, name: str) -> bool:
    """Whether the folders beside hold a file of this name, too: then the folders are the recordings."""
    try:
        beside = (e for e in os.scandir(folder.parent) if e.is_dir() and e.name != folder.name)
        return any((Path(e.path) / name).is_file() for e in beside)
    except OSError:
        return False


def _belongs(label: Path, signal: Path) -> bool:
    return label.stem == signal.stem or label.stem.startswith(signal.stem + "_")


def _flat_tracks(signal: Path, signals: list[Path], labels: list[Path]) -> Iterator[tuple[str, Path]]:
    for label in labels:
        owners = [s for s in signals if _belongs(label, s)]
        if owners and max(owners, key=lambda s: len(s.stem)) == signal:
            yield label.stem.removeprefix(signal.stem).removeprefix("_") or DEFAULT_TRACK, label
