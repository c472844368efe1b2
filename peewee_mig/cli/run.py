"""migrate and rollback: the commands that change a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, fills_of, pass_run
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.tenant_options import JOBS, ON_FAILURE

if TYPE_CHECKING:
    from peewee_mig.commands.ask import ConfirmLanding
    from peewee_mig.commands.migrate import Migrated
    from peewee_mig.commands.rollback import RolledBack

MIGRATE_HELP = """Apply what the database lacks, up to TARGET (default: head).

TARGET: a name or number, head, zero, +1 or -1 (steps from where the database is).

\b
Examples:
  peewee-mig migrate
  peewee-mig migrate --dry-run
  peewee-mig migrate 0007
  peewee-mig migrate --fill people.age=0
  peewee-mig migrate --tenants tenants.txt --jobs 8
"""
ROLLBACK_HELP = """Undo the last migration, the last N, or all after TARGET.

Rows that would be lost are counted first and need your consent.

\b
Examples:
  peewee-mig rollback
  peewee-mig rollback 2
  peewee-mig rollback 0003_add_assets
  peewee-mig rollback --dry-run
  peewee-mig rollback --allow-data-loss people.nickname
  peewee-mig rollback --unknown
"""
WAIT_LOCK = click.option(
    "--wait-lock",
    type=float,
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait for another runner.",
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Print the exact statements, run nothing.")
FILL = click.option(
    "--fill", multiple=True, metavar="COLUMN=VALUE", help="table.column=VALUE for existing rows."
)


@click.command("migrate", cls=CommonCommand, help=MIGRATE_HELP)
@click.argument("target", required=False)
@DRY_RUN
@FILL
@click.option(
    "--wait", type=float, default=0.0, metavar="SECONDS", help="Wait for the database to answer."
)
@WAIT_LOCK
@click.option("--strict", is_flag=True, help="Exit 1 if the database is ahead of the files.")
@JOBS
@ON_FAILURE
@pass_run
def migrate_command(
    run: Run,
    target: str | None,
    dry_run: bool,
    fill: tuple[str, ...],
    wait: float,
    wait_lock: float,
    strict: bool,
    jobs: int,
    on_failure: str,
) -> int:
    """Apply migrations."""
    fills = fills_of(fill)
    from peewee_mig.commands.migrate import migrate

    if run.has_tenants():
        from peewee_mig.cli.tenants_run import Many

        many = Many(run, "migrated", jobs, on_failure, dry_run=dry_run, strict=strict)
        return many.migrate(target, fills, wait, wait_lock)
    with run.output.undisturbed():
        result = migrate(
            run.project(),
            target=target,
            dry_run=dry_run,
            fills=fills,
            wait=wait,
            wait_lock=wait_lock,
            strict=strict,
            confirm=_landing(run),
            listener=listener(run.output),
        )
    _print_result(run, result, dry_run=dry_run, verb="applied")
    run.output.emit(result.to_json())
    return 1 if strict and result.warnings else 0


@click.command("rollback", cls=CommonCommand, help=ROLLBACK_HELP)
@click.argument("target", required=False)
@click.option(
    "--unknown",
    is_flag=True,
    help="Also undo what has no file here, from what the database recorded of it.",
)
@DRY_RUN
@FILL
@click.option(
    "--allow-data-loss",
    multiple=True,
    metavar="NAME",
    help="Lose the rows of this table or column (table.column), or all.",
)
@WAIT_LOCK
@JOBS
@ON_FAILURE
@pass_run
def rollback_command(
    run: Run,
    target: str | None,
    unknown: bool,
    dry_run: bool,
    fill: tuple[str, ...],
    allow_data_loss: tuple[str, ...],
    wait_lock: float,
    jobs: int,
    on_failure: str,
) -> int:
    """Undo migrations."""
    fills = fills_of(fill)
    from peewee_mig.cli.prompts import confirm_loss
    from peewee_mig.commands.rollback import rollback

    if run.has_tenants():
        from peewee_mig.cli.tenants_run import Many

        many = Many(run, "rolled back", jobs, on_failure, dry_run=dry_run)
        return many.rollback(target, fills, allow_data_loss, wait_lock, unknown=unknown)
    with run.output.undisturbed():
        result = rollback(
            run.project(),
            target=target,
            unknown=unknown,
            dry_run=dry_run,
            fills=fills,
            allow_data_loss=allow_data_loss,
            confirm=confirm_loss if run.interactive() else None,
            wait_lock=wait_lock,
            listener=listener(run.output),
        )
    _print_result(run, result, dry_run=dry_run, verb="rolled back")
    run.output.emit(result.to_json())
    return 0


def apply_pending(run: Run) -> dict[str, object]:
    """Migrate to the head with the defaults; return the result for ``--json``."""
    from peewee_mig.commands.migrate import migrate

    with run.output.undisturbed():
        result = migrate(
            run.project(),
            target=None,
            dry_run=False,
            fills={},
            wait=0.0,
            wait_lock=600.0,
            strict=False,
            confirm=_landing(run),
            listener=listener(run.output),
        )
    _print_result(run, result, dry_run=False, verb="applied")
    return result.to_json()


def show_statements(output: Output, statements: Sequence[str]) -> None:
    """Print statements; those that are no comments get their semicolons."""
    for statement in statements:
        output.show(statement if statement.startswith("--") else f"{statement.rstrip(';')};")


def _landing(run: Run) -> ConfirmLanding | None:
    """Return who says that a pushed database is landed first."""
    from peewee_mig.cli.prompts import confirm_landing

    if run.yes:
        return lambda _names: True
    return confirm_landing if run.interactive() else None


def _print_recorded(run: Run, result: Migrated | RolledBack) -> None:
    for words, names in (
        ("Recorded, running nothing:", result.landed),
        ("Recorded in the place of what it replaces, running nothing:", result.recorded),
    ):
        for name in (words, *(f"  {each}" for each in names)) if names else ():
            run.output.say(name)


def _print_result(run: Run, result: Migrated | RolledBack, *, dry_run: bool, verb: str) -> None:
    output = run.output
    for warning in result.warnings:
        output.warn(warning)
    _print_recorded(run, result)
    if dry_run and result.statements:
        show_statements(output, result.statements)
        return
    count = len(result.applied)
    if not count:
        here = shown(result.database)
        nothing = (
            f"Nothing {'else ' if result.recorded else ''}to do: {here} is up to date."
            if verb == "applied"
            else f"Nothing to roll back in {here}."
        )
        output.say(f"-- {nothing}" if dry_run else nothing)
        return
    seconds = sum(migration.seconds for migration in result.applied)
    for direction, words in (("forward", "applied"), ("backward", "rolled back")):
        some = [one for one in result.applied if one.direction == direction]
        if some:
            plural = "" if len(some) == 1 else "s"
            where = shown(result.database)
            output.say(f"{len(some)} migration{plural} {words} in {seconds:.2f} s: {where}")
