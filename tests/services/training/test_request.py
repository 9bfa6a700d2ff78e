"""What a user asks of a training job, before anything is chosen from the data."""

from __future__ import annotations

from labelloop.services.training.request import TrainingRequest


def test_nothing_asked_leaves_everything_to_the_data() -> None:
    request = TrainingRequest()
    assert request.preset == "default"
    assert (request.family, request.models, request.epochs, request.own_list) == (None, None, None, None)
    assert [request.unconfirmed, request.ignore_rest, request.resample, request.curve] == [False] * 4
