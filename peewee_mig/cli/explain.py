"""explain: the command that says what an error means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output
from peewee_mig.errors import MigError, UsageError

if TYPE_CHECKING:
    from peewee_mig.commands.explain import Explained
    from peewee_mig.commands.project import Project

EXPLAIN_HELP = """Say what an error of the database, or of Peewee, means, and the way out.

TEXT: the error as it was printed, or - to read it from standard input; a whole traceback
will do. Names the constraint, the line of the model, what is possible and the next command.
Looks at models and database if there are any; changes nothing. Exits with 1 if the error is
not known.

\b
Examples:
  peewee-mig explain 'UNIQUE constraint failed: person.name'
  python app.py 2>&1 | peewee-mig explain -
"""
_HOW = "paste it in quotation marks, or pipe it: python app.py 2>&1 | peewee-mig explain -"


@click.command("explain", cls=CommonCommand, help=EXPLAIN_HELP)
@click.argument("text", nargs=-1, metavar="[TEXT|-]")
@pass_run
def explain_command(run: Run, text: tuple[str, ...]) -> int:
    """Explain an error."""
    from peewee_mig.commands.explain import explain

    result = explain(_project(run), _text(run, text))
    _print(run.output, result)
    run.output.emit(result.to_json())
    return 0 if result.is_known else 1


def _text(run: Run, words: tuple[str, ...]) -> str:
    """Return the words given, or else what is piped or pasted."""
    text = click.unstyle(_read(run) if words in ((), ("-",)) else " ".join(words))
    if not text.strip():
        raise UsageError("there is no error to explain", hint=_HOW)
    return text


def _read(run: Run) -> str:
    """Read standard input, whatever its encoding; on a terminal, say that it is read."""
    if sys.stdin is None:  # closed, as <&- does
        return ""
    if sys.stdin.isatty():
        if not run.interactive():
            raise UsageError("there is no error to explain, and nobody to ask", hint=_HOW)
        run.output.warn("paste the error, and end it with Ctrl-D")
    return sys.stdin.buffer.read().decode(errors="replace")


def _project(run: Run) -> Project | None:
    """Return the project, if its configuration can be read."""
    try:
        return run.project()
    except MigError as error:
        run.output.warn(f"nothing of a project is known: {error.message}")
        return None


def _print(output: Output, result: Explained) -> None:
    for note in result.notes:
        output.warn(note)
    output.show(result.sentence)
    for label, words in result.facts:
        output.show(f"  {label + ':':<12}{words}")
    if result.possible:
        output.show("possible:")
    for each in result.possible:
        output.show(f"  * {output.pasteable(each)}")
    output.show(f"{output.styled('next:', 'cyan')} {output.pasteable(result.next)}")
