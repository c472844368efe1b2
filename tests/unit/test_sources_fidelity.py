"""Declarations that Peewee takes otherwise than they look."""

import sys
from dataclasses import replace

import pytest
from peewee import SQL, DateTimeField, IntegerField, Model, TextField
from peewee import Check as ModelCheck

from peewee_mig.commands.answers import Answers, decide
from peewee_mig.errors import ModelError
from peewee_mig.schema import (
    Column,
    PrimaryKey,
    Schema,
    Table,
    parse_type,
)
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

INT, TEXT = parse_type("INT"), parse_type("TEXT")


def table(*columns, name="t", **more):
    return Table(name, (Column("id", INT), *columns), PrimaryKey(("id",)), **more)


def test_an_id_that_is_no_primary_key_leaves_none():
    class Ranked(Model):
        id = IntegerField(unique=True)

    assert read_models([Ranked]).schema.table("ranked").primary_key is None


def test_sql_is_no_value_for_existing_rows():
    class Stamped(Model):
        at = DateTimeField(default=SQL("CURRENT_TIMESTAMP"))
        name = TextField()

        class Meta:
            constraints = (ModelCheck('name IN ("a", "b")'),)

    found = read_models([Stamped])
    assert found.fills == {}
    (check,) = found.schema.table("stamped").checks
    assert check.expression.text == """"name" IN ('a', 'b')"""


def test_a_table_is_not_dropped_because_its_model_has_an_heir(tmp_path):
    (tmp_path / "heirs.py").write_text(
        "from peewee import *\n"
        "class UserModel(Model):\n    name = TextField()\n"
        "class Admin(UserModel):\n    level = IntegerField()\n"
    )
    models = read_models(find_models(["heirs"], root=tmp_path))
    sys.modules.pop("heirs", None)
    before = Schema.of([table(name="usermodel")])
    with pytest.raises(ModelError, match="UserModel has a table, usermodel, and would lose it"):
        decide(before, models, Answers(no_renames=True))
    assert decide(Schema(), models, Answers(renames=["a:b", "x.a:x.b"]))[0].tables == {}


@pytest.mark.parametrize(
    ("options", "renamed"),
    [
        (["t.b:t.c", "t.a:t.b"], {}),
        (["t.c:d", "t.b:c", "t.a:b"], {}),
        (["t.b:t.c", "t.c:t.b"], {("t", "b"): "c", ("t", "c"): "b"}),
        (["t.b:c", "u.c:b"], {}),
    ],
)
def test_a_chain_of_renames_that_is_done_is_passed_over_and_a_circle_is_not(options, renamed):
    columns = [Column(name, INT) for name in "bcd"]
    schema = Schema.of([table(*columns), table(*columns, name="u")])
    models = replace(read_models([]), schema=schema)
    assert decide(schema, models, Answers(renames=options))[0].columns == renamed
