"""Types that each engine has its own of: their spelling, and what one engine sees of them."""

from pathlib import Path
from typing import ClassVar

import pytest
from peewee import CharField, Field, ForeignKeyField, Model

from peewee_mig import op
from peewee_mig.cli.main import call
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import ModelError, SchemaError
from peewee_mig.operations import operations_from_json, operations_to_json, replay
from peewee_mig.operations.verbs import Add, Alter, Apart, Drop, RunSQL
from peewee_mig.plan.engine_types import NOTHING, typed_operations, typed_schema
from peewee_mig.plan.planner import plan
from peewee_mig.schema.objects import Column, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType, native_type, parse_type, type_by_engine
from peewee_mig.sources.read import read_models

INET, TEXT = native_type("inet"), ColumnType("VARCHAR", (45,))
ADDRESS = type_by_engine({"postgres": INET, "": TEXT})
SPELLED = "postgres: inet; VARCHAR(45)"


def test_its_spelling():
    assert str(ADDRESS) == SPELLED
    assert parse_type(SPELLED) == ADDRESS
    assert ADDRESS.by_engine
    assert ADDRESS.native
    assert not TEXT.by_engine
    every = type_by_engine(
        {"sqlite": TEXT, "postgres": INET, "mysql": native_type("inet6"), "": TEXT}
    )
    assert str(every) == "mysql: inet6; postgres: inet; VARCHAR(45)"
    assert parse_type(str(every)) == every


@pytest.mark.parametrize(
    ("engine", "type_"), [("postgres", INET), ("sqlite", TEXT), ("mysql", TEXT)]
)
def test_what_it_is_on_an_engine(engine, type_):
    assert ADDRESS.on(engine) == type_
    assert type_.on(engine) == type_


def test_one_type_for_all_is_that_type():
    assert type_by_engine({"": TEXT}) == TEXT
    assert type_by_engine({"postgres": TEXT, "": TEXT}) == TEXT


@pytest.mark.parametrize(
    "types",
    [
        {"oracle": TEXT, "": TEXT},
        {"postgres": INET},
        {"postgres": ColumnType("AUTO"), "": TEXT},
        {"postgres": ADDRESS, "": TEXT},
        {"mysql": native_type("enum('a; b')"), "": TEXT},
    ],
)
def test_what_is_refused(types):
    with pytest.raises(SchemaError, match=r"^a type "):
        type_by_engine(types)


@pytest.mark.parametrize(
    "text",
    [
        "postgres: inet",
        "postgres: inet; mysql: inet6",
        "postgres: inet; mysql: inet6; VARCHAR(45)",
        "postgres: inet; oracle: x; TEXT",
        "postgres: VARCHAR(45); VARCHAR(45)",
        "postgres: inet;VARCHAR(45)",
        "postgres: inet; WHATEVER",
    ],
)
def test_what_is_no_spelling(text):
    with pytest.raises(SchemaError, match="unknown column type"):
        parse_type(text)


def test_a_type_that_a_hand_cut_off():
    """Nothing is guessed for an engine that it says nothing about."""
    with pytest.raises(SchemaError, match="for no other engine"):
        ColumnType("postgres: inet").on("mysql")


# Schemas and operations as one engine has them.


def table(type_, name="host"):
    columns = (Column("id", ColumnType("AUTO")), Column("address", type_))
    return Table(name, columns, PrimaryKey(("id",)), (Index("i", ("address",)),))


def test_a_schema():
    schema = Schema.of([table(ADDRESS), table(TEXT, "other")])
    assert typed_schema(schema, "postgres") == Schema.of([table(INET), table(TEXT, "other")])
    plain = Schema.of([table(TEXT)])
    assert typed_schema(plain, "postgres") is plain


def test_operations():
    old, new = Column("a", ADDRESS), Column("a", ADDRESS, null=True)
    sql = RunSQL(("SELECT 1",), ())
    kept = Alter("host", Index("i", ("a",)), Index("i", ("a",)))
    operations = [
        Add("host", table(ADDRESS)),
        Drop("host", Column("address", ADDRESS)),
        Alter("host", old, new),
        Alter("host", old, Column("a", type_by_engine({"postgres": INET, "": ColumnType("TEXT")}))),
        Apart((Add("x", Column("a", ADDRESS)),), (Add("y", Column("a", ADDRESS)),)),
        Add("host", Index("i", ("a",))),
        Alter("host", Column("b", TEXT), Column("b", INET)),
        kept,
        sql,
    ]
    assert typed_operations(operations, "postgres") == (
        Add("host", table(INET)),
        Drop("host", Column("address", INET)),
        Alter("host", Column("a", INET), Column("a", INET, null=True)),
        NOTHING,
        Apart((Add("x", Column("a", INET)),), (Add("y", Column("a", INET)),)),
        *operations[5:],
    )
    assert typed_operations(operations, "mysql")[3] == Alter(
        "host", Column("a", TEXT), Column("a", ColumnType("TEXT"))
    )


@pytest.mark.parametrize(
    ("engine", "word"), [("postgres", "inet"), ("sqlite", "VARCHAR(45)"), ("mysql", "VARCHAR(45)")]
)
def test_a_plan_has_the_words_of_its_engine(engine, word):
    operation = Add("host", Column("address", ADDRESS, null=True))
    before = Schema.of([Table("host", (Column("id", ColumnType("AUTO")),), PrimaryKey(("id",)))])
    planned = plan([operation], before, get_dialect(engine))
    assert word in repr(planned.steps)
    assert "postgres:" not in repr(planned.steps)
    assert planned.after == replay(
        [Add("host", Column("address", ADDRESS.on(engine), null=True))], before
    )


def test_files_and_json():
    column = op.column("address", SPELLED)
    assert column.type == ADDRESS
    operations = (Add("host", table(ADDRESS)),)
    assert operations_from_json(operations_to_json(operations)) == operations


# Fields.


class AddressField(Field):
    field_type = "VARCHAR"
    peewee_mig_type: ClassVar = {"postgres": " INET ", "": "VARCHAR(45)"}


def columns_of(*models):
    schema = read_models(models).schema
    return {(one.name, each.name): each for one in schema for each in one.columns}


def test_a_field_says_its_type():
    class Host(Model):
        address = AddressField(unique=True, null=True)
        name = CharField(max_length=5)

    class Visit(Model):
        host = ForeignKeyField(Host, field="address")

    found = columns_of(Host, Visit)
    assert found["host", "address"] == Column("address", ADDRESS, null=True)
    assert found["host", "name"].type == ColumnType("VARCHAR", (5,))
    assert found["visit", "host_id"].type == ADDRESS


def test_an_instance_says_its_type():
    class Host(Model):
        address = CharField()

    Host.address.peewee_mig_type = "Double Precision"
    assert columns_of(Host)["host", "address"].type == native_type("double precision")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "has peewee_mig_type = 5; write"),
        ({"": ""}, "has peewee_mig_type = {'': ''}; write"),
        ({"oracle": "x", "": "y"}, "a type is said for 'oracle'; one of mysql, postgres, sqlite"),
        ({"postgres": "x"}, "a type is said for some engines only; say the others under ''"),
        ("DECIMAL", "has 0 modifiers"),
        ({"postgres": "AUTO", "": "x"}, "a plain one on each of them"),
    ],
)
def test_a_field_says_it_wrongly(value, said):
    class Host(Model):
        address = CharField()

    Host.address.peewee_mig_type = value
    with pytest.raises(ModelError) as caught:
        read_models([Host])
    assert said in caught.value.message
    assert "Host.address" in caught.value.message


MODELS = """
from peewee import Field, ForeignKeyField, Model


class AddressField(Field):
    field_type = "VARCHAR"
    peewee_mig_type = {"postgres": "inet", "": "VARCHAR(45)"}


class Host(Model):
    address = AddressField(unique=True)


class Visit(Model):
    host = ForeignKeyField(Host, field="address")
"""


def test_create_tables_is_compared_by_the_type_that_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    Path("verified_typed_models.py").write_text(MODELS)
    Path("setup.cfg").write_text(
        "[peewee_mig]\nmodels = verified_typed_models\ndatabase = sqlite:///app.db\n"
    )
    assert call(["generate", "--no-input"]) == 0
    assert call(["check", "--verify", "--no-input"]) == 0, capsys.readouterr()
