"""Computes a check over the values that rows will have, before the first statement.

A SELECT only warns where a check compares what does not compare (``'zz'`` with a number). ALTER
TABLE fails in strict mode (1292, 1365), when all that comes before it is committed, and there is
no row to mend.
"""

from __future__ import annotations

from peewee_mig.dialects.asked import Filled, Guard
from peewee_mig.dialects.base import Query
from peewee_mig.dialects.guards import GuardSql
from peewee_mig.dialects.mysql.render import definition, plain
from peewee_mig.errors import FailedError, RefusedError, RowsError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column

_NAME = "_peewee_mig_rehearsal"
#: A row violates a check: the guard itself tells that.
_VIOLATED = ("(3819)", "(4025)")


def rehearse(dialect: GuardSql, query: Query, guard: Guard) -> None:
    """Refuse a check that the server cannot compute; a user who may not try it is let pass."""
    if guard.kind != "violated" or guard.condition is None or not guard.columns:
        return
    place = dialect.quote(_NAME)
    try:
        query(f"CREATE TEMPORARY TABLE {place} {_rows(dialect, guard)}")
    except FailedError:
        return
    try:
        _try(dialect, query, guard, guard.condition)
    finally:
        query(f"DROP TEMPORARY TABLE {place}")


def _rows(dialect: GuardSql, guard: Guard) -> str:
    """Spell the columns and rows; that no type holds some value is told by other guards."""
    types = ", ".join(_column(dialect, each) for each in guard.filled)
    values = (f"{dialect.given(guard, each)} AS {dialect.quote(each)}" for each in guard.columns)
    selected = f"SELECT DISTINCT {', '.join(values)} FROM {dialect.quote_table(guard.table)}"
    return f"({types}) IGNORE {selected}" if types else selected


def _column(dialect: GuardSql, filled: Filled) -> str:
    return definition(dialect, plain(Column(filled.column, filled.type, null=True)))


def _try(dialect: GuardSql, query: Query, guard: Guard, condition: Expression) -> None:
    words = dialect.expression_sql(condition)
    try:
        query(f"ALTER TABLE {dialect.quote(_NAME)} ADD CHECK ({words})")
    except RowsError as error:
        if error.original.endswith(_VIOLATED):
            return
        raise RefusedError(
            f"{condition} cannot be computed with the values that rows of {guard.table} will"
            f" have ({error.original})",
            hint="let the check compare values of one type: change it together with the column,"
            " or change these rows",
        ) from error
    except FailedError:  # over what is not in the table: no check of a table
        return
