"""pull: the command that writes models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown

if TYPE_CHECKING:
    from peewee_mig.commands.pull import Pulled, Split

PULL_HELP = """Write Peewee models for a database that exists; changes nothing in it.

Prints one module, or writes it with --output. What models cannot say (views, triggers) is
listed on stderr.

\b
Examples:
  peewee-mig pull --database postgresql://reader@db/app > models.py
  peewee-mig pull --output models --split prefix
  peewee-mig pull --table 'shop_*' --strip-prefix shop_
"""


@click.command("pull", cls=CommonCommand, help=PULL_HELP)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="PATH", help="A new .py file or folder."
)
@click.option(
    "--split",
    type=click.Choice(["none", "schema", "prefix"]),
    default="none",
    help="One module for each schema, or for each word before an underscore.",
)
@click.option("--schema", "schemas", multiple=True, metavar="NAME", help="Read this schema, too.")
@click.option("--table", "tables", multiple=True, metavar="PATTERN", help="Only such tables.")
@click.option("--strip-prefix", default="", metavar="TEXT", help="Leave it out of class names.")
@pass_run
def pull_command(
    run: Run,
    output: Path | None,
    split: Split,
    schemas: tuple[str, ...],
    tables: tuple[str, ...],
    strip_prefix: str,
) -> None:
    """Write models."""
    if split != "none" and output is None and not run.output.json:
        raise click.UsageError("--split writes several modules; say --output FOLDER")
    from peewee_mig.commands.pull import pull

    result = pull(
        run.project(),
        output=output,
        split=split,
        schemas=schemas,
        tables=tables,
        prefix=strip_prefix,
    )
    _print(run.output, result)
    run.output.emit(result.to_json())


def _print(output: Output, result: Pulled) -> None:
    for note in result.notes:
        output.warn(note)
    if result.left:
        output.warn("the models do not say this; it stays in the database as it is:")
        for each in result.left:
            output.warn(f"  {each}")
    if not result.written:
        output.show("\n\n".join(text for _, text in result.files).rstrip("\n"))
        return
    for path in result.written:
        output.say(f"wrote {shown(path)}")
    output.say(f"{result.tables} models of {result.database}.")
    output.say("next: peewee-mig generate, then: peewee-mig baseline")
