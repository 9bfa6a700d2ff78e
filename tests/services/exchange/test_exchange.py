"""Labels to and from other programs' files."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop.errors import UserError
from labelloop.project.label_changes import EditLabels
from labelloop.project.labels import Label
from labelloop.services.exchange.exchange import ImportRequest, export_labels, import_labels
from labelloop.services.labels.history import undo
from labelloop.storage.store import ProjectStore
from tests.made_project import tree
from tests.services.conftest import Named


def test_a_file_for_each_session(made: ProjectStore, tmp_path: Path) -> None:
    done = export_labels(made, "audacity", list(made.project.sessions()), tmp_path / "out")
    assert (done.sessions, done.labels) == (4, 12)
    assert sorted(tree(tmp_path / "out")) == [
        "down/down_01.txt",
        "down/down_03.txt",
        "up/up_00.txt",
        "up/up_02.txt",
    ]


def test_one_file_for_all(made: ProjectStore, tmp_path: Path) -> None:
    done = export_labels(made, "csv", list(made.project.sessions()), tmp_path / "out")
    assert [p.name for p in done.files] == ["Made-labels.csv"]


def test_only_what_a_user_confirmed(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    unsure = Label.spanning(7, 7.5, "up", confirmed=False, origin="run:g1")
    made.editor.apply(EditLabels(named("up_00").id, "label", (), (unsure,)))
    every = export_labels(made, "audacity", [named("up_00")], tmp_path / "a")
    sure = export_labels(made, "audacity", [named("up_00")], tmp_path / "b", confirmed_only=True)
    assert (every.labels, sure.labels) == (4, 3)


def test_a_file_that_is_there_stays_unless_told(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    export_labels(made, "audacity", [named("up_00")], tmp_path)
    with pytest.raises(UserError, match="is there already"):
        export_labels(made, "audacity", [named("up_00")], tmp_path)
    assert export_labels(made, "audacity", [named("up_00")], tmp_path, overwrite=True).labels == 3


def test_a_track_that_nobody_has(made: ProjectStore, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to export: it has no label track x"):
        export_labels(made, "audacity", list(made.project.sessions()), tmp_path, track="x")
    with pytest.raises(UserError, match="no session was named"):
        export_labels(made, "audacity", [], tmp_path)


def _file(tmp_path: Path, name: str, text: str = "5.5\t6.5\tup\n") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_imported_labels_wait_for_review(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    done = import_labels(made, ImportRequest("audacity", (_file(tmp_path, "up_00.txt"),)))
    assert done.added == 1
    (label,) = [x for x in made.project.track(named("up_00").id) if x.origin.startswith("import:")]
    assert (label.confirmed, label.origin) == (False, "import:up_00.txt")
    undo(made.editor)
    assert len(made.project.track(named("up_00").id)) == 3


def test_a_dry_run_changes_nothing(made: ProjectStore, tmp_path: Path) -> None:
    done = import_labels(made, ImportRequest("audacity", (_file(tmp_path, "up_00.txt"),)), dry=True)
    assert done.added == 1
    assert made.journal.last_seq == 0


def test_into_another_track_and_confirmed(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    request = ImportRequest("audacity", (_file(tmp_path, "x.txt"),), "other", "up_00", confirmed=True)
    import_labels(made, request)
    assert [x.confirmed for x in made.project.track(named("up_00").id, "other")] == [True]


def test_unknown_classes_are_refused_or_added(made: ProjectStore, tmp_path: Path) -> None:
    file = _file(tmp_path, "up_00.txt", "1\t2\tside\n")
    with pytest.raises(UserError, match="lacks 'side'"):
        import_labels(made, ImportRequest("audacity", (file,)))
    assert made.journal.last_seq == 0
    import_labels(made, ImportRequest("audacity", (file,), existing="replace-all", add_classes=True))
    assert "side" in made.project.class_names


def test_folders_are_looked_through(made: ProjectStore, tmp_path: Path) -> None:
    _file(tmp_path, "in/up/up_00.txt")
    _file(tmp_path, "in/nobody.txt")
    done = import_labels(made, ImportRequest("audacity", (tmp_path / "in",)))
    assert done.added == 1
    assert [name for name, _ in done.skipped] == [str(tmp_path / "in/nobody.txt")]
    with pytest.raises(UserError, match=r"no \.tsv file below"):
        import_labels(made, ImportRequest("dcase", (tmp_path / "in",)))


def test_files_of_no_session(made: ProjectStore, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the project has no such session"):
        import_labels(made, ImportRequest("audacity", (_file(tmp_path, "nobody.txt"),)))


def test_labels_outside_the_recording_are_counted_and_told(
    made: ProjectStore, named: Named, tmp_path: Path
) -> None:
    session = named("up_00")
    text = f"{session.end_s - 0.5}\t{session.end_s + 4}\tup\n900\t901\tup\n-9\t-8\tup\n"
    file = _file(tmp_path, "up_00.txt", text)
    done = import_labels(made, ImportRequest("audacity", (file,)))
    assert done.added == 1
    outside, cut = done.notes
    assert "2 labels outside the recording" in outside
    assert "the first at -9 s; --shift S or --relative" in outside
    assert "1 label cut at the recording's ends" in cut


def test_labels_can_be_shifted(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    file = _file(tmp_path, "up_00.txt", "905.5\t906.5\tup\n")
    done = import_labels(made, ImportRequest("audacity", (file,), shift_s=-900, confirmed=True))
    assert (done.added, done.notes) == (1, [])
    assert any(x.start == pytest.approx(5.5) for x in made.project.track(named("up_00").id))


def test_labels_under_confirmed_ones_are_told(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    held = made.project.track(named("up_00").id)[0]
    file = _file(tmp_path, "up_00.txt", f"{held.start}\t{held.end}\tup\n")
    done = import_labels(made, ImportRequest("audacity", (file,)))
    assert done.added == 0
    assert "1 label not added, as confirmed ones lie there" in done.notes[0]


TIER = """        class = "IntervalTier"
        name = "{name}"
        xmin = 0
        xmax = 30
        intervals: size = 1
        intervals [1]:
            xmin = {at}
            xmax = 6.5
            text = "{text}"
"""


def _textgrid(tmp_path: Path, *tiers: tuple[str, str, str]) -> Path:
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 30\ntiers? <exists>\n'
    body = "".join(
        f"    item [{k}]:\n" + TIER.format(name=name, at=at, text=text)
        for k, (name, at, text) in enumerate(tiers, 1)
    )
    return _file(tmp_path, "up_00.TextGrid", f"{head}size = {len(tiers)}\nitem []:\n{body}")


def test_several_tiers_become_tracks_and_one_can_be_chosen(
    made: ProjectStore, named: Named, tmp_path: Path
) -> None:
    session = named("up_00")
    file = _textgrid(tmp_path, ("words", "5.5", "up"), ("phones", "6.0", "down"))
    done = import_labels(made, ImportRequest("praat", (file,)))
    assert done.added == 2
    assert [x.name for x in made.project.track(session.id, "words")] == ["up"]
    assert [x.name for x in made.project.track(session.id, "phones")] == ["down"]
    undo(made.editor)
    undo(made.editor)
    chosen = import_labels(made, ImportRequest("praat", (file,), tier="phones"))
    assert [row.added for row in chosen.sessions] == [1]
    assert made.project.label_tracks_of(session.id) == ["label"]
    with pytest.raises(UserError, match=r"no tier 'x' \(tiers: phones, words\)"):
        import_labels(made, ImportRequest("praat", (file,), tier="x"))


def test_a_text_with_line_feeds_is_a_name(made: ProjectStore, named: Named, tmp_path: Path) -> None:
    file = _textgrid(tmp_path, ("words", "5.5", "up\n"))
    assert import_labels(made, ImportRequest("praat", (file,))).added == 1


def test_a_list_of_events_in_another_order_of_columns(made: ProjectStore, tmp_path: Path) -> None:
    text = "event_label\tonset\toffset\tfilename\nup\t5.5\t6.5\tdata/train/up_00.wav\n"
    assert import_labels(made, ImportRequest("dcase", (_file(tmp_path, "x.tsv", text),))).added == 1
    with pytest.raises(UserError, match="the header has no column event_label"):
        import_labels(made, ImportRequest("dcase", (_file(tmp_path, "y.tsv", "onset\toffset\n"),)))
