"""repair: say what is really there, ask, and put our own records right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.progress import listener
from peewee_mig.cli.run import WAIT_LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peewee_mig.commands.repair import ConfirmRepair, Repaired
    from peewee_mig.commands.repairing.findings import Finding

REPAIR_HELP = """Say what the database really has, and put the records of migrations right.

Compares the history table, its journal and the lock with the catalog and the files. Proposes
the exact rows to change and changes them after a yes (or --yes): only in tables of peewee-mig,
never in yours. Exits with 1 if something waits for a yes, with 5 if rows are not the cure; then
the next command is said.

\b
Examples:
  peewee-mig repair
  peewee-mig repair --dry-run
  peewee-mig repair --unlock
  peewee-mig repair --at 0007
  peewee-mig repair --done 3
"""

#: Kind of a finding -> what it is called.
_WORDS = {
    "lock": "abandoned lock",
    "table": "damaged history table",
    "unreadable": "unreadable row",
    "duplicate": "recorded more than once",
    "renamed": "renamed file",
    "half": "half-done work",
    "journal": "steps left in the journal",
    "edited": "edited file",
    "gone": "missing file",
    "skipped": "missing row",
    "wrong": "wrong records",
    "drift": "drift",
    "push": "unfinished push",
}

#: Characters of a statement that are shown without -v.
_LIMIT = 160


@click.command("repair", cls=CommonCommand, help=REPAIR_HELP)
@click.option("--dry-run", is_flag=True, help="Print what is wrong and the rows, ask nothing.")
@click.option("--unlock", is_flag=True, help="Remove the lock of a runner that is gone.")
@click.option("--at", metavar="TARGET", help="The migration it has, where it equals several.")
@click.option(
    "--accept", multiple=True, metavar="NAME", help="What this file does to rows is done here."
)
@click.option("--done", multiple=True, type=int, metavar="STEP", help="This step in doubt did all.")
@click.option("--not-done", multiple=True, type=int, metavar="STEP", help="This one did nothing.")
@WAIT_LOCK
@pass_run
def repair_command(run: Run, /, **given: Any) -> int:  # noqa: ANN401 (the options above)
    """Repair."""
    from peewee_mig.commands.repair import repair
    from peewee_mig.commands.repairing.case import Told

    result = repair(
        run.project(),
        unlock=given["unlock"],
        dry_run=given["dry_run"],
        told=Told(given["at"], given["accept"], given["done"], given["not_done"]),
        confirm=_confirm(run),
        wait_lock=given["wait_lock"],
        listener=listener(run.output),
    )
    _print_repaired(run.output, result)
    run.output.emit(result.to_json())
    return result.exit_code


def _confirm(run: Run) -> ConfirmRepair | None:
    """Return who says yes, after having seen what it is about."""

    def confirm(findings: Sequence[Finding], statements: Sequence[str]) -> bool:
        from peewee_mig.cli.prompts import yes_no

        _show(run.output, findings, statements)
        return run.yes or yes_no("Change these records?")

    return confirm if run.yes or run.interactive() else None


def _print_repaired(output: Output, result: Repaired) -> None:
    for note in result.notes:
        output.say(f"{note[0].upper()}{note[1:]}.")
    if not result.findings:
        output.say(f"Nothing to repair in {shown(result.database)}.")
        return
    if result.done:
        output.say(f"Repaired: {shown(result.database)}. next: peewee-mig status")
        _show(output, result.left, ())
        return
    _show(output, result.findings, result.statements, whole=result.dry_run)
    if result.statements and not result.dry_run:
        output.say(f"next: {result.command}")


def _show(
    output: Output,
    findings: Sequence[Finding],
    statements: Sequence[str],
    *,
    whole: bool = False,
) -> None:
    for finding in findings:
        for line in _lines(finding):
            output.say(line)
    if statements:
        output.say("The records to change:")
    for statement in statements:
        output.say(f"  {f'{statement};' if whole or output.verbose else _short(f'{statement};')}")


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{finding.migration}: " if finding.migration else ""
    yield f"{place}{_WORDS[finding.kind]}"
    yield f"  records:   {finding.records}"
    if finding.catalog:
        yield f"  database:  {finding.catalog}"
    for step in finding.steps:
        statement = _cut(" ".join(step.statement.split()), limit=100)
        yield f"  step {step.number:<5} {step.state:<9} {statement}"
    if finding.proposal:
        yield f"  proposed:  {finding.proposal}"
    if finding.hint:
        yield f"  next:      {finding.hint}"


def _short(statement: str) -> str:
    """Leave out the columns of an INSERT, and what is long of a text."""
    found = re.sub(r"^(INSERT INTO \S+ )\(.*?\) (VALUES|SELECT) ", r"\1(...) \2 ", statement)
    return _cut(re.sub(r"'(?:[^']|''){40,}?'", lambda text: f"{text[0][:12]}...'", found))


def _cut(text: str, limit: int = _LIMIT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
