"""Every reader of files: what it reads when all is well, and how it is called."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from labelloop.commands.keymap import load_keymap
from labelloop.formats.improj.project_file import parse_improj
from labelloop.formats.improj.session_file import parse_imsession
from labelloop.formats.labels.label_file import parse_labels
from labelloop.formats.model.model_file import read_model_info, read_report, read_weights
from labelloop.formats.registry import by_name
from labelloop.formats.signals.probe import probe_signal
from labelloop.jobs.run import RunFolder
from labelloop.jobs.scores import Scores, read_scores, write_scores
from labelloop.jobs.status import status
from labelloop.project.class_changes import SetColumns, SetTargets
from labelloop.project.label_changes import AttachTrack, EditLabels
from labelloop.project.labels import Label
from labelloop.project.models import ModelEntry, SetFactory, SetModels, SetWindows
from labelloop.project.session import TrackRef
from labelloop.project.sets import DataSet
from labelloop.services.labels import classes
from labelloop.services.projects.info import project_json
from labelloop.services.projects.settings import load_settings, settings_file
from labelloop.services.projects.view_state import load_view
from labelloop.services.sessions.assign import assign, set_locked
from labelloop.services.sessions.marks import remove_sessions
from labelloop.services.training.jobs import job_json, jobs
from labelloop.storage.ingest import ingest_to_memory
from labelloop.storage.journal_lines import with_sum
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore
from tests.made_project import ROWS, make_project, write_labels, write_recording

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """``seeds`` are whole files; ``read`` reads one. ``UserError`` is the only error that it may raise."""

    name: str
    seeds: tuple[bytes, ...]
    read: Read


@contextmanager
def readers(folder: Path) -> Iterator[dict[str, Reader]]:
    """All readers; what they need lies below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    yield {reader.name: reader for reader in (*_texts(folder), *_files(folder), *_project_files(folder))}


def _texts(folder: Path) -> Iterator[Reader]:
    project = make_project(folder / "texts", 2)
    yield Reader("improj", (project.read_bytes(),), lambda data: parse_improj(data, "a.improj"))
    sessions = tuple(p.read_bytes() for p in project.parent.rglob("*.imsession"))
    yield Reader("imsession", sessions, lambda data: parse_imsession(data, "a.imsession"))
    labels = write_labels(folder / "a.label").read_bytes()
    many = write_labels(folder / "b.label", ROWS * 200).read_bytes()
    yield Reader("label", (labels, many), lambda data: list(parse_labels(data, "a.label").labels))
    for name, seeds in _EXCHANGED.items():
        yield Reader(name, seeds, lambda data, name=name: by_name(name).read(data, f"a.{name}"))  # type: ignore[misc]


_EXCHANGED = {
    "audacity": (b"0.5\t1.0\tup\n\\\t10\t20\n1.5\t2.0\tdown\n",),
    "csv": (b"session,start,end,class,confidence,comment\na,0.5,1,up,1,x\nb,2,3,down,0.5,\n",),
    "dcase": (b"filename\tonset\toffset\tevent_label\na.wav\t0.5\t1\tup\n",),
    "json": (b'{"sessions":[{"session":"a","labels":[{"start":0.5,"end":1,"class":"up"}]}]}',),
    "studio": (b"Time(Seconds),Length(Seconds),Label(string)\n0.5,1,up\n",),
    "praat": (
        b'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 3\n'
        b"tiers? <exists>\nsize = 1\n"
        b'item []:\n  item [1]:\n    class = "IntervalTier"\n    name = "t"\n    xmin = 0\n    xmax = 3\n'
        b'    intervals: size = 1\n    intervals [1]:\n      xmin = 0\n      xmax = 3\n      text = "up"\n',
    ),
}


def _at(path: Path, read: Callable[[Path], object]) -> Read:
    """A reader of a place, given content."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def read_content(data: bytes) -> object:
        path.write_bytes(data)
        return read(path)

    return read_content


def _probed_and_read(path: Path) -> object:
    probe_signal(path)
    return ingest_to_memory(path)


def _files(folder: Path) -> Iterator[Reader]:
    table = write_recording(folder / "r.csv", 60).read_bytes()
    yield Reader("signal.csv", (table,), _at(folder / "x" / "a.csv", _probed_and_read))
    yield Reader("signal.data", (table,), _at(folder / "x" / "a.data", _probed_and_read))
    yield Reader("wav", (_wav(),), _at(folder / "x" / "a.wav", _probed_and_read))
    yield Reader("model", (_model(folder),), _at(folder / "x" / "a.h5", _whole_model))
    scores = folder / "s.npz"
    flat = np.zeros((5, 2), np.float32)
    write_scores(scores, Scores("m", ("up",), np.arange(6.0), flat, None, {"threshold": 0.5}, None))
    yield Reader("scores", (scores.read_bytes(),), _at(folder / "x" / "s.npz", read_scores))
    keys = b'[keys]\n"viewer.split" = ["x"]\n"sessions.open" = "o"\n'
    yield Reader("keys", (keys,), _at(folder / "x" / "keys.toml", load_keymap))
    view = b'{"active_class":"up","places":{"a":[0,1,0.5]},"ticked":["a"],"wizard":{"method":"model"}}'
    yield Reader("view", (view,), _at(folder / "x" / "view.json", load_view))
    settings = b'{"glyphs":"braille","recent":["/a/b.improj"]}'
    yield Reader("settings", (settings,), _at(settings_file(), lambda _: load_settings()))


def _wav() -> bytes:
    import wave

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((2, 2, 100, 0, "NONE", ""))
        file.writeframes(bytes(400))
    return buffer.getvalue()


def _model(folder: Path) -> bytes:
    path = folder / "m.h5"
    with h5py.File(path, "w") as file:
        file.attrs["labelloop"] = json.dumps({"version": 1, "name": "m", "classes": ["up"]})
        weights = file.create_group("model_weights")
        weights.create_dataset("a/kernel", data=np.zeros((3, 4), np.float32))
        weights.create_dataset("a/packed", data=np.zeros((64, 4), np.float32), compression="gzip")
    return path.read_bytes()


def _whole_model(path: Path) -> object:
    return read_model_info(path), read_report(path), read_weights(path)


def _project_files(folder: Path) -> Iterator[Reader]:
    """Files below ``.labelloop``, read by opening the project and by asking what is to be known of it."""
    file = make_project(folder / "project", 2)
    home = file.parent / ".labelloop"
    store = open_project(file, "a test")
    first, second = store.project.sessions()
    assign(store.editor, [first], "train")
    run = RunFolder.create(store.layout.runs, "generate", "g", {"method": "model"})
    run.append({"type": "state", "state": "running", "message": "x"})
    run.append({"type": "progress", "done": 1, "total": 2})
    Saver(store).save()
    assign(store.editor, [second], "validation")  # in the journal, not in the files
    _edits_of_all_kinds(store)
    store.close()
    unsummed = _without_sums(home.joinpath("journal.jsonl").read_bytes())
    read = _of_project(file, home / "journal.jsonl")
    yield Reader("journal", (unsummed,), read)  # damage that no check sum shows
    yield Reader("journal-summed", (unsummed,), lambda data: read(_with_sums(data)))  # made by a stranger
    for path in sorted(p for p in home.rglob("*") if p.is_file() and p.suffix in (".json", ".jsonl")):
        name = f"labelloop/{path.relative_to(home).as_posix()}"
        yield Reader(name, (path.read_bytes(),), _of_project(file, path))


def _edits_of_all_kinds(store: ProjectStore) -> None:
    """Edits that are in the journal alone."""
    first, second = list(store.project.sessions())
    classes.set_key(store, "up", "u")
    classes.set_weight(store, "up", "2")
    classes.rename(store, "up", "above")
    set_locked(store.editor, [first], True)
    editor = store.editor
    editor.apply(EditLabels(first.id, "label", (), (Label(0.5, 0.25, "down", 0.5, "é", "run:g1", False),)))
    editor.apply(AttachTrack(second.id, TrackRef("other", f"{second.session_file}/../other.label")))
    editor.apply(SetWindows(None, (1.0, 2.0)))
    editor.apply(SetModels((), (ModelEntry("m", "id", "<Model/>"),)))
    editor.apply(SetFactory(store.project.state.factory, (("a", "b"),)))
    editor.apply(SetColumns(store.project.state.columns, ()))
    editor.apply(SetTargets(store.project.state.sets, (DataSet("train", 1.0),)))
    editor.undo()
    remove_sessions(editor, [second])


def _without_sums(journal: bytes) -> bytes:
    return re.sub(rb',"sum":"[0-9a-f]{8}"}\n', b"}\n", journal)


def _with_sums(journal: bytes) -> bytes:
    return b"".join(with_sum(line) for line in journal.split(b"\n") if line)


def _of_project(file: Path, path: Path) -> Read:
    whole = path.read_bytes()

    def read(data: bytes) -> object:
        path.write_bytes(data)
        try:
            store = open_project(file, "a test", write=False)
            try:
                told = [job_json(status(run)) for run in jobs(store)]
                return project_json(store), told, store.editor.history.done, store.editor.history.undone
            finally:
                store.close()
        finally:
            path.write_bytes(whole)

    return read


def temporary() -> tempfile.TemporaryDirectory[str]:
    """A folder for all that readers need."""
    return tempfile.TemporaryDirectory(prefix="labelloop-fuzz-")
