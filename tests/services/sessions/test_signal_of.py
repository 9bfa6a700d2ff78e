"""A session's signal, wherever it has to be read."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.services.sessions import signal_of as service
from labelloop.services.sessions.signal_of import channels_of, read_here, signal_of
from labelloop.storage.store import ProjectStore
from tests.services.conftest import Named


def test_it_is_read_here_when_no_screen_waits(
    made: ProjectStore, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_here", False)
    monkeypatch.setattr(service, "_reader", lambda _: pytest.fail("another process was asked"))
    read_here()
    assert signal_of(made, named("up_00")).n == 200


def test_another_process_reads_once_and_then_the_cache_answers(
    made: ProjectStore, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_here", False)
    assert signal_of(made, named("up_00")).n == 200
    monkeypatch.setattr(service, "_reader", lambda _: pytest.fail("it was read again"))
    assert signal_of(made, named("up_00")).names == ("x", "y")


def test_channels_are_known_before_anything_is_read(made: ProjectStore, named: Named) -> None:
    assert channels_of(made, named("up_00")) == ("x", "y")
    assert not list(made.layout.cache.glob("*.h5"))


def test_a_recording_that_is_gone_is_named(made: ProjectStore, named: Named) -> None:
    (made.project.folder / named("up_00").data_file).unlink()
    with pytest.raises(UserError, match=r"data\.csv"):
        channels_of(made, named("up_00"))
