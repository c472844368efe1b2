"""Operations: what a migration does, as values."""

from peewee_mig.operations.codec import operations_from_json, operations_to_json, word_of
from peewee_mig.operations.describe import describe
from peewee_mig.operations.inverse import invert, invert_all
from peewee_mig.operations.replay import apply, replay
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Constant,
    Copy,
    Data,
    Drop,
    Fill,
    Generated,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)

__all__ = [
    "Add",
    "Alter",
    "Apart",
    "ChangeRows",
    "Constant",
    "Copy",
    "Data",
    "Drop",
    "Fill",
    "Generated",
    "Operation",
    "Rename",
    "RunPython",
    "RunSQL",
    "apply",
    "describe",
    "invert",
    "invert_all",
    "operations_from_json",
    "operations_to_json",
    "replay",
    "word_of",
]
