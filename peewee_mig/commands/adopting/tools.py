"""Every tool that is known, and which of them a project uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from peewee_mig.commands.adopting import (
    alembic,
    create_tables,
    miggy,
    peewee_db_evolve,
    peewee_migrate,
    peewee_migrations,
    peewee_moves,
    pwmigrate,
    sql_files,
    yoyo,
)
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found
from peewee_mig.errors import QuestionError, UsageError

#: Name for ``--tool`` -> what looks for it.
TOOLS: Mapping[str, Callable[[Layout, Records], Found | None]] = {
    "pwmigrate": pwmigrate.detect,
    "peewee_migrate": peewee_migrate.detect,
    "miggy": miggy.detect,
    "peewee-migrations": peewee_migrations.detect,
    "peewee-moves": peewee_moves.detect,
    "peewee-db-evolve": peewee_db_evolve.detect,
    "yoyo": yoyo.detect,
    "alembic": alembic.detect,
    "sql": sql_files.detect,
    "create_tables": create_tables.detect,
}


def find_tool(layout: Layout, records: Records, name: str | None) -> Found:
    """Return the tool that is used; ``name``: the one that is meant.

    :exc:`UsageError` if there is no trace of any, :exc:`QuestionError` if there are several.
    """
    names = [name] if name else list(TOOLS)
    found = [each for one in names if (each := TOOLS[one](layout, records))]
    best = [each for each in found if each.rank == max(every.rank for every in found)]
    if not best:
        raise _nothing(name)
    if len(best) > 1:
        raise _several(best)
    return best[0]


def _nothing(name: str | None) -> UsageError:
    if name:
        return UsageError(
            f"there is no trace of {name} in this project and this database",
            hint="peewee-mig adopt without --tool looks for all of them",
        )
    return UsageError(
        "there is no trace of another tool in this project and this database",
        hint="write the first migration: peewee-mig generate; record it where its tables are"
        " already: peewee-mig baseline",
    )


def _several(found: list[Found]) -> QuestionError:
    lines = [f"{each.tool}: {line}" for each in found for line in each.evidence]
    return QuestionError(
        f"there are traces of {' and '.join(each.tool for each in found)}",
        original="\n".join(lines),
        committed="nothing was changed",
        hint=f"say which one made this database: peewee-mig adopt --tool {found[0].tool}",
    )
