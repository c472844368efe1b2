"""The program: its subcommands, imported when called, and the last place for errors."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from peewee_mig import __version__
from peewee_mig.cli.common import HELP, INTERRUPTED, Run, common_options, write_options
from peewee_mig.cli.log import form_of
from peewee_mig.cli.output import Output, silence
from peewee_mig.errors import MigError, UsageError, failure_of, nearest, same_command

#: Subcommand -> the module of this package that defines it, and what it does.
COMMANDS = {
    "init": ("start", "Write configuration and make targets for a project."),
    "generate": ("write", "Write the migration that the models need."),
    "migrate": ("run", "Apply what the database lacks."),
    "rollback": ("run", "Undo migrations, the last one by default."),
    "seed": ("seed", "Give a database the rows that it should begin with."),
    "reset": ("reset", "Drop what the history made, migrate and seed, for development."),
    "push": ("push", "Make the database what the models say, for prototypes."),
    "status": ("read", "Show what is applied and what is pending."),
    "graph": ("reading", "Draw the migrations and what each depends on."),
    "show": ("reading", "Tell all about one migration."),
    "erd": ("reading", "Draw the tables: of a snapshot, the models, or a difference."),
    "sql": ("read", "Print the SQL of migrations, offline."),
    "check": ("read", "Check the migrations folder, offline."),
    "diff": ("compare", "Show how a database differs from what should be there."),
    "baseline": ("compare", "Record the migrations that a database has already."),
    "adopt": ("adopt", "Take over a project from another tool."),
    "repair": ("repair", "Put the records of migrations right, by what the database has."),
    "pull": ("pull", "Write Peewee models for a database that exists."),
    "explain": ("explain", "Say what an error of the database means."),
    "drop": ("write", "Delete the newest migration, if it is not applied."),
    "snapshot": ("write", "Recompute the snapshot of a migration edited by hand."),
    "rebase": ("branch", "Put your migrations behind those of others."),
    "merge": ("branch", "Join two branches that are applied somewhere."),
    "squash": ("squash", "Put several migrations in one."),
    "config": ("start", "Show the configuration."),
}
#: Subcommands that later versions have.
LATER = ("lint", "studio", "completion")
_HELP = "see `{} --help`"


class LazyGroup(click.Group):
    """Imports a subcommand when it is called; lists them without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's own)
        """Return the names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a subcommand."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"peewee_mig.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say more about a name that is no subcommand."""
        name = args[0]
        if name in LATER:
            raise click.UsageError(f"{name} is not available in this version", ctx)
        if name not in COMMANDS and not name.startswith("-"):
            near = nearest(name, COMMANDS)
            hint = same_command(near, in_place_of=[name]) if near else _HELP.format("peewee-mig")
            raise UsageError(f"there is no command {name!r}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options and the subcommands."""
        write_options(self, ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


HELP_TEXT = """Migrate the schema of a database; Peewee models are the source of truth.

\b
Examples:
  peewee-mig init                      once, in a project with models
  peewee-mig generate                  after each change of a model
  peewee-mig migrate                   in each place that has a database
  peewee-mig status --database sqlite:///app.db

Common options stand before or after the command.
"""

cli = LazyGroup("peewee-mig", help=HELP_TEXT, params=common_options(), context_settings=HELP)
click.version_option(__version__, message="peewee-mig %(version)s")(cli)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit."""
    code = call(sys.argv[1:] if args is None else list(args))
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None: closed, as >&- does
        try:
            stream.flush()
        except BrokenPipeError:
            silence(stream)
    sys.exit(code)


def call(args: list[str]) -> int:
    """Run the program; return its exit code (docs/reference/exit-codes.md)."""
    log = form_of(args, os.environ)
    run = Run(Output(json="--json" in args, args=tuple(args), log=log))
    begun = time.monotonic()
    arguments = args or ["--help"]
    try:
        code = cli.main(arguments, prog_name="peewee-mig", standalone_mode=False, obj=run) or 0
    except Exception as error:  # noqa: BLE001 (the last place: no traceback without -v)
        code = _failed(run, error)
    seconds = round(time.monotonic() - begun, 4)
    run.output.log_event({"event": "end", "exit_code": code, "seconds": seconds})
    return code


def _failed(run: Run, error: Exception) -> int:
    output = run.output
    match error:
        case MigError():
            _diagnose(run, error)
            return output.fail(error)
        case click.UsageError():
            return output.fail(_usage(error))
        case click.Abort():
            return _interrupted(output)
        case OSError():
            return output.fail(failure_of(error))
        case _:
            return _unexpected(output, error)


def _diagnose(run: Run, error: MigError) -> None:
    """Add to an error what the words of the database mean in this project."""
    if error.original:
        from peewee_mig.commands.explain import add_diagnosis

        add_diagnosis(error, run.project)


def _usage(error: click.UsageError) -> UsageError:
    path = error.ctx.command_path if error.ctx else "peewee-mig"
    hint = _meant(error) or _HELP.format(path)
    return UsageError(error.format_message().rstrip("."), hint=hint)


def _meant(error: click.UsageError) -> str:
    """Return the command with the option or the choice that was most likely meant."""
    match error:
        case click.NoSuchOption(option_name=name, possibilities=known) if known:
            near = nearest(name, known)
            return same_command(near, in_place_of=[name]) if near else ""
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=known))):
            given = re.match("'([^']*)' is not one of", error.message)
            near = nearest(given[1], map(str, known)) if given else ""
            return same_command(near, in_place_of=[given[1]]) if given and near else ""
        case _:
            return ""


def _interrupted(output: Output) -> int:
    output.warn("interrupted; the same command goes on from there: see peewee-mig status")
    output.emit({"error": "interrupted", "exit_code": INTERRUPTED})
    return INTERRUPTED


def _unexpected(output: Output, error: Exception) -> int:
    if output.verbose:
        import traceback

        traceback.print_exception(error)
    return output.fail(failure_of(error))
