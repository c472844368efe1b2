"""Schema values and their JSON form; no database, no model."""

from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.normal import ACTIONS
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Sequence,
    Standalone,
    View,
    VirtualTable,
)
from peewee_mig.schema.types import ColumnType, native_type, parse_type

__all__ = [
    "ACTIONS",
    "Check",
    "Column",
    "ColumnType",
    "Computed",
    "EnumType",
    "Exclusion",
    "Expression",
    "ForeignKey",
    "Index",
    "Options",
    "PrimaryKey",
    "RawObject",
    "Schema",
    "Sequence",
    "Standalone",
    "Table",
    "Unique",
    "View",
    "VirtualTable",
    "expression",
    "native_type",
    "parse_type",
]
