"""Schema values and their JSON form; no database, no model."""

from peewee_mig.schema.objects import (
    ACTIONS,
    Column,
    ForeignKey,
    Index,
    PrimaryKey,
    Schema,
    Table,
)
from peewee_mig.schema.types import ColumnType, parse_type

__all__ = [
    "ACTIONS",
    "Column",
    "ColumnType",
    "ForeignKey",
    "Index",
    "PrimaryKey",
    "Schema",
    "Table",
    "parse_type",
]
