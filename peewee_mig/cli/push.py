"""push: show what differs, ask, and say what was done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from peewee_mig.cli.common import CommonCommand, Run, fills_of, pass_run, usings_of
from peewee_mig.cli.output import shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK

if TYPE_CHECKING:
    from peewee_mig.commands.push import Pushed, Show
    from peewee_mig.commands.push_plan import Proposal

PUSH_HELP = """Make the live database what the models say, without a migration: for prototypes.

Only in an environment marked `development = true`, in a SQLite file, or on a server of this
machine (but not in CI). --dry-run runs nothing and works everywhere. Tables of others are left
alone. Rows that would be lost are counted first and need your consent. Later, `peewee-mig
generate` and `peewee-mig baseline` land the database on migrations.

\b
Examples:
  peewee-mig push
  peewee-mig push --dry-run
  peewee-mig push --rename people.nick:people.nickname
  peewee-mig push --fill people.age=0
  peewee-mig push --allow-data-loss people.nickname
"""


@click.command("push", cls=CommonCommand, help=PUSH_HELP)
@click.option("--dry-run", is_flag=True, help="Print the plan and its statements, run nothing.")
@click.option(
    "--allow-data-loss",
    multiple=True,
    metavar="NAME",
    help="Lose the rows of this table or column (table.column), or all.",
)
@click.option(
    "--rename", multiple=True, metavar="OLD:NEW", help="table.old:table.new or old_table:new_table."
)
@click.option("--no-renames", is_flag=True, help="The other candidates are no renames.")
@click.option(
    "--fill", multiple=True, metavar="COLUMN=VALUE", help="table.column=VALUE for existing rows."
)
@click.option(
    "--using", multiple=True, metavar="COLUMN=SQL", help="table.column=SQL: values in a new type."
)
@click.option("--over-history", is_flag=True, help="Also where migrations have been applied.")
@click.option("--prune", is_flag=True, help="Drop the tables that no model has, whoever made them.")
@WAIT_LOCK
@pass_run
def push_command(run: Run, /, **given: Any) -> None:  # noqa: ANN401 (the options above)
    """Push models to a database."""
    fills, usings = fills_of(given["fill"]), usings_of(given["using"])
    from peewee_mig.cli.prompts import PushAsk, confirm_loss
    from peewee_mig.commands.answers import Answers
    from peewee_mig.commands.push import push

    ask = PushAsk() if run.interactive() else None
    answers = Answers(
        given["rename"],
        given["no_renames"],
        fills,
        ask,
        before="the database",
        usings=usings,
    )
    result = push(
        run.project(),
        answers=answers,
        environ=os.environ,
        dry_run=given["dry_run"],
        allow_data_loss=given["allow_data_loss"],
        confirm=confirm_loss if ask else None,
        over_history=given["over_history"],
        prune=given["prune"],
        show=_show(run),
        wait_lock=given["wait_lock"],
        listener=listener(run.output),
    )
    _print_pushed(run, result)
    run.output.emit(result.to_json())


def _show(run: Run) -> Show:
    """Return what prints a plan before anything runs."""

    def show(database: str, proposal: Proposal) -> None:
        if proposal.lines:
            run.output.say(f"Changes to {shown(database)}:")
        for line in proposal.lines:
            run.output.say(f"  {line}")
        for text, names in (("objects", proposal.left), ("tables", proposal.strangers)):
            if names:
                run.output.say(f"left alone, {text} of no model: {', '.join(names)}")

    return show


def _print_pushed(run: Run, result: Pushed) -> None:
    database = shown(result.database)
    for warning in result.warnings:
        run.output.warn(warning)
    if result.up_to_date:
        run.output.say(f"Nothing to push: {database} matches the models.")
    elif result.done:
        run.output.say(f"Pushed: {database} matches the models.")
    for statement in result.statements:
        run.output.show(statement if statement.startswith("--") else f"{statement.rstrip(';')};")
