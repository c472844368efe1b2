"""adopt: the command that takes over from another tool."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.compare import print_baselined
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK
from peewee_mig.errors import UsageError

if TYPE_CHECKING:
    from peewee_mig.commands.adopt import Adopted
    from peewee_mig.commands.ask import ConfirmMove

ADOPT_HELP = """Take over a project whose database another tool has made.

Finds the tool and what it has applied, writes the first migration, records it in the database
without running it, and prints how to leave the other tool. Refuses while that has pending
migrations, or where the database is not what the models say.

TOOL: pwmigrate, peewee_migrate, miggy, peewee-migrations, peewee-moves, peewee-db-evolve, yoyo,
alembic, sql, or create_tables.

\b
Examples:
  peewee-mig adopt --dry-run
  peewee-mig adopt
  peewee-mig adopt --from database
  peewee-mig adopt --tool alembic --database postgresql://localhost/app
"""


@click.command("adopt", cls=CommonCommand, help=ADOPT_HELP)
@click.option("--tool", metavar="TOOL", help="The one that is meant; otherwise looks for all.")
@click.option(
    "--from",
    "source",
    type=click.Choice(["models", "database"]),
    default="models",
    show_default=True,
    help="What the first migration makes.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@WAIT_LOCK
@pass_run
def adopt_command(run: Run, tool: str | None, source: str, dry_run: bool, wait_lock: float) -> None:
    """Take over."""
    from peewee_mig.commands.adopt import adopt
    from peewee_mig.commands.adopting.tools import TOOLS

    if tool is not None and tool not in TOOLS:
        raise UsageError(f"--tool {tool} is not known", hint=f"one of {', '.join(TOOLS)}")
    result = adopt(
        run.project(),
        tool=tool,
        source=source,
        dry_run=dry_run,
        confirm=_confirm(run),
        wait_lock=wait_lock,
        listener=listener(run.output),
    )
    _print(run.output, result)
    run.output.emit(result.to_json())


def _confirm(run: Run) -> ConfirmMove | None:
    from peewee_mig.cli.prompts import confirm_move

    if run.yes:
        return lambda _old, _new: True
    return confirm_move if run.interactive() else None


def _print(output: Output, result: Adopted) -> None:
    _list(output, f"Found {result.found.title}", result.found.evidence)
    _print_written(output, result)
    _print_recorded(output, result)
    _print_next(output, result)
    _list(output, f"To leave {result.found.tool}", result.leave)


def _print_written(output: Output, result: Adopted) -> None:
    from peewee_mig.operations import describe

    if result.moved is not None:
        verb = "Would rename" if result.dry_run else "Renamed"
        output.say(f"{verb} {result.moved.old} to {result.moved.new}.")
    if result.generated is None:
        output.say("The first migration is here already.")
        return
    for note in result.generated.notes:
        output.warn(note)
    path = result.generated.path
    output.say(f"Wrote {shown(path)}" if path else f"Would write {result.generated.name}:")
    for operation in result.generated.operations:
        output.say(f"  {describe(operation)}")


def _print_recorded(output: Output, result: Adopted) -> None:
    if result.baselined is None:
        _list(output, "Would record, running nothing", result.recording)
        return
    print_baselined(output, result.baselined)


def _print_next(output: Output, result: Adopted) -> None:
    if result.dry_run:
        return
    if result.generated is not None and result.generated.path is not None:
        moved = f"{result.moved.old} {result.moved.new}" if result.moved else ""
        folder = shown(result.generated.path.parent)
        output.say(f"git add -A {moved or folder}")
    if result.behind:
        output.say("The models differ from the database. next: peewee-mig generate")
    if result.unmodelled:
        tables = " ".join(f"--table {shlex.quote(each)}" for each in result.unmodelled)
        output.say(f"There are no models. next: peewee-mig pull {tables} --output models.py")
    if result.baselined is None:
        output.say(f"{shown(result.database)} has none of the tables. next: peewee-mig migrate")
    else:
        output.say("In every other environment, once: peewee-mig --env NAME baseline")


def _list(output: Output, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        output.say(f"{title}:")
    for line in lines:
        output.say(f"  {line}")
