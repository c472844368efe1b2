"""``Meta.peewee_mig["rows"]``: what is read, in which form, and what is refused by its name."""

import datetime as dt
import enum
import math
import uuid
from decimal import Decimal

import peewee
import pytest
from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DateTimeField,
    DecimalField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

from peewee_mig import op
from peewee_mig.errors import ModelError
from peewee_mig.sources.read import read_models


class Level(enum.IntEnum):
    LOW = 1


def model(name, fields, base=Model, **meta):
    options = {key: meta.pop(key) for key in ("primary_key", "indexes") if key in meta}
    mark = {"peewee_mig": meta} if meta else {}
    return type(name, (base,), {**fields, "Meta": type("Meta", (), {**options, **mark})})


def rows_of(*models):
    return {table.name: table.rows for table in read_models(models).schema if table.rows}


def refused(*models):
    with pytest.raises(ModelError) as caught:
        read_models(models)
    assert caught.value.hint
    return caught.value.message


def test_values_are_those_that_peewee_stores():
    made = model(
        "Role",
        {
            "name": CharField(unique=True),
            "price": DecimalField(null=True),
            "at": DateTimeField(null=True),
            "uid": UUIDField(null=True),
            "data": BlobField(null=True),
            "level": IntegerField(null=True),
            "note": TextField(null=True, column_name="remark"),
        },
        rows=[
            {
                "name": "a",
                "price": Decimal("1.50"),
                "at": dt.datetime(2020, 1, 2, 3, 4, 5),  # noqa: DTZ001 (what Peewee stores)
                "uid": uuid.UUID(int=5),
                "data": b"\xff",
                "level": Level.LOW,
                "remark": None,
            }
        ],
    )
    (row,) = rows_of(made)["role"].rows
    assert dict(row.values) == {
        "name": "a",
        "price": "1.50",
        "at": "2020-01-02 03:04:05",
        "uid": "0" * 31 + "5",
        "data": b"\xff",
        "level": 1,
        "remark": None,
    }


def test_a_row_has_what_it_gives_and_what_a_column_needs():
    made = model(
        "Role",
        {
            "name": CharField(unique=True),
            "rank": IntegerField(default=3),
            "active": BooleanField(constraints=[peewee.SQL("DEFAULT TRUE")]),
            "made": DateTimeField(default=dt.datetime.now),
            "hint": CharField(null=True, default="x"),
        },
        rows=[{"name": "a"}, {"name": "b", "rank": 4}],
    )
    assert rows_of(made)["role"] == op.rows(
        "name",
        [{"name": "a", "rank": 3, "made": op.now()}, {"name": "b", "rank": 4, "made": op.now()}],
    )


def test_the_key_is_the_primary_key_or_the_only_unique_one_or_said():
    plain = {"code": CharField(primary_key=True), "name": CharField(unique=True)}
    both = {"code": "a", "name": "b"}
    assert rows_of(model("A", plain, rows=[both]))["a"].key == ("code",)
    assert rows_of(model("B", plain, rows=[both], key="name"))["b"].key == ("name",)
    pair = {"x": IntegerField(), "y": IntegerField(column_name="z")}
    over = {"indexes": ((("x", "y"), True),)}
    assert rows_of(model("C", pair, rows=[{"x": 1, "y": 2}], **over))["c"].key == ("x", "z")
    said = model("D", pair, rows=[{"x": 1, "z": 2}], key=["y", "x"], **over)
    assert rows_of(said)["d"].key == ("z", "x")


def test_a_foreign_key_refers_to_a_row_by_its_key_however_it_is_given():
    role = model("Role", {"name": CharField(unique=True)}, rows=[{"name": n} for n in "abcd"])
    may = model(
        "May",
        {"role": ForeignKeyField(role), "what": CharField()},
        primary_key=CompositeKey("role", "what"),
        rows=[
            {"role": "a", "what": "x"},
            {"role": {"name": "b"}, "what": "x"},
            {"role_id": ("c",), "what": "x"},
            {"role": role(name="d"), "what": "x"},
        ],
    )
    log = model(
        "Log",
        {"may": CharField(unique=True), "role": ForeignKeyField(role, null=True)},
        rows=[{"may": "1", "role": None}],
    )
    found = rows_of(role, may, log)
    assert found["may"] == op.rows(
        ["role_id", "what"],
        [{"role_id": op.ref("role", "id", {"name": name}), "what": "x"} for name in "abcd"],
    )
    assert found["log"] == op.rows("may", [{"may": "1", "role_id": None}])


def test_rows_refer_to_rows_of_their_own_table_and_through_keys_of_keys():
    tree = model("Tree", {**unique(), "parent": ForeignKeyField("self", null=True)},
                 rows=[{"name": "leaf", "parent": "root"}, {"name": "root"}])  # fmt: skip
    found = rows_of(tree)["tree"]
    assert [row.part(["name"]).said(["name"]) for row in found.rows] == ["root", "leaf"]
    kind = model("Kind", {"name": CharField(unique=True)}, rows=[{"name": "k"}])
    sort = model("Sort", {"kind": ForeignKeyField(kind), "no": IntegerField()},
                 indexes=((("kind", "no"), True),), rows=[{"kind": "k", "no": 1}])  # fmt: skip
    given = {"kind": "k", "no": 1}
    rows = [{"name": "t", "sort": given}, {"name": "u", "sort": ("k", 1)}]
    thing = model("Thing", {**unique(), "sort": ForeignKeyField(sort)}, rows=rows)
    inner = op.ref("sort", "id", {"kind_id": op.ref("kind", "id", {"name": "k"}), "no": 1})
    assert rows_of(kind, sort, thing)["thing"] == op.rows(
        "name", [{"name": "t", "sort_id": inner}, {"name": "u", "sort_id": inner}]
    )


def test_a_key_to_a_model_without_rows_has_the_value_of_its_column():
    role = model("Role", {"name": CharField(unique=True)})
    may = {"role": ForeignKeyField(role), "what": CharField(unique=True)}
    assert rows_of(role, model("May", may, rows=[{"role": 7, "what": "x"}]))["may"] == op.rows(
        "what", [{"role_id": 7, "what": "x"}]
    )
    assert "declares no rows" in refused(
        role, model("Might", may, rows=[{"role": {"name": "a"}, "what": "x"}])
    )


def test_rows_are_not_inherited():
    base = model("Base", {"name": CharField(unique=True)}, rows=[{"name": "a"}])
    heir = model("Heir", {"more": CharField(null=True)}, base=base)
    own = model("Own", {}, base=base, rows=[{"name": "b"}])
    assert rows_of(base, heir, own) == {
        "base": op.rows("name", [{"name": "a"}]),
        "own": op.rows("name", [{"name": "b"}]),
    }


def unique():
    return {"name": CharField(max_length=9, unique=True)}


NAME = unique()
MANY = {**unique(), "code": CharField(unique=True, null=True)}
PLAIN = {"name": CharField()}


@pytest.mark.parametrize(
    ("fields", "meta", "message"),
    [
        (NAME, {"rows": {"name": "a"}}, "rows that are no list of dictionaries"),
        (NAME, {"rows": ["a"]}, "rows that are no list of dictionaries"),
        (NAME, {"rows": [{1: "a"}]}, "rows that are no list of dictionaries"),
        (NAME, {"rows": [{"name": "a"}], "key": 1}, "neither a field nor a list of fields"),
        (NAME, {"rows": [{"name": "a"}], "kay": 1}, "may have only the keys"),
        (NAME, {"rows": [{"nam": "a"}]}, "has no field nam, did you mean name"),
        (NAME, {"rows": [{"zzz": "a"}]}, "has no field zzz: its fields are id, name"),
        (NAME, {"rows": [{"name": "a"}, {"name": "a"}]}, "wrong rows: two rows have the name a"),
        (NAME, {"rows": [{"name": None}]}, "whose name is None, and it takes no NULL"),
        (
            {"name": CharField(unique=True, null=True)},
            {"rows": [{"name": None}], "key": "name"},
            "has wrong rows: the row (NULL) has no name, which is its key",
        ),
        (NAME, {"rows": [{"name": "a", "id": 1}]}, "gives id, which the database fills by itself"),
        (NAME, {"rows": [{"name": str}]}, "whose name is computed"),
        (NAME, {"rows": [{"name": peewee.fn.now()}]}, "whose name is computed"),
        (
            {**NAME, "n": IntegerField(null=True)},
            {"rows": [{"name": "a", "n": "x"}]},
            "whose n cannot be 'x', as INT",
        ),
        (
            {**NAME, "n": peewee.DoubleField(null=True)},
            {"rows": [{"name": "a", "n": math.inf}]},
            "whose n cannot be inf",
        ),
        (MANY, {"rows": [{"name": "a", "code": "b"}]}, r"(code) and (name) are unique; say"),
        (PLAIN, {"rows": [{"name": "a"}]}, "nothing that all of them give is unique"),
        (PLAIN, {"rows": [{"name": "a"}], "key": "name"}, "key name, which is not unique"),
        ({**NAME, "n": IntegerField()}, {"rows": [{"name": "a"}]}, "n, which takes no NULL"),
        (NAME, {"rows": [{"name": "a" * 10}]}, "name cannot be 'aaaaaaaaaa', as VARCHAR(9)"),
        (
            {**NAME, "n": peewee.BinaryUUIDField(null=True)},
            {"rows": [{"name": "a", "n": "x"}]},
            "whose n cannot be 'x': ValueError",
        ),
        (
            {**NAME, "n": IntegerField(null=True, column_name="m")},
            {"rows": [{"name": "a", "n": 1, "m": 2}]},
            "names m twice",
        ),
        (
            {**NAME, "up": ForeignKeyField("self", null=True)},
            {"rows": [{"name": "a", "up": "b"}]},
            "refers to (b) of model: no such row is declared there",
        ),
        (
            {**NAME, "up": ForeignKeyField("self", null=True)},
            {"rows": [{"name": "a", "up": {"id": 1}}]},
            "its rows are known by name",
        ),
        (
            {**NAME, "up": ForeignKeyField("self", null=True)},
            {"rows": [{"name": "a", "up": "b"}, {"name": "b", "up": "a"}]},
            "refer to each other in a circle",
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_name(fields, meta, message):
    found = refused(model("Model", fields, **meta))
    assert message in found
    assert "Model" in found


def test_a_virtual_table_has_no_rows():
    from playhouse.sqlite_ext import FTS5Model, SearchField

    meta = type("Meta", (), {"peewee_mig": {"rows": [{"text": "a"}]}})
    search = type("Search", (FTS5Model,), {"text": SearchField(), "Meta": meta})
    assert "virtual table" in refused(search)


def test_all_problems_are_told_at_once():
    text = refused(
        model("One", unique(), rows=[{"nam": "a"}]),
        model("Two", {"id": AutoField(), **unique()}, rows=[{"id": 1}]),
    )
    assert "2 problems" in text
