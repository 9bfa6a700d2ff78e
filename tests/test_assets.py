"""What the program ships is found, in a checkout and installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelloop import assets
from labelloop.errors import UserError
from tests.where import ROOT


@pytest.mark.parametrize("name", ["styles", "demo_data"])
def test_a_checkout_has_them_at_its_top(name: str) -> None:
    assert assets.asset(name) == ROOT / name


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "app" / "labelloop"
    inside = package / "_assets" / "styles"
    inside.mkdir(parents=True)
    (tmp_path / "styles").mkdir()
    monkeypatch.setattr(assets, "_PACKAGE", package)
    assert assets.asset("styles") == inside


def test_an_incomplete_installation_says_what_to_do() -> None:
    with pytest.raises(UserError, match="lacks no such thing: install labelloop again"):
        assets.asset("no such thing")
