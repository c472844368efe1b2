"""push, baseline, diff: the commands that compare a live database with what should be there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output
from peewee_mig.cli.progress import listener

if TYPE_CHECKING:
    from peewee_mig.commands.baseline import Baselined

BASELINE_HELP = """Record the migrations that a database has already, running nothing.

Compares the database with the snapshots and records up to the newest that it equals, or
exactly up to TARGET, forwards or backwards. TARGET: a name or number, head or zero.

\b
Examples:
  peewee-mig baseline
  peewee-mig baseline 0007
  peewee-mig baseline 0007 --force
"""


@click.command("baseline", cls=CommonCommand, help=BASELINE_HELP)
@click.argument("target", required=False)
@click.option("--force", is_flag=True, help="Accept and store what differs from TARGET.")
@click.option(
    "--wait-lock",
    type=float,
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait for another runner.",
)
@pass_run
def baseline_command(run: Run, target: str | None, force: bool, wait_lock: float) -> None:
    """Record what is there."""
    from peewee_mig.commands.baseline import baseline

    result = baseline(
        run.project(),
        target=target,
        force=force,
        wait_lock=wait_lock,
        listener=listener(run.output),
    )
    _print_baselined(run.output, result)
    run.output.emit(result.to_json())


def _print_baselined(output: Output, result: Baselined) -> None:
    _list(output, "Recorded, running nothing", result.recorded)
    _list(output, "Forgotten", result.forgotten)
    _list(output, "Accepted differences, which diff leaves out until they change", result.accepted)
    if result.push_landed:
        output.say("The push is landed.")
    output.say(f"{shown(result.database)} {_place(result)}.")
    if result.pending:
        output.say(f"{len(result.pending)} pending. next: peewee-mig migrate")


def _place(result: Baselined) -> str:
    if result.target == "zero":
        return "has none of the migrations"
    return f"{'is now' if result.changed else 'is'} at {result.target}"


def _list(output: Output, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        output.say(f"{title}:")
    for line in lines:
        output.say(f"  {line}")


def shown(database: str) -> str:
    """Spell a file as a person in the current folder would."""
    path = Path(database)
    folder = Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else database
