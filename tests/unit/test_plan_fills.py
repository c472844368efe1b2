"""Values for existing rows, as ``--fill`` gives them."""

import pytest

from peewee_mig import op
from peewee_mig.errors import UsageError
from peewee_mig.operations import Constant, Generated
from peewee_mig.plan.fills import answered_by, parse_fill, with_fills
from peewee_mig.schema import parse_type

READ = {
    ("INT", "-3"): -3,
    ("BIGINT", "7"): 7,
    ("BOOL", "yes"): True,
    ("BOOL", "0"): False,
    ("DOUBLE", "1.5"): 1.5,
    ("DECIMAL(5, 2)", "1.50"): "1.50",
    ("TEXT", "a b"): "a b",
    ("VARCHAR(3)", "abc"): "abc",
    ("JSON", '{"a":1}'): '{"a": 1}',
    ("UUID", "12345678-1234-5678-1234-567812345678"): "12345678123456781234567812345678",
    ("UUIDB", "12345678123456781234567812345678"): bytes.fromhex(
        "12345678123456781234567812345678"
    ),
    ("BLOB", "00ff"): b"\x00\xff",
    ("DATE", "2024-02-29"): "2024-02-29",
    ("DATETIME", "2024-02-29T10:00"): "2024-02-29 10:00:00",
    ("TIME", "10:00"): "10:00:00",
}


@pytest.mark.parametrize(("type_", "text"), READ)
def test_a_value_is_read_by_the_type_of_its_column(type_, text):
    value = parse_fill(text, parse_type(type_))
    assert value == Constant(READ[type_, text])
    assert type(value.value) is type(READ[type_, text])


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("INT", "many"), ("BOOL", "perhaps"), ("DOUBLE", "nan"), ("DECIMAL(5, 2)", "x"),
        ("VARCHAR(3)", "abcd"), ("JSON", "{"), ("UUID", "1"), ("BLOB", "zz"),
        ("DATE", "2023-02-29"), ("DATETIME", "soon"), ("TIME", "25:00"),
    ],
)  # fmt: skip
def test_what_the_column_cannot_hold_is_refused(type_, text):
    with pytest.raises(UsageError, match="is no value for a column of type"):
        parse_fill(text, parse_type(type_))


def test_functions_are_known_by_their_parentheses():
    assert parse_fill("now()", parse_type("DATETIME")) == Generated("now")
    assert parse_fill("now", parse_type("TEXT")) == Constant("now")
    assert parse_fill("rm()", parse_type("TEXT")) == Constant("rm()")


def test_a_fill_goes_to_the_operation_that_it_answers():
    wanted = op.add_column("t", op.column("c", "INT"))
    other = op.rename_table("a", "b")
    filled, used = with_fills([wanted, other], {"t.c": "5", "t.x": "6"})
    assert filled == (op.add_column("t", op.column("c", "INT"), fill=5), other)
    assert used == {"t.c"}


def test_which_operations_take_a_fill():
    nullable, required = op.column("c", "INT", null=True), op.column("c", "INT")
    assert answered_by(op.alter_column("t", old=nullable, new=required)) == "t.c"
    assert answered_by(op.alter_column("t", old=required, new=nullable)) == ""
    assert answered_by(op.add_column("t", op.column("c", "AUTO"))) == ""
