"""rebase, merge: the commands that leave one newest migration where there are several."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown

if TYPE_CHECKING:
    from peewee_mig.commands.rebase import Rebased

REBASE_HELP = """Put your migrations behind those of others, after a merge of two branches.

They get new numbers and snapshots; a database that has them already knows them by their old
names. Which ones are yours is told by git, or by what the configured database has; else
name one of them.

\b
Examples:
  peewee-mig rebase
  peewee-mig rebase --dry-run
  peewee-mig rebase 0007_add_nicknames --onto 0009_add_assets
"""
MERGE_HELP = """Join the newest migrations of several branches that are applied somewhere.

Writes a migration without operations that depends on all of them. Refused where they do not
commute: then their order has to be the same everywhere, which rebase makes.

\b
Examples:
  peewee-mig merge
  peewee-mig merge --name "join assets and people"
"""
_ANY_ORDER = "You know that the order does not matter, as where SQL says not what it touches."


@click.command("rebase", cls=CommonCommand, help=REBASE_HELP)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--onto", metavar="NAME", help="The newest migration of the others.")
@click.option("--any-order", is_flag=True, help=_ANY_ORDER)
@click.option("--dry-run", is_flag=True, help="Say what would move, write nothing.")
@pass_run
def rebase_command(
    run: Run, names: tuple[str, ...], onto: str | None, any_order: bool, dry_run: bool
) -> None:
    """Move migrations."""
    from peewee_mig.commands.rebase import rebase

    result = rebase(
        run.project(),
        names=names,
        onto=onto,
        dry_run=dry_run,
        any_order=any_order,
        ask=_which if run.interactive() else None,
    )
    _print_rebased(run.output, result, dry_run=dry_run)
    run.output.emit(result.to_json())


@click.command("merge", cls=CommonCommand, help=MERGE_HELP)
@click.option("--name", help="Name of the migration.")
@click.option("--any-order", is_flag=True, help=_ANY_ORDER)
@click.option("--dry-run", is_flag=True, help="Print the migration, write nothing.")
@pass_run
def merge_command(run: Run, name: str | None, any_order: bool, dry_run: bool) -> None:
    """Join branches."""
    from peewee_mig.commands.merge import merge

    result = merge(run.project(), name=name, dry_run=dry_run, any_order=any_order)
    output = run.output
    if not result.heads:
        output.say("There is one newest migration: nothing to join.")
    elif result.path is None or result.snapshot_path is None:
        output.show(result.module_text.rstrip("\n"))
    else:
        output.say(f"Wrote {shown(result.path)}")
        output.say(f"  joins {' and '.join(result.heads)}, which commute")
        output.say(_git("add", [result.path, result.snapshot_path]))
        for note in result.notes:
            output.warn(note)
        output.say("next: peewee-mig migrate")
    output.emit(result.to_json())


def _print_rebased(output: Output, result: Rebased, *, dry_run: bool) -> None:
    if not result.moved:
        output.say("There is one newest migration: nothing to move.")
        return
    if result.clash is not None:
        output.warn(
            f"{result.clash.one} and {result.clash.other} do not commute: {result.clash}. A"
            " database that has the former will not take the latter: there, first undo the former"
        )
    reason = f" ({result.reason})" if result.reason else ""
    output.say(f"{'Would move' if dry_run else 'Moved'} behind {result.onto}{reason}:")
    for old, new in result.moved:
        output.say(f"  {old} -> {new}" if old != new else f"  {old}")
    for note in result.notes:
        output.warn(note)
    if not dry_run:
        if result.removed:
            output.say(_git("rm --quiet --ignore-unmatch", result.removed))
        output.say(_git("add", result.written))
        output.say("next: peewee-mig migrate")


def _which(heads: tuple[str, ...]) -> str:
    from peewee_mig.cli.prompts import which

    return which("Which one is yours, and applied nowhere else?", heads)


def _git(command: str, paths: Iterable[Path]) -> str:
    return f"git {command} {' '.join(shlex.quote(shown(path)) for path in paths)}"
