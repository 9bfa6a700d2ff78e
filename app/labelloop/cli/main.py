"""The command line's root: verbs, and the app when there is none."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from labelloop.cli.base import as_user_error, report
from labelloop.errors import UserError, printable
from labelloop.storage.lock import NO_LOCK
from labelloop.storage.permits import ALLOW

VERSION = "0.1.0"

# verb -> the module that has it: only the one that is asked for is imported.
VERBS = {
    "new": "project",
    "add": "project",
    "rescan": "project",
    "info": "project",
    "demo": "demo",
    "assign": "sets",
    "undo": "sets",
    "redistribute": "sets",
    "train": "training",
    "jobs": "training",
    "models": "training",
    "download": "training",
    "generate": "generate",
    "revert": "generate",
    "wizard": "app",
    "review": "app",
    "evaluate": "evaluate",
    "export": "exchange",
    "import": "exchange",
    "convert": "convert",
    "doctor": "doctor",
    "open": "app",
}


class Verbs(click.Group):
    """The group of verbs. A first word that is no verb is a project to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of the loop."""
        return [verb for verb in VERBS if verb != "open"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"labelloop.cli.{VERBS[cmd_name]}")
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A verb wins over a folder of its name; anything else that exists is opened."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            if Path(args[0]).exists() or args[0].endswith(".improj") or "/" in args[0]:
                return "open", self.get_command(ctx, "open"), args
            known = ", ".join(self.list_commands(ctx))
            ctx.fail(f"'{printable(args[0])}' is no verb ({known}) and no project.")
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, "--version", prog_name="labelloop")
@click.option("--glyphs", type=click.Choice(["braille", "block", "ascii"]), help="How waveforms are drawn.")
@click.option("--mouse", is_flag=True, help="Let the app take the mouse.")
@click.option("--no-lock", is_flag=True, help="Go on where the disk has no locks; nobody else may write.")
@click.option("--allow-outside", is_flag=True, help="The project's files may lie outside its folder.")
@click.pass_context
def cli(ctx: click.Context, /, glyphs: str | None, mouse: bool, **_: bool) -> None:
    """Label time-series recordings in the terminal, with the help of a model.

    labelloop [PROJECT] opens the app on an .improj file or the folder that holds one.

    Example: labelloop demo
    """
    ctx.obj = {"glyphs": glyphs, "mouse": mouse}
    if ctx.invoked_subcommand is None:
        command = cli.get_command(ctx, "open")
        assert command is not None
        ctx.invoke(command)


def _hint(error: click.ClickException) -> str:
    """Where to read on after wrong usage."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f" Try '{error.ctx.command_path} --help'."
    return ""


FLAGS = {"--no-lock": NO_LOCK, "--allow-outside": ALLOW}  # accepted anywhere; workers are told by variables


def _without_flags(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The words of a command without flags for all verbs, and the variables that say the same."""
    if "--help" in words or "-h" in words:
        return words, {}
    return [w for w in words if w not in FLAGS], {FLAGS[w]: "1" for w in words if w in FLAGS}


def run(args: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. Expected failures are one sentence on stderr."""
    words, said = _without_flags(sys.argv[1:] if args is None else args)
    try:
        os.environ.update(said)
        code = cli.main(args=words, prog_name="labelloop", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        report("labelloop: interrupted: what was finished is kept, nothing is half done.")
        return 1
    except click.ClickException as error:
        report(f"labelloop: {error.format_message()}{_hint(error)}")
        return error.exit_code
    except UserError as error:
        report(f"labelloop: {error}")
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except (OSError, MemoryError) as error:
        text = as_user_error(error) if isinstance(error, OSError) else "There is not enough memory for this."
        report(f"labelloop: {text}")
        return 1
    finally:
        for name in said:
            os.environ.pop(name, None)
