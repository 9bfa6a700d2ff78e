"""The methods of generating labels, by name."""

from __future__ import annotations

import pytest

from labelloop.errors import UserError
from labelloop.services.generating.merging import Target
from labelloop.services.generating.methods import METHODS, method_of
from labelloop.services.generating.request import GenerateRequest


def request(method: str) -> GenerateRequest:
    return GenerateRequest(method, ("all",), Target.parse("new:auto"))


@pytest.mark.parametrize("name", ["model", "track", "similar", "threshold", "session"])
def test_a_method_is_found_by_its_name(name: str) -> None:
    assert method_of(request(name)).id == name


def test_a_method_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UserError, match="no method 'x': use model, track, similar, threshold, session"):
        method_of(request("x"))


def test_methods_say_what_classes_and_confidence_mean() -> None:
    assert {m.id for m in METHODS.values() if m.names_classes} >= {"threshold", "session"}
    assert not any(METHODS[name].by_confidence for name in ("track", "threshold", "session"))
