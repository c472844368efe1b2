"""status, sql, check: the commands that change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output
from peewee_mig.cli.tenant_options import JOBS
from peewee_mig.errors import UsageError

if TYPE_CHECKING:
    from peewee_mig.commands.check import Finding
    from peewee_mig.commands.status import Status
    from peewee_mig.commands.verify import Verified
    from peewee_mig.runner.events import Event

STATUS_HELP = """Show what is applied and what is pending. Creates nothing.

\b
Examples:
  peewee-mig status
  peewee-mig status --check
  peewee-mig status --env prod --json
"""
SQL_HELP = """Print the SQL that migrate would run, offline; all migrations, or those named.

\b
Examples:
  peewee-mig sql 0007
  peewee-mig sql --dialect postgres --server-version 15
  peewee-mig sql 0007 --backward
  peewee-mig sql --schema --dialect mysql
"""
CHECK_HELP = """Check the migrations folder: files, chain, checksums, snapshots, models.

Needs no database. Exits with 1 if it finds something.

With --verify the whole history also runs in scratch databases, one for each engine: every
migration applied from empty, rolled back to zero and applied again, with generated rows that
must survive; the end is compared with create_tables of the models. SQLite is in memory; on a
configured server a database is made and dropped, and what is there is not touched.

\b
Examples:
  peewee-mig check
  peewee-mig check --format github
  peewee-mig check --verify
  peewee-mig check --verify --scratch postgresql://postgres@localhost/postgres
"""
DIALECTS = ("sqlite", "postgres", "mysql", "postgresql", "mariadb")
_COLORS = {"applied": "green", "baselined": "green", "pending": "yellow"}


@click.command("status", cls=CommonCommand, help=STATUS_HELP)
@click.option("--check", is_flag=True, help="Exit 1 if something is pending or wrong.")
@JOBS
@pass_run
def status_command(run: Run, check: bool, jobs: int) -> int:
    """Show the state of each migration."""
    from peewee_mig.commands.status import status

    if run.has_tenants():
        from peewee_mig.cli.tenants_read import status_of_tenants

        return status_of_tenants(run, check=check, jobs=jobs)
    result = status(run.project())
    _print_status(run.output, result)
    run.output.emit(result.to_json())
    return 1 if check and not result.ok else 0


@click.command("sql", cls=CommonCommand, help=SQL_HELP)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--dialect",
    type=click.Choice(DIALECTS),
    help="Default: that of the database.",
)
@click.option("--server-version", metavar="VERSION", help="Such as 15 or 10.11.")
@click.option("--backward", is_flag=True, help="What rollback would run.")
@click.option("--schema", is_flag=True, help="The whole schema after the migrations, as one.")
@pass_run
def sql_command(
    run: Run,
    names: tuple[str, ...],
    dialect: str | None,
    server_version: str | None,
    backward: bool,
    schema: bool,
) -> None:
    """Print SQL."""
    from peewee_mig.commands.shells import shell_words
    from peewee_mig.commands.sql import sql

    result = sql(
        run.project(),
        names=names,
        dialect=dialect,
        server_version=server_version,
        backward=backward,
        schema=schema,
    )
    for assumption in result.assumptions:
        run.output.show(f"-- {assumption}")
    run.output.show("\n".join((*shell_words(result.text), result.text.rstrip("\n"))))
    run.output.emit(result.to_json())


@click.command("check", cls=CommonCommand, help=CHECK_HELP)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    help="github: annotations of a pull request; json: as --json.",
)
@click.option("--verify", is_flag=True, help="Run the history in scratch databases.")
@click.option(
    "--scratch",
    multiple=True,
    metavar="URL",
    help="--verify: a server where databases can be made and dropped; repeatable.",
)
@click.option("--no-rows", is_flag=True, help="--verify: without generated rows.")
@pass_run
def check_command(
    run: Run, form: str, verify: bool, scratch: tuple[str, ...], no_rows: bool
) -> int:
    """Check the history."""
    run.output.json = run.output.json or form == "json"
    if verify:
        return _verify(run, form, scratch, rows=not no_rows)
    if scratch or no_rows:
        raise UsageError("--scratch and --no-rows belong to --verify", hint="add --verify")
    from peewee_mig.commands.check import check

    result = check(run.project())
    _print_findings(run.output, result.findings, form)
    run.output.emit(result.to_json())
    return 0 if result.ok else 1


def _verify(run: Run, form: str, scratch: tuple[str, ...], *, rows: bool) -> int:
    from peewee_mig.cli.progress import listener
    from peewee_mig.commands.verify import verify_by_running

    def listen(event: Event) -> None:
        if event.is_detail or run.output.logs_json:
            tell(event)

    tell = listener(run.output)
    try:
        with run.output.undisturbed():
            result = verify_by_running(run.project(), scratch=scratch, rows=rows, listener=listen)
    except KeyboardInterrupt:
        run.output.warn("the scratch databases are dropped")
        raise
    for line in _verified_lines(result, form):
        run.output.say(line)
    _print_findings(run.output, result.findings, form)
    run.output.emit(result.to_json())
    return 0 if result.ok else 1


def _verified_lines(result: Verified, form: str) -> Iterator[str]:
    """Say where a history ran; what was not verified is a warning on GitHub."""
    for each in result.engines:
        count = f"{each.migrations} migration{'' if each.migrations == 1 else 's'}"
        yield (
            f"wrong on {each.server}, as found below ({each.seconds:.2f} s)"
            if each.findings
            else f"verified on {each.server}: {count} up, down and up again,"
            f" {each.rows} generated rows, {each.seconds:.2f} s"
        )
        yield from (f"  note: {note}" for note in each.notes)
    if not result.engines:
        yield "nothing was run: first mend what the files say"
    for unverified in result.unverified:
        text = f"not verified on {unverified.called}: {unverified.reason}"
        hint = f"\n  next: {unverified.hint}" if unverified.hint else ""
        yield f"::warning::{_data(text)}" if form == "github" else f"{text}{hint}"


def _print_status(output: Output, status: Status) -> None:
    if status.rows:
        output.table(
            [
                (
                    row.name,
                    output.styled(f"{row.state:<9}", _COLORS.get(row.state, "red")),
                    str(row.applied_at or ""),
                    row.note or "",
                )
                for row in status.rows
            ]
        )
    for each in (*status.notes, *status.problems):
        output.warn(str(each))
    if status.pushed_at:
        output.say(f"This database was pushed at {status.pushed_at}; next: peewee-mig baseline")
    output.say(_summary(status))


def _summary(status: Status) -> str:
    pending = sum(row.state == "pending" for row in status.rows)
    if not status.rows:
        return "No migrations yet. next: peewee-mig generate"
    if pending and status.problems:
        return f"{pending} pending; first mend what the warnings say."
    if pending:
        next_ = "" if status.pushed_at else " next: peewee-mig migrate"
        return f"{pending} pending.{next_}"
    if not status.ok:
        return "Nothing is pending, but see the warnings."
    ahead = any(row.state == "unknown" for row in status.rows)
    return "Up to date; the database is ahead of these files." if ahead else "Up to date."


def _print_findings(output: Output, findings: Sequence[Finding], form: str) -> None:
    spell = _github if form == "github" else _text
    for finding in findings:
        output.show(spell(finding))
    if form == "text":
        count = len(findings)
        output.say(f"{count} finding{'' if count == 1 else 's'}." if count else "All is well.")


def _text(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    prefix = f"{place}: " if place else ""
    hint = f"\n  next: {finding.hint}" if finding.hint else ""
    return f"{prefix}{finding.severity}: {finding.message}{hint}"


def _github(finding: Finding) -> str:
    level = "error" if finding.severity == "error" else "warning"
    fields = {"file": finding.file, "line": finding.line}
    place = ",".join(f"{key}={_property(str(value))}" for key, value in fields.items() if value)
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{level} {place}::{_data(message)}" if place else f"::{level}::{_data(message)}"


def _data(text: str) -> str:
    """Escape the message of a workflow command of GitHub."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a workflow command of GitHub."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
