"""What every verb shares: errors as sentences, --json, exit codes, progress, opening the project."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from labelloop.errors import UserError, os_reason, printable
from labelloop.project.changes import count_of
from labelloop.storage.opening import open_project
from labelloop.storage.saving import Saver
from labelloop.storage.store import ProjectStore

PARTLY_FAILED = 3

F = TypeVar("F", bound=Callable[..., Any])

FILE_PATH = click.Path(path_type=Path, readable=False)  # opening it says best what is wrong with it
project_argument = click.argument("project", type=FILE_PATH)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object as the last line.")


def report(text: str) -> None:
    """A line for users, on stderr; control characters are made visible."""
    click.echo(printable(text), err=True)


def show(text: str) -> None:
    """A line of data, on stdout; control characters are made visible."""
    click.echo(printable(text))


def show_json(data: Any) -> None:
    """The JSON object that ends stdout."""
    click.echo(json.dumps(data, ensure_ascii=True, allow_nan=False, default=str))


def finite(value: Any) -> Any:
    """The same data with numbers that JSON does not know as None."""
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


@contextmanager
def opened(project: Path, verb: str, write: bool = False) -> Iterator[ProjectStore]:
    """The project, open for a verb. What was changed is saved at the end, whatever happens within."""
    store = open_project(project, f"labelloop {verb}", write=write)
    try:
        if store.recovered and write:
            report(f"Recovered {count_of(store.recovered, 'edit')} from the journal.")
        try:
            yield store
        except BaseException:
            for problem in save(store) if write else ():
                report(f"Note: {problem}")
            raise
        if problems := save(store) if write else []:
            raise UserError(f"{' '.join(problems)} What is not saved is in the journal until the next start.")
    finally:
        store.close()


def save(store: ProjectStore) -> list[str]:
    """Bring the files up to date; what could not be saved stays in the journal and is returned."""
    report = Saver(store).save()
    for warning in store.warnings:
        report(f"Note: {warning}")
    store.warnings.clear()
    return report.problems


class Progress:
    """A line of progress on stderr, on a terminal only."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = False
        self._live = sys.stderr.isatty()

    def __call__(self, done: int, total: int, name: str) -> None:
        """Say how far it is."""
        self.text(f"{self._what} {done + 1} of {total}  {printable(name)}")

    def text(self, text: str) -> None:
        """Put a text in the line."""
        if self._live:
            click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)
            self._shown = True

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False


def as_user_error(error: OSError) -> UserError:
    """An operating system's refusal as a sentence."""
    where = f"{printable(str(error.filename))}" if error.filename else "A file"
    return UserError(f"{where} can't be used: {os_reason(error)}.")
