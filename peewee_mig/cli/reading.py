"""graph, show, erd: the commands that tell of a history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peewee_mig.cli.common import CommonCommand, Run, pass_run
from peewee_mig.cli.output import Output, shown
from peewee_mig.cli.read import DIALECTS
from peewee_mig.commands.drawing.lanes import MARK, PLAIN

if TYPE_CHECKING:
    from peewee_mig.commands.erd import Format
    from peewee_mig.commands.graph import Graph, Node
    from peewee_mig.commands.show import Detail, Record

GRAPH_HELP = """Draw the migrations and what each depends on, from the oldest to the newest.

Where a database is configured and answers, what it has is marked; changes nothing.

\b
Examples:
  peewee-mig graph
  peewee-mig graph --offline
  peewee-mig graph --mermaid > docs/history.mmd
"""
#: What the lines of a graph say of each migration, in columns.
_SHOWN = ("name", "state", "applied_at")
SHOW_HELP = """Tell all about one migration: what it does, its dangers, its SQL, who ran it when.

NAME: a name or number; one without a file is told from the history of the database.

\b
Examples:
  peewee-mig show 0007
  peewee-mig show 0007 --dialect mysql --backward
  peewee-mig show 0007 --json
"""
ERD_HELP = """Draw tables, columns and foreign keys, of one state of the schema or what differs.

WHAT: a migration (name or number), head, models, or A..B for what differs between two of these or
zero. Default: head, the last snapshot. Needs no database. Tables that a difference leaves alone
are left out, or shown by name where a key refers to them.

\b
Examples:
  peewee-mig erd > schema.mmd
  peewee-mig erd models --output docs/schema.svg
  peewee-mig erd 0007 --format dbml
  peewee-mig erd 0006..0007 --output change.svg
  peewee-mig erd --from 0014 --to models
  peewee-mig erd --table 'workflow_*'
"""
_COLORS = dict.fromkeys(["applied", "baselined", "replaced"], "green") | {"pending": "yellow"}


@click.command("graph", cls=CommonCommand, help=GRAPH_HELP)
@click.option("--mermaid", is_flag=True, help="Print a flowchart of Mermaid.")
@click.option("--offline", is_flag=True, help="Ask no database.")
@pass_run
def graph_command(run: Run, mermaid: bool, offline: bool) -> None:
    """Draw the history."""
    from peewee_mig.commands.graph import graph

    result = graph(run.project(), offline=offline)
    for note in result.notes:
        run.output.warn(note)
    if mermaid:
        run.output.show(result.mermaid)
    else:
        _print_graph(run.output, result)
    text = {"mermaid": result.mermaid} if mermaid else {}
    run.output.emit({**result.to_json(), **text})


@click.command("show", cls=CommonCommand, help=SHOW_HELP)
@click.argument("name")
@click.option("--dialect", type=click.Choice(DIALECTS), help="Default: that of the database.")
@click.option("--server-version", metavar="VERSION", help="Such as 15 or 10.11.")
@click.option("--backward", is_flag=True, help="The SQL that rollback would run.")
@click.option("--offline", is_flag=True, help="Ask no database.")
@pass_run
def show_command(
    run: Run,
    name: str,
    dialect: str | None,
    server_version: str | None,
    backward: bool,
    offline: bool,
) -> None:
    """Tell of a migration."""
    from peewee_mig.commands.show import show

    result = show(
        run.project(),
        name=name,
        dialect=dialect,
        server_version=server_version,
        backward=backward,
        offline=offline,
    )
    for line in _told(result):
        run.output.show(line)
    for note in result.notes:
        run.output.warn(note)
    run.output.emit(result.to_json())


def _told(detail: Detail) -> Iterator[str]:
    yield detail.name
    if detail.docstring:
        yield from (f"  {line}".rstrip() for line in detail.docstring.splitlines())
    yield ""
    for label, words in _facts(detail):
        yield f"{label + ':':<13}{words}"
    yield from ("", "operations:" if detail.steps else "operations: none")
    for step in detail.steps:
        yield f"  {step.words}"
        for danger in step.dangers:
            yield f"    {danger.id}: {danger.message}{' (allowed)' if danger.allowed else ''}"
    if detail.sql is not None:
        from peewee_mig.commands.shells import shell_words

        way = " of the way back" if detail.backward else ""
        yield from ("", f"SQL{way} {detail.assumed}:")
        yield from (*shell_words(detail.sql), *(detail.sql.splitlines() or ["-- nothing to run"]))


def _facts(detail: Detail) -> Iterator[tuple[str, str]]:
    if detail.path is not None:
        yield "file", shown(detail.path)
        yield "depends on", ", ".join(detail.depends_on) or "nothing"
        yield "followed by", ", ".join(detail.followers) or "nothing"
    for label, names in (("replaces", detail.replaces), ("was called", detail.was)):
        if names:
            yield label, ", ".join(names)
    if detail.atomic is not None:
        yield "atomic", str(detail.atomic)
    if detail.path is not None:
        yield "schema", ", ".join(detail.changes) or "unchanged"
    if detail.asked:
        yield "applied", _recorded(detail.record)
    if detail.record is not None and detail.record.fills:
        yield "fills", ", ".join(detail.record.fills)


def _recorded(record: Record | None) -> str:
    if record is None:
        return "no"
    who = f"by {record.by}, with peewee-mig {record.version}"
    if record.state == "running":
        from peewee_mig.commands.status import HALVES

        half, command = HALVES[record.direction]
        return f"{half}, begun {record.started} {who}. next: peewee-mig {command}"
    if record.state == "baselined":
        return f"recorded by comparison {record.finished} {who}"
    edited = "; the file was edited since" if record.state == "edited" else ""
    return f"{record.finished}, {record.seconds:.2f} s, {who}{edited}"


@click.command("erd", cls=CommonCommand, help=ERD_HELP)
@click.argument("what", required=False, default="", metavar="[WHAT]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dbml", "svg"]),
    help="Default: by the ending of --output, else mermaid.",
)
@click.option("--from", "since", default="", metavar="A", help="What differs since A.")
@click.option("--to", "until", default="", metavar="B", help="--from: until B (default: head).")
@click.option("--table", "tables", multiple=True, metavar="PATTERN", help="Only such tables.")
@click.option("--all", "everything", is_flag=True, help="With a difference: all tables.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
@pass_run
def erd_command(
    run: Run,
    what: str,
    form: Format | None,
    since: str,
    until: str,
    tables: tuple[str, ...],
    everything: bool,
    output: Path | None,
) -> None:
    """Draw the tables."""
    from peewee_mig.commands.erd import erd

    result = erd(
        run.project(),
        what=what,
        since=since,
        until=until,
        form=form,
        tables=tables,
        everything=everything,
        output=output,
    )
    if result.path is None:
        run.output.show(result.text.rstrip("\n"))
    else:
        run.output.say(f"Wrote {shown(result.path)}: {result.summary}.")
    run.output.emit(result.to_json())


def _print_graph(output: Output, graph: Graph) -> None:
    nodes = graph.nodes
    widths = [max((len(getattr(node, each)) for node in nodes), default=0) for each in _SHOWN]
    for line in graph.lines:
        words = "" if line.node is None else _words(output, line.node, widths)
        lanes = line.lanes if line.node is None else line.lanes.replace(MARK, _mark(line.node))
        output.show(f"{_encodable(lanes)}  {words}".rstrip())
    output.say(_summary(graph))


def _words(output: Output, node: Node, widths: list[int]) -> str:
    """Say the name, state and time of a migration, in columns, and what else is to be told."""
    cells = [getattr(node, name).ljust(width) for name, width in zip(_SHOWN, widths, strict=True)]
    if node.state:
        cells[1] = output.styled(cells[1], _COLORS.get(node.state, "red"))
    shown = [cell for cell, width in zip(cells, widths, strict=True) if width]
    return "  ".join([*shown, "; ".join(node.notes)]).rstrip()


def _mark(node: Node) -> str:
    """Fill the mark of what a database has; without a database all are."""
    return "○" if node.state == "pending" else MARK


def _encodable(lanes: str) -> str:
    """Return lanes in what the terminal can show."""
    try:
        lanes.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, AttributeError):  # no standard output has no encoding
        return lanes.translate(PLAIN)
    return lanes


def _summary(graph: Graph) -> str:
    if not graph.nodes:
        return "No migrations yet. next: peewee-mig generate"
    count = f"{len(graph.nodes)} migration{'' if len(graph.nodes) == 1 else 's'}"
    if graph.asked:
        pending = sum(node.state == "pending" for node in graph.nodes)
        count += f", {pending} pending" if pending else ", none pending"
    if len(graph.heads) > 1:
        return f"{count}, {len(graph.heads)} heads. next: peewee-mig check"
    return f"{count}."
