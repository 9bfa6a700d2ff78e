"""What changed on disk."""

from __future__ import annotations

import os
from pathlib import Path

from labelloop.services.projects.rescan import rescan
from labelloop.storage.store import ProjectStore
from tests.made_project import write_labels, write_recording
from tests.services.conftest import Named


def _older(path: Path) -> None:
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns - 10**10))


def test_nothing_changed(made: ProjectStore) -> None:
    found = rescan(made)
    assert (found.changed, found.missing, found.broken, found.new) == ([], [], [], [])
    assert made.journal.last_seq == 0


def test_another_date_alone_is_no_change(made: ProjectStore, named: Named) -> None:
    _older(made.project.data_path(named("up_00")))
    assert rescan(made).changed == []


def test_a_longer_recording(made: ProjectStore, named: Named) -> None:
    path = made.project.data_path(named("up_00"))
    write_recording(path, samples=400)
    _older(path)
    assert rescan(made).changed == ["up/up_00"]
    assert named("up_00").length_s == 399 / 20


def test_other_labels_bring_their_classes(made: ProjectStore, named: Named) -> None:
    path = made.project.folder / named("up_00").label_file
    write_labels(path, ("1,1,side,1,",))
    _older(path)
    found = rescan(made)
    assert found.changed == ["up/up_00"]
    assert "side" in made.project.class_names
    assert [t.name for t in named("up_00").totals] == ["side"]


def test_missing_and_broken_and_found_again(made: ProjectStore, named: Named) -> None:
    path = made.project.data_path(named("up_00"))
    whole = path.read_bytes()
    path.unlink()
    assert rescan(made).missing == ["up/up_00"]
    assert named("up_00").broken
    path.write_text("no numbers\nat all\n")
    assert [name for name, _ in rescan(made).broken] == ["up/up_00"]
    path.write_bytes(whole)
    rescan(made)
    assert not named("up_00").broken


def test_new_recordings_are_named_and_not_added(made: ProjectStore) -> None:
    write_recording(made.project.folder / "Data/side/side_09/data.csv")
    assert rescan(made).new == ["side/side_09"]
    assert len(made.project) == 4
