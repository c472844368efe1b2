"""Models that are written for a schema, compared with it."""

from dataclasses import replace

from peewee_mig.schema import Schema
from peewee_mig.schema.standalone import EnumType


def without_marks(schema):
    """Return a schema in which nobody knows which indexes somebody named."""
    return schema.with_tables(
        replace(table, indexes=tuple(replace(each, named=False) for each in table.indexes))
        for table in schema
    )


def tables_of(schema):
    """Return what models of tables can say, with types as catalogs spell them."""
    tables = (replace(table, columns=tuple(map(_spelled, table.columns))) for table in schema)
    enums = (each for each in schema.objects if isinstance(each, EnumType))
    return Schema.of(tables, enums)


def _spelled(column):
    return replace(column, type=replace(column.type, name=column.type.name.replace(", ", ",")))
