"""The queue in front of the processor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labelloop.jobs import locks, slots


def ticket(folder: Path, when: int, pid: int) -> tuple[Path, int]:
    path = folder / f"wait-{when:020d}-{pid}"
    fd = locks.try_lock(path)
    assert fd is not None
    return path, fd


def once() -> list[bool]:
    """Answers of somebody who asks to stop at the second look."""
    return [True, False]


def test_a_free_machine_gives_a_slot_at_once(tmp_path: Path) -> None:
    waits: list[int] = []
    slot = slots.wait_for_slot(tmp_path / "new", on_wait=lambda: waits.append(1), count=1)
    assert slot is not None
    assert waits == []
    assert list((tmp_path / "new").glob("wait-*")) == []
    slot.release()


def test_a_full_machine_makes_wait_and_says_so_once(tmp_path: Path) -> None:
    waits: list[int] = []
    looks = [True, False, False, False]
    with slots.wait_for_slot(tmp_path, count=1) or pytest.fail("no slot"):
        second = slots.wait_for_slot(tmp_path, lambda: waits.append(1), looks.pop, 1)
    assert second is None
    assert waits == [1]
    assert list(tmp_path.glob("wait-*")) == []


def test_there_are_as_many_slots_as_are_counted(tmp_path: Path) -> None:
    held = [slots.wait_for_slot(tmp_path, count=2) for _ in range(2)]
    assert None not in held
    assert slots.wait_for_slot(tmp_path, stopped=once().pop, count=2) is None
    for slot in held:
        assert slot is not None
        slot.release()


def test_a_released_slot_is_free_and_may_be_released_again(tmp_path: Path) -> None:
    for _ in range(2):
        slot = slots.wait_for_slot(tmp_path, stopped=once().pop, count=1)
        assert slot is not None
        slot.release()
        slot.release()


def test_who_came_earlier_goes_first(tmp_path: Path) -> None:
    path, fd = ticket(tmp_path, 1, 7)
    assert slots.wait_for_slot(tmp_path, stopped=once().pop, count=1) is None
    assert path.exists()
    os.close(fd)


def test_the_ticket_of_a_dead_one_holds_nobody_up(tmp_path: Path) -> None:
    path, fd = ticket(tmp_path, 1, 7)
    os.close(fd)
    with slots.wait_for_slot(tmp_path, stopped=once().pop, count=1) or pytest.fail("no slot"):
        assert not path.exists()


def test_those_who_wait_are_told_in_their_order(tmp_path: Path) -> None:
    held = [ticket(tmp_path, when, pid)[1] for when, pid in ((3, 30), (1, 10))]
    os.close(ticket(tmp_path, 2, 20)[1])
    assert slots.waiting(tmp_path) == [10, 30]
    for fd in held:
        os.close(fd)


@pytest.mark.parametrize(("cores", "jobs"), [(None, 1), (1, 1), (7, 1), (8, 2), (64, 16)])
def test_a_training_has_four_cores(monkeypatch: pytest.MonkeyPatch, cores: int | None, jobs: int) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert slots.slot_count() == jobs


def test_the_place_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELLOOP_SLOTS", "/here")
    assert slots.slots_folder() == Path("/here")
    monkeypatch.delenv("LABELLOOP_SLOTS")
    assert slots.slots_folder().parent.name == "slots"
