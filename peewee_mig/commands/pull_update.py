"""pull --update: what to change in models that exist, so that they say what a database has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.pull import Left, left_beside
from peewee_mig.commands.pull_choice import chosen, chosen_beside
from peewee_mig.declare import Declaration
from peewee_mig.dialects.declaring import declaring
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations import describe
from peewee_mig.operations.verbs import Add, Drop, Operation
from peewee_mig.plan.engine_types import typed_schema
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of
from peewee_mig.runner.catalog import read_declarations as read_beside
from peewee_mig.runner.connect import need_file
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone, identity

if TYPE_CHECKING:
    from peewee_mig.sources.written.update import Advisor


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

    models = read_models(find_models(project.need_models(), root=project.root), project.without)
    with open_database(project, create=False) as connection:
        need_file(connection)
        models = replace(models, schema=typed_schema(models.schema, connection.dialect.name))
        wanted = chosen(models.schema, tables)
        dialect, query = connection.dialect, connection.session.query
        own = HistoryTable(dialect, project.history_table).own
        places = {*schemas, *schemas_of(models.schema.names)}
        found = read_catalog(dialect, query, own, schemas=places, without=project.without)
        respelled = Speller(dialect, query).respelled(found, wanted)
        beside = read_beside(dialect, query, places, project.without)
        label = connection.session.label
    reached = chosen(settle(recognize(respelled, wanted, dialect), wanted), tables)
    whole = declaring(found, dialect)
    advisor = Advisor(chosen(whole, tables), dialect.name, models.origins)
    operations = map(advisor.named, diff(wanted, reached))
    advice = [_advice(each, models.origins, advisor.lines(each)) for each in operations]
    new = _new(chosen_beside(beside, whole, reached, tables), models.schema, advisor)
    known = wanted.with_objects([*wanted.objects, *(thing for thing, _ in new)])
    advice += [Advice("", describe(Add(thing.name, thing)), lines) for thing, lines in new]
    left = tuple(left_beside(found, reached, known, dialect, tables))
    return Advised(label, tuple(advice), left, found.notes)


def _new(
    beside: Sequence[Declaration], models: Schema, advisor: Advisor
) -> list[tuple[Standalone, tuple[str, ...]]]:
    """Return what stands beside the tables and that models do not declare, with its lines."""
    from peewee_mig.sources.objects import read_declarations

    listed = [each for each in beside if each.name not in models]
    read = read_declarations(listed, models.names)
    known = {_folded(each) for each in models.objects}
    found: list[tuple[Standalone, tuple[str, ...]]] = [
        (thing, advisor.declared(each))
        for thing, each in zip(read, listed, strict=True)
        if _folded(thing) not in known
    ]
    for name, lines in advisor.search():
        table = advisor.schema.find_virtual_table(name)
        if table is not None and _folded(table) not in known:
            found.append((table, lines))
    return found


def _folded(thing: Standalone) -> tuple[str, ...]:
    return tuple(word.casefold() for word in identity(thing))


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
