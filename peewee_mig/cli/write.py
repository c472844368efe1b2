"""generate, drop, snapshot: the commands that write the migrations folder."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peewee_mig.cli.common import CommonCommand, Run, fills_of, pass_run, usings_of
from peewee_mig.cli.output import shown
from peewee_mig.errors import UsageError, same_command

if TYPE_CHECKING:
    from peewee_mig.commands.generate import Generated

GENERATE_HELP = """Write the migration that the models need.

Compares the models with the snapshot of the last migration; never needs a database.

\b
Examples:
  peewee-mig generate
  peewee-mig generate --name "add nicknames"
  peewee-mig generate --check
  peewee-mig generate --rename people.nick:people.nickname
  peewee-mig generate --fill people.age=0
"""


@click.command("generate", cls=CommonCommand, help=GENERATE_HELP)
@click.option("--name", help="Name of the migration; proposed from what it does.")
@click.option("--empty", is_flag=True, help="Write a migration without operations.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a migration is needed.")
@click.option("--dry-run", is_flag=True, help="Print the migration, write nothing.")
@click.option("--amend", is_flag=True, help="Rewrite the newest migration (not applied yet).")
@click.option("--apply", is_flag=True, help="Then migrate.")
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
@pass_run
def generate_command(run: Run, /, **given: Any) -> int:  # noqa: ANN401 (the options above)
    """Write a migration."""
    _exclusive(given, "check", "dry_run", "apply")
    _exclusive(given, "check", "empty")
    if given["apply"] and run.has_tenants():
        raise UsageError(
            "--apply applies to one database, and this project has many",
            hint=f"{same_command(without=['--apply'])}, then: peewee-mig migrate",
        )
    fills, usings = fills_of(given["fill"]), usings_of(given["using"])
    from peewee_mig.commands.generate import generate

    result = generate(
        run.project(),
        name=given["name"],
        empty=given["empty"],
        check=given["check"],
        dry_run=given["dry_run"],
        amend=given["amend"],
        renames=given["rename"],
        no_renames=given["no_renames"],
        fills=fills,
        usings=usings,
        ask=_ask(run) if not given["check"] else None,
    )
    _print_generated(run, result, dry_run=given["dry_run"])
    payload = result.to_json()
    if given["apply"]:
        payload = {**payload, "migrated": _apply(run)}
    elif result.path:
        written = f"fill in {shown(result.path)}, then: " if given["empty"] else ""
        run.output.say(f"next: {written}peewee-mig migrate")
    elif given["check"] and result.needed:
        run.output.say("next: peewee-mig generate")
    run.output.emit(payload)
    return 1 if given["check"] and result.needed else 0


@click.command("drop", cls=CommonCommand)
@click.argument("name")
@pass_run
def drop_command(run: Run, name: str) -> None:
    """Delete the newest migration and its snapshot, if it is not applied.

    \b
    Example:
      peewee-mig drop 0007_add_nicknames
    """  # noqa: D301 (click's mark for a block that is not wrapped)
    from peewee_mig.commands.drop import drop

    result = drop(run.project(), name=name)
    run.output.say(f"Deleted {result.name} and its snapshot.")
    run.output.emit(result.to_json())


@click.command("snapshot", cls=CommonCommand)
@click.argument("name")
@pass_run
def snapshot_command(run: Run, name: str) -> None:
    """Recompute the snapshot of a migration that was edited by hand.

    \b
    Example:
      peewee-mig snapshot 0007_add_nicknames
    """  # noqa: D301 (click's mark for a block that is not wrapped)
    from peewee_mig.commands.snapshot import snapshot

    result = snapshot(run.project(), name=name)
    run.output.say(f"Wrote the snapshot of {result.name}.")
    run.output.say(_git_add([result.path]))
    run.output.emit(result.to_json())


def _ask(run: Run) -> Any:  # noqa: ANN401 (an Ask, imported only when there is somebody)
    if not run.interactive():
        return None
    from peewee_mig.cli.prompts import TerminalAsk

    return TerminalAsk()


def _apply(run: Run) -> dict[str, object]:
    from peewee_mig.cli.run import apply_pending

    return apply_pending(run)


def _print_generated(run: Run, result: Generated, *, dry_run: bool) -> None:
    from peewee_mig.operations import describe

    output = run.output
    for note in result.notes:
        output.warn(note)
    if not result.needed and not result.path:
        output.say("The models match the last migration: nothing to generate.")
        return
    if dry_run:
        output.show(result.module_text.rstrip("\n"))
        return
    output.say(f"Wrote {shown(result.path)}" if result.path else "A migration is needed:")
    for operation in result.operations:
        output.say(f"  {describe(operation)}")
    if result.path:
        output.say(_git_add([result.path, result.snapshot_path]))


def _git_add(paths: Iterable[Path | None]) -> str:
    return f"git add {' '.join(shlex.quote(shown(path)) for path in paths if path)}"


def _exclusive(given: dict[str, Any], *names: str) -> None:
    used = [f"--{name.replace('_', '-')}" for name in names if given[name]]
    if len(used) > 1:
        ways = (same_command(without=[each]) for each in used)
        raise UsageError(f"{' and '.join(used)} exclude each other", hint="; or: ".join(ways))
