"""The sets a session can be in, under the names that Studio's files use."""

from __future__ import annotations

from dataclasses import dataclass

from labelloop.errors import UserError

TRAIN, VALIDATION, TEST, UNASSIGNED = "train", "validation", "test", "unassigned"
SETS = (TRAIN, VALIDATION, TEST, UNASSIGNED)
TITLES = {TRAIN: "Train", VALIDATION: "Validation", TEST: "Test", UNASSIGNED: "Unassigned"}


@dataclass(frozen=True, slots=True)
class DataSet:
    """One set of the project and the share of the labels it should hold, 0 to 1."""

    id: str
    target: float = 0.0

    @property
    def title(self) -> str:
        """The set's name on the screen."""
        return TITLES.get(self.id, self.id)


DEFAULT_SETS = (DataSet(UNASSIGNED), DataSet(TRAIN, 0.6), DataSet(VALIDATION, 0.2), DataSet(TEST, 0.2))


def set_named(text: str) -> str:
    """The set that a user means by ``text``; any unambiguous beginning will do.

    Raises:
        UserError: no set begins like that.
    """
    found = [name for name in SETS if name.startswith(text.strip().lower())] if text.strip() else []
    if len(found) != 1:
        raise UserError(f"There is no set '{text}': use train, validation, test or unassigned.")
    return found[0]
