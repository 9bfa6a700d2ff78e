"""Work that Ctrl+C must not cut in two."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from labelloop.project.uninterrupted import uninterrupted


def test_the_interrupt_waits_for_the_end() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        done.append("whole")
    assert done == ["whole"]
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler


def test_without_an_interrupt_nothing_happens() -> None:
    with uninterrupted():
        assert signal.getsignal(signal.SIGINT) != signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler


def test_whoever_set_another_reaction_keeps_it() -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            assert came == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_are_left_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


def test_an_error_goes_on_its_way() -> None:
    with pytest.raises(ValueError, match="x"), uninterrupted():
        raise ValueError("x")
