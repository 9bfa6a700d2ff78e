"""The wizard's answers as a value."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from labelloop.screens.generate.state import FOR_CLASS, WizardState
from labelloop.services.generating.request import model_settings


def test_each_method_keeps_its_own_settings() -> None:
    state = WizardState(method="model", sessions=("a",), track="label").with_setting("threshold", "0.54")
    other = replace(state, method="similar")
    assert other.request().settings == {}
    back = replace(other.with_setting("threshold", "0.7"), method="model")
    assert back.request().settings == {"threshold": ("0.54",)}
    again = WizardState.from_json(json.loads(json.dumps(back.to_json())), ("a",))
    assert again == back


def test_settings_of_one_class_go_into_the_request_and_the_command() -> None:
    state = WizardState(method="model", sources={"model": "best"}, sessions=("a",), track="label")
    state = state.with_setting("threshold", "0.4").with_setting(FOR_CLASS, "slow down")
    state = state.with_setting("threshold", "0.3").with_setting("gap", "0.2")
    request = state.request()
    assert request.settings == {"threshold": ("0.4", "slow down:0.3"), "gap": ("slow down:0.2",)}
    assert "--gap 'slow down:0.2'" in request.command(Path("p/p.improj"))
    assert model_settings(request) == {
        "threshold": 0.4,
        "per_class": {"slow down": {"threshold": 0.3, "gap_s": 0.2}},
    }
    again = state.with_setting("threshold", "").with_setting(FOR_CLASS, "")
    assert again.request().settings == {"threshold": ("0.4",), "gap": ("slow down:0.2",)}
