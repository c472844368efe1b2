"""diff and baseline: the commands that compare a live database with what should be there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK
from peewee_mig.cli.tenant_options import ON_FAILURE
from peewee_mig.errors import same_command

if TYPE_CHECKING:
    from peewee_mig.commands.baseline import Baselined
    from peewee_mig.commands.drift import Drifted
    from peewee_mig.commands.project import Project
    from peewee_mig.runner.events import Listener

BASELINE_HELP = """Record the migrations that a database has already, running nothing.

Compares the database with the snapshots and records up to the newest that it equals, or
exactly up to TARGET, forwards or backwards. TARGET: a name or number, head or zero. --replace
also forgets the rows of migrations whose files are gone, such as after the history was written
anew.

\b
Examples:
  peewee-mig baseline
  peewee-mig baseline 0007
  peewee-mig baseline 0007 --force
  peewee-mig baseline --replace
"""
DIFF_HELP = """Show how the database differs from what is recorded, or from AGAINST.

AGAINST: a migration (name or number), head, zero, or another database (URL, file, dotted
path). With --models, the models. Exits with 1 if something differs; changes nothing.

\b
Examples:
  peewee-mig diff
  peewee-mig diff --models
  peewee-mig diff 0007 --plan
  peewee-mig diff postgresql://reader@staging/app
"""


class DiffCommand(CommonCommand):
    """The one command where ``--models`` needs no value: it says what to compare with."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``--models`` behind the name of the command for the models themselves."""
        return super().parse_args(ctx, _with_models(args))


def _with_models(args: list[str]) -> list[str]:
    found: list[str] = []
    for arg, following in pairwise([*args, "-"]):
        if arg.partition("=")[0] != "--models":
            found.append(arg)
        elif arg == "--models" and following.startswith("-"):
            found.append("--against-models")
        else:
            found += ["--against-models", arg]
    return found


@click.command("diff", cls=DiffCommand, help=DIFF_HELP)
@click.argument("against", required=False)
@click.option("--against-models", is_flag=True, hidden=True)
@click.option("--plan", is_flag=True, help="Print the SQL that makes the database as expected.")
@click.option("--reverse", is_flag=True, help="Print the SQL that leads from there to here.")
@click.option("--all", "everything", is_flag=True, help="Accepted differences, too.")
@click.option("--strict", is_flag=True, help="Exit 1 for unmanaged objects, too.")
@pass_run
def diff_command(
    run: Run,
    against: str | None,
    against_models: bool,
    plan: bool,
    reverse: bool,
    everything: bool,
    strict: bool,
) -> int:
    """Compare."""
    if against and against_models:
        raise click.UsageError("AGAINST and --models exclude each other")
    if plan and reverse:
        raise click.UsageError("--plan and --reverse exclude each other")
    from peewee_mig.commands.drift import MODELS, find_drift

    def compare(project: Project) -> Drifted:
        return find_drift(
            project,
            against=MODELS if against_models else against,
            folder=Path.cwd(),
            everything=everything,
            plan=plan or reverse,
            way="backward" if reverse else "forward",
        )

    if run.has_tenants() and not (plan or reverse):
        from peewee_mig.cli.tenants_read import diff_tenants

        return diff_tenants(run, compare, strict=strict)
    result = compare(run.project())
    for note in result.notes:
        run.output.warn(note)
    if plan or reverse:
        _print_plan(run.output, result)
    else:
        _print_drift(run.output, result)
    run.output.emit(result.to_json())
    return 0 if result.is_clean and not (strict and result.drift.apart) else 1


def _print_plan(output: Output, result: Drifted) -> None:
    from peewee_mig.commands.shells import shell_words

    for line in (*shell_words("\n".join(result.statements)), *result.statements):
        output.show(line)
    if not result.statements:
        output.say(f"-- nothing to do: {_as_expected(result)}")


def _print_drift(output: Output, result: Drifted) -> None:
    from peewee_mig.plan.drift import words

    drift = result.drift
    hanging = tuple(words(each) for each in drift.attached if each.table)
    alone = tuple(words(each) for each in drift.attached if not each.table)
    if not result.is_clean:
        _show_differences(output, result)
    _show(output, "On managed tables, but beyond what migrations describe", hanging)
    _show(output, "Of no table, and beyond what migrations describe", alone)
    _show(output, "Not managed, left alone", tuple(map(words, drift.apart)))
    if result.accepted:
        count = len(result.accepted)
        output.say(f"{count} accepted difference{'s'[: count - 1]} left out; --all shows all.")
    output.say(f"No drift: {_as_expected(result)}." if result.is_clean else _ways_out(result))


def _show_differences(output: Output, result: Drifted) -> None:
    headline = f"{shown(result.database)} differs from {shown(result.against)}"
    if result.drift.lines:
        _show(output, headline, result.drift.lines)
    else:
        output.show(f"{headline}, but in nothing that migrations describe.")


def _ways_out(result: Drifted) -> str:
    if result.drift.lines:
        return f"next: print the SQL that reconciles it: {same_command('--plan')}"
    if not result.target:
        return "next: undo it by hand"
    accept = f"peewee-mig baseline {result.target} --force"
    return f"This is drift. next: undo it by hand, or accept it: {accept}"


def _as_expected(result: Drifted) -> str:
    verb = "say" if result.against == "the models" else "says"
    return f"{shown(result.database)} is as {shown(result.against)} {verb}"


def _show(output: Output, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        output.show(f"{title}:")
    for line in lines:
        output.show(f"  {_shortened(line)}")


def _shortened(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


@click.command("baseline", cls=CommonCommand, help=BASELINE_HELP)
@click.argument("target", required=False)
@click.option("--force", is_flag=True, help="Accept and store what differs from TARGET.")
@click.option(
    "--replace", "replace_gone", is_flag=True, help="Forget the rows whose files are gone, too."
)
@WAIT_LOCK
@ON_FAILURE
@pass_run
def baseline_command(
    run: Run,
    target: str | None,
    force: bool,
    replace_gone: bool,
    wait_lock: float,
    on_failure: str,
) -> int:
    """Record what is there."""
    from peewee_mig.commands.baseline import baseline

    def record(project: Project, listen: Listener) -> Baselined:
        return baseline(
            project,
            target=target,
            force=force,
            replace_gone=replace_gone,
            wait_lock=wait_lock,
            listener=listen,
        )

    if run.has_tenants():
        from peewee_mig.cli.tenants_read import baseline_tenants

        return baseline_tenants(run, record, on_failure=on_failure)
    result = record(run.project(), listener(run.output))
    print_baselined(run.output, result)
    run.output.emit(result.to_json())
    return 0


def print_baselined(output: Output, result: Baselined) -> None:
    """Print what was recorded."""
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
