"""A column of the catalog in the words of a schema."""

from __future__ import annotations

import re

from peewee_mig.dialects.mysql.catalog import Catalog
from peewee_mig.dialects.mysql.rows import ColumnRow
from peewee_mig.dialects.mysql.texts import constant_text, moment, neutral, normal_default
from peewee_mig.dialects.mysql.types import catalog_type
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, Computed
from peewee_mig.schema.types import ColumnType

_AUTO_OF_PLAIN = {"INT": "AUTO", "BIGINT": "BIGAUTO"}
_ON_UPDATE = re.compile(r"on update (\w+(?:\(\d*\))?)", re.IGNORECASE)
#: What MariaDB gives a JSON column whatever the table has.
_JSON_COLLATION = "utf8mb4_bin"
#: What MariaDB says behind a type for itself only.
_HIDDEN = re.compile(r" */\*.*\*/")


def read_column(catalog: Catalog, table: str, row: ColumnRow) -> Column:
    """Return a column with all that is declared of one."""
    type_, options = catalog_type(_HIDDEN.sub("", row.words))
    json = catalog.is_json(table, row)
    if json:
        type_ = ColumnType("JSON")
    if catalog.is_numbered(table, row):
        type_ = ColumnType(_AUTO_OF_PLAIN[type_.name])
    computed = _computed(catalog, table, row)
    usual = _JSON_COLLATION if json else catalog.by_name[table].collation
    return Column(
        row.name,
        type_,
        row.null == "YES" or computed is not None,
        default=None if computed else normal_default(_default(catalog, row), type_),
        collation=None if row.collation in (None, usual) else row.collation,
        computed=computed,
        comment=row.comment or None,
        options=(*options, *_on_update(row)),
    )


def _computed(catalog: Catalog, table: str, row: ColumnRow) -> Computed | None:
    if not row.expression:
        return None
    columns = [each.name for each in catalog.columns[table]]
    escaped = not catalog.facts.mariadb
    stored = "VIRTUAL" not in row.extra.upper()
    return Computed(neutral(row.expression, columns, escaped=escaped), stored)


def _default(catalog: Catalog, row: ColumnRow) -> Expression | None:
    """Read a default; MariaDB gives NULL for none, MySQL constants bare."""
    given = row.default
    if given is None or (catalog.facts.mariadb and given == "NULL"):
        return None
    if catalog.facts.mariadb:
        return neutral(given)
    if "DEFAULT_GENERATED" in row.extra or moment(given):
        return neutral(given, escaped=True)
    return Expression(constant_text(given, row.data_type))


def _on_update(row: ColumnRow) -> tuple[str, ...]:
    found = _ON_UPDATE.search(row.extra)
    return (f"ON UPDATE {moment(found[1])}",) if found else ()
