"""pull: the command that writes models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown

if TYPE_CHECKING:
    from peewee_mig.commands.pull import Left, Pulled, Split

PULL_HELP = """Write Peewee models for a database that exists; changes nothing in it.

Prints one module, or writes it with --output. What models cannot say is listed on stderr.
With --update, prints what to change in the models that there are.

\b
Examples:
  peewee-mig pull --database postgresql://reader@db/app > models.py
  peewee-mig pull --output models --split prefix
  peewee-mig pull --table 'shop_*' --strip-prefix shop_
  peewee-mig pull --update
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
@click.option("--update", is_flag=True, help="Compare with the models; exit 1 if they differ.")
@click.option("--strip-prefix", default="", metavar="TEXT", help="Leave it out of names in Python.")
@pass_run
def pull_command(
    run: Run,
    output: Path | None,
    split: Split,
    schemas: tuple[str, ...],
    tables: tuple[str, ...],
    update: bool,
    strip_prefix: str,
) -> int:
    """Write models."""
    if update:
        if output is not None or split != "none" or strip_prefix:
            raise click.UsageError("--update writes nothing; it takes --schema and --table only")
        return _update(run, schemas, tables)
    if split != "none" and output is None and not run.output.json:
        raise click.UsageError("--split writes several modules; say --output FOLDER")
    from peewee_mig.commands.pull import pull

    project = run.project()
    result = pull(
        project,
        output=output,
        split=split,
        schemas=schemas,
        tables=tables,
        prefix=strip_prefix,
    )
    _print(run.output, result, named=bool(project.models))
    run.output.emit(result.to_json())
    return 0 if result.is_sound else 1


def _update(run: Run, schemas: tuple[str, ...], tables: tuple[str, ...]) -> int:
    from peewee_mig.commands.pull_update import advise

    output, result = run.output, advise(run.project(), schemas=schemas, tables=tables)
    _print_left(output, result.notes, result.left)
    for each in result.advice:
        output.show(f"{each.where}: {each.text}" if each.where else each.text)
        for line in each.lines:
            output.show(f"    {line}".rstrip())
    many = len(result.advice)
    changes = f"{many} things to change" if many > 1 else "one thing to change"
    output.say(
        f"{changes} in the models, if they shall say what {shown(result.database)} has."
        if many
        else f"The models say what {shown(result.database)} has."
    )
    output.emit(result.to_json())
    return 1 if many else 0


def _print(output: Output, result: Pulled, *, named: bool) -> None:
    """Print what was written; ``named``: the project has models that commands find."""
    _print_left(output, result.notes, result.left)
    if not result.written:
        output.show("\n\n".join(text for _, text in result.files).rstrip("\n"))
        return
    for path in result.written:
        output.say(f"wrote {shown(path)}")
    models = "one model" if result.tables == 1 else f"{result.tables} models"
    output.say(f"{models} of {shown(result.database)}.")
    words = "" if named else f" --models {_module(result.written[0])}"
    first = "" if result.is_sound else "correct the model that cannot be read, then: "
    output.say(f"next: {first}peewee-mig generate{words}, then: peewee-mig baseline")


def _module(path: Path) -> str:
    """Name the module, or the package, whose file was written, as ``--models`` does."""
    place = path.parent if path.name == "__init__.py" else path.with_suffix("")
    near = Path(shown(place.absolute()))
    return place.name if near.is_absolute() else ".".join(near.parts)


def _print_left(output: Output, notes: Sequence[str], left: Sequence[Left]) -> None:
    for note in notes:
        output.warn(note)
    if left:
        output.warn("the models do not say this; it stays in the database as it is:")
        for each in left:
            output.warn(f"  {each}")
