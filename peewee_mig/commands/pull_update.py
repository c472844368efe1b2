"""pull --update: what to change in models that exist, so that they say what a database has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.pull import Left, left_beside, need_file
from peewee_mig.commands.pull_choice import chosen
from peewee_mig.dialects.declaring import declaring
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations import describe
from peewee_mig.operations.verbs import Drop, Operation
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to change: where it is written, what it is, and the lines to write."""

    where: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advised:
    """What models say otherwise than a database; none: they agree."""

    database: str
    advice: tuple[Advice, ...]
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "advice": [asdict(each) for each in self.advice],
            "left": [asdict(each) for each in self.left],
            "notes": list(self.notes),
            "ok": not self.advice,
        }


def advise(project: Project, *, schemas: Sequence[str] = (), tables: Sequence[str] = ()) -> Advised:
    """Compare the models of a project with its database; both stay as they are.

    ``schemas``: those to read beside those of the models; ``tables``: patterns of names.
    """
    from peewee_mig.sources.discover import find_models
    from peewee_mig.sources.read import read_models
    from peewee_mig.sources.written.update import Advisor

    declared = read_models(find_models(project.need_models(), root=project.root))
    wanted = chosen(declared.schema, tables)
    with open_database(project, create=False) as connection:
        need_file(connection)
        dialect, query = connection.dialect, connection.session.query
        own = HistoryTable(dialect, project.history_table).own
        places = {*schemas, *schemas_of(declared.schema.names)}
        found = read_catalog(dialect, query, own, schemas=places)
        respelled = Speller(dialect, query).respelled(found, wanted)
        label = connection.session.label
    reached = settle(recognize(respelled, wanted, dialect), wanted)
    reached = chosen(reached, tables)
    advisor = Advisor(chosen(declaring(found, dialect), tables), dialect.name, declared.origins)
    operations = diff(wanted, reached)
    advice = tuple(_advice(each, declared.origins, advisor.lines(each)) for each in operations)
    return Advised(
        label, advice, tuple(left_beside(found, reached, wanted, dialect, tables)), found.notes
    )


def _advice(
    operation: Operation, origins: Mapping[tuple[str, str], str], lines: tuple[str, ...]
) -> Advice:
    text = describe(operation)
    if isinstance(operation, Drop):
        text = f"not in the database: {text.removeprefix('drop ')}"
    return Advice(next(_places(operation, origins), ""), text, lines)


def _places(operation: Operation, origins: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield where an operation has its place: the field, else the model."""
    table = str(getattr(operation, "table", ""))
    thing = getattr(operation, "object", None) or getattr(operation, "old", None)
    column = str(getattr(thing, "name", ""))
    for place in ((table, column), (table, "")):
        if place in origins:
            yield origins[place]
