"""Damaged files of every kind end in a value or a sentence, soon, and in little memory."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.__main__ import names, run_one
from tests.fuzz.mutations import mutated

COUNT = int(os.environ.get("LABELLOOP_FUZZ", "500"))


@pytest.mark.parametrize("reader", names())
def test_damaged_files_end_in_a_value_or_a_sentence(reader: str) -> None:
    done = run_one(reader, COUNT, seed=0)
    assert done["found"] == {}


def test_damages_are_the_same_each_time() -> None:
    import random

    assert mutated(b"a,b\n1,2\n", random.Random(1)) == mutated(b"a,b\n1,2\n", random.Random(1))
