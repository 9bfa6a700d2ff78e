"""Commands as bindings."""

from __future__ import annotations

from labelloop.commands.command import Group
from labelloop.widgets.bindings import bindings_for


def test_bindings_have_ids_and_unique_keys() -> None:
    for group in Group:
        found = bindings_for(group)
        assert len({b.key for b in found}) == len(found) == len({b.id for b in found})
