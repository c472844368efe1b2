"""A key that comes to refer to something else: the values of its rows are told."""

from peewee_mig import op
from peewee_mig.diff import Renames, diff
from peewee_mig.plan.hazards import hazards
from peewee_mig.schema import Schema
from peewee_mig.schema.objects import Table


def schema(*, to="country", column="id", table="country", code="code", on_delete=None):
    country = Table(
        table,
        (op.column("id", "INT"), op.column(code, "INT")),
        op.primary_key("id"),
        (op.index("c", code, unique=True),),
    )
    org = Table("org", (op.column("id", "INT"),), op.primary_key("id"))
    key = op.foreign_key("country_id", to, column, on_delete=on_delete)
    columns = (op.column("id", "INT"), op.column("country_id", "INT"))
    city = Table("city", columns, op.primary_key("id"), foreign_keys=(key,))
    return Schema.of([country, org, city])


def told(before, after, renames=Renames()):  # noqa: B008 (a value, frozen)
    operations = diff(before, after, renames)
    return [each.message for each in hazards(operations, before) if each.id == "retarget"]


def test_another_column_or_table_is_told():
    words = "rows keep city.country_id: a value that referred to country (id) refers to {},"
    for target, named in (({"column": "code"}, "country (code)"), ({"to": "org"}, "org (id)")):
        assert told(schema(), schema(**target)) == [words.format(named) + " be it another row"]


def test_another_name_of_the_same_or_another_action_is_not():
    renamed = Renames(tables={"country": "land"})
    assert told(schema(), schema(to="land", table="land"), renamed) == []
    before, after = schema(column="code"), schema(column="iso", code="iso")
    assert told(before, after, Renames(columns={("country", "code"): "iso"})) == []
    assert told(schema(), schema(on_delete="CASCADE")) == []
