"""reset: show what goes, ask, and say what was done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK

if TYPE_CHECKING:
    from peewee_mig.commands.reset import Reset, Show
    from peewee_mig.commands.reset_plan import Doomed

RESET_HELP = """Drop what the history made, migrate anew, and seed: for development.

Only in an environment marked `development = true`, in a SQLite file, or on a server of this
machine (but not in CI). Works from the catalog, whatever became of the records: files that are
gone, edited migrations, half-done runs. Tables of others are left alone. Rows that would be lost
are counted first and need your consent. The seeds of the project run at the end. --dry-run runs
nothing and works everywhere.

\b
Examples:
  peewee-mig reset
  peewee-mig reset --dry-run
  peewee-mig reset --allow-data-loss all
  peewee-mig reset --allow-data-loss people --allow-data-loss pets
"""


@click.command("reset", cls=CommonCommand, help=RESET_HELP)
@click.option("--dry-run", is_flag=True, help="Print the statements, run nothing.")
@click.option(
    "--allow-data-loss", multiple=True, metavar="NAME", help="Lose the rows of this table, or all."
)
@click.option("--no-seed", is_flag=True, help="Leave the seeds out.")
@WAIT_LOCK
@pass_run
def reset_command(
    run: Run, dry_run: bool, allow_data_loss: tuple[str, ...], no_seed: bool, wait_lock: float
) -> None:
    """Drop what the history made, migrate, and seed."""
    from peewee_mig.cli.prompts import confirm_loss
    from peewee_mig.cli.seed import teller
    from peewee_mig.commands.reset import reset

    with run.output.undisturbed():
        result = reset(
            run.project(),
            environ=os.environ,
            dry_run=dry_run,
            allow_data_loss=allow_data_loss,
            confirm=confirm_loss if run.interactive() else None,
            show=_show(run),
            seeds=not no_seed,
            tell=teller(run.output),
            wait_lock=wait_lock,
            listener=listener(run.output),
        )
    _print_reset(run, result, dry_run=dry_run)
    run.output.emit(result.to_json())


def _show(run: Run) -> Show:
    """Return what prints what goes before anything runs."""

    def show(database: str, doomed: Doomed, kept: Sequence[str]) -> None:
        rows = {f"table {each.name}": each.rows for each in doomed.losses}
        if doomed.dropped:
            run.output.say(f"Drops from {shown(database)}:")
        for each in doomed.dropped:
            count = rows.get(each.replace("virtual table", "table"), 0)
            words = f": {count} row{'' if count == 1 else 's'}" if count else ""
            run.output.say(f"  {each}{words}")
        if kept:
            run.output.say(f"kept: {', '.join(kept)}")

    return show


def _print_reset(run: Run, result: Reset, *, dry_run: bool) -> None:
    for warning in result.warnings:
        run.output.warn(warning)
    for statement in result.statements:
        run.output.show(statement if statement.startswith("--") else f"{statement.rstrip(';')};")
    if dry_run:
        return
    count, where = len(result.applied), shown(result.database)
    done = f"{count} migration{'' if count == 1 else 's'} applied" if count else "nothing to apply"
    seeds = len(result.seeded)
    seeded = f", {seeds} seed{'' if seeds == 1 else 's'}" if seeds else ""
    run.output.say(f"Reset: {where}, {done}{seeded}.")
