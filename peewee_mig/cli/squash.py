"""squash: several migrations in one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import shown
from peewee_mig.errors import UsageError

if TYPE_CHECKING:
    from peewee_mig.commands.squash import Squashed

SQUASH_HELP = """Write one migration that replaces those from FIRST to LAST, or all.

New databases run the one; databases that have the others go on from where they are. The files
that are replaced stay until --remove deletes them.

\b
Examples:
  peewee-mig squash 0002 0007
  peewee-mig squash --all
  peewee-mig squash --all --dry-run
  peewee-mig squash --remove 0007_initial
"""


@click.command("squash", cls=CommonCommand, help=SQUASH_HELP)
@click.argument("first", required=False)
@click.argument("last", required=False)
@click.option("--all", "all_", is_flag=True, help="Replace all migrations.")
@click.option("--name", help="Name of the migration; the number of LAST is put before it.")
@click.option("--no-fold", is_flag=True, help="Keep every operation as it is.")
@click.option("--remove", metavar="NAME", help="Delete the files that NAME replaces.")
@click.option("--dry-run", is_flag=True, help="Print the migration, write or delete nothing.")
@pass_run
def squash_command(run: Run, /, **given: Any) -> None:  # noqa: ANN401 (the options above)
    """Put migrations together."""
    if given["remove"]:
        _remove(run, given)
        return
    from peewee_mig.commands.squash import squash

    result = squash(
        run.project(),
        first=given["first"],
        last=given["last"],
        all_=given["all_"],
        name=given["name"],
        folds=not given["no_fold"],
        dry_run=given["dry_run"],
    )
    _print(run, result)
    run.output.emit(result.to_json())


def _remove(run: Run, given: dict[str, Any]) -> None:
    others = ("first", "last", "all_", "name", "no_fold")
    words = [each for each in others if given[each]]
    if words:
        raise UsageError(
            "--remove goes with --dry-run only: it writes no migration",
            hint=f"peewee-mig squash --remove {shlex.quote(given['remove'])}",
        )
    from peewee_mig.commands.squash_remove import remove

    result = remove(run.project(), name=given["remove"], dry_run=given["dry_run"])
    output = run.output
    if not result.removed:
        output.say(f"The files that {result.name} replaces are gone already.")
    else:
        would = "Would delete" if given["dry_run"] else "Deleted"
        output.say(f"{would} what {result.name} replaces, with the snapshots:")
        for name in result.removed:
            output.say(f"  {name}")
        if not given["dry_run"]:
            output.say("Other databases need these files, if they have only a part of them.")
    output.emit(result.to_json())


def _print(run: Run, result: Squashed) -> None:
    output = run.output
    if result.path is None:
        output.show(result.module_text.rstrip("\n"))
        return
    for note in result.notes:
        output.warn(note)
    output.say(f"Wrote {shown(result.path)}")
    output.say(
        f"  {len(result.replaces)} migrations in one: {_counted(result.before)} before,"
        f" {len(result.operations)} now{_left_out(result)}"
    )
    for name in result.followers:
        output.say(f"  {name} follows it now")
    folder = result.path.parent
    written = [result.path, result.snapshot_path]
    for name in result.followers:
        written += [folder / f"{name}.py", folder / "snapshots" / f"{name}.json"]
    output.say(f"git add {' '.join(shlex.quote(shown(path)) for path in written if path)}")
    output.say("next: peewee-mig migrate")


def _counted(number: int) -> str:
    return f"{number} operation{'' if number == 1 else 's'}"


def _left_out(result: Squashed) -> str:
    return f", {result.left_out} left out as elidable" if result.left_out else ""
