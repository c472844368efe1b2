"""What stands beside the tables: virtual tables, views, triggers, functions; and finding them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from peewee import CharField, FloatField, ForeignKeyField, IntegerField, Model, fn
from playhouse.sqlite_ext import FTS5Model, FTSModel, RowIDField, SearchField, VirtualModel

from peewee_mig import Extension, Function, RawSQL, Trigger, View
from peewee_mig.declare import Declaration
from peewee_mig.errors import ModelError
from peewee_mig.schema import standalone
from peewee_mig.schema.standalone import RawObject, Standalone, VirtualTable
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models


class Owner(Model):
    name = CharField()


class Thing(Model):
    owner = ForeignKeyField(Owner)
    price = IntegerField()

    class Meta:
        schema = "shop"


def objects(*declared: type[Model] | Declaration) -> tuple[Standalone, ...]:
    return read_models([Owner, Thing, *declared]).schema.objects


def view(declaration: View, *others: Declaration) -> standalone.View:
    found = next(o for o in objects(declaration, *others) if o.name == declaration.name)
    assert isinstance(found, standalone.View)
    return found


def raw(declaration: Declaration) -> RawObject:
    (found,) = objects(declaration)
    assert isinstance(found, RawObject)
    return found


def refused(*declared: type[Model] | Declaration) -> str:
    with pytest.raises(ModelError) as caught:
        objects(*declared)
    assert caught.value.hint
    return caught.value.message


# Virtual tables


def test_virtual_tables_have_the_arguments_that_peewee_writes() -> None:
    class Four(FTSModel):
        title = SearchField()
        body = SearchField(unindexed=True, column_name="the, body")

        class Meta:
            options = {"tokenize": "porter", "content": Owner, "prefix": [2, 3]}  # noqa: RUF012

    class Three(FTSModel):
        title = SearchField()

        class Meta:
            extension_module = "FTS3"

    class Five(FTS5Model):
        title = SearchField()

        class Meta:
            options = {"tokenize": "unicode61 tokenchars '(,'", "content": ""}  # noqa: RUF012

    class Area(VirtualModel):
        rowid = RowIDField()
        low = FloatField()
        high = FloatField()

        class Meta:
            extension_module = "rtree"
            arguments = ["+note TEXT"]  # noqa: RUF012
            schema = "attached"

    found = objects(Four, Three, Five, Area, Five.VocabModel("row"))
    assert found == (
        VirtualTable("attached.area", "rtree", ('"low"', '"high"', "+note TEXT")),
        VirtualTable(
            "five", "fts5", ('"title"', "content=''", '''tokenize="unicode61 tokenchars '(,'"''')
        ),
        VirtualTable("five_v", "fts5vocab", ('"five"', "row")),
        VirtualTable(
            "four",
            "FTS4",
            (
                '"title"',
                '"the, body" UNINDEXED',
                'content="owner"',
                "prefix='2,3'",
                "tokenize=porter",
            ),
        ),
        VirtualTable("three", "FTS3", ('"title"',)),
    )
    assert read_models([Owner, Three]).schema.names == {"owner"}


def test_a_virtual_table_that_peewee_cannot_create_is_refused() -> None:
    class Wrong(FTS5Model):
        title = SearchField()

        class Meta:
            options = {"content": Owner.name}  # noqa: RUF012

    assert "Wrong is a virtual table that Peewee cannot create (ImproperlyConfigured" in refused(
        Wrong
    )


def test_a_key_to_a_virtual_table_is_refused() -> None:
    class Found(FTSModel):
        title = SearchField()

    class Pointing(Model):
        found = ForeignKeyField(Found)

    assert "which is not among the models" in refused(Found, Pointing)


# Views


def test_a_view_of_a_peewee_query() -> None:
    query = (
        Thing.select(Thing.id, fn.UPPER(Owner.name).alias("who"))
        .join(Owner)
        .where((Thing.price > 5) & (Owner.name != "O'Neil %"))
        .order_by(Thing.price.desc(nulls="LAST"))
        .limit(3)
    )
    found = view(View("dear", query))
    assert str(found.select) == (
        'SELECT "t1"."id", UPPER("t2"."name") AS "who" FROM "shop"."thing" AS "t1"'
        ' INNER JOIN "owner" AS "t2" ON ("t1"."owner_id" = "t2"."id")'
        """ WHERE (("t1"."price" > 5) AND ("t2"."name" != 'O''Neil %'))"""
        ' ORDER BY "t1"."price" DESC NULLS LAST LIMIT 3'
    )
    assert found.needs == ("owner", "shop.thing")
    assert not found.materialized


def test_a_view_of_a_union() -> None:
    query = Owner.select(Owner.id) | Thing.select(Thing.id)
    found = view(View("all_ids", query, materialized=True))
    assert str(found.select) == (
        'SELECT "t1"."id" FROM "owner" AS "t1" UNION SELECT "t2"."id" FROM "shop"."thing" AS "t2"'
    )
    assert found.materialized


@pytest.mark.parametrize(
    ("sql", "needs"),
    [
        ("SELECT * FROM owner;", ("owner",)),
        ('SELECT 1 FROM "owner" AS o, shop.thing t', ("owner", "shop.thing")),
        ("SELECT 1 FROM (SELECT 2 FROM Owner) x, lower('thing'), other", ("other", "owner")),
        ("SELECT 1 WHERE 1 IN (SELECT id FROM shop.thing)", ("shop.thing",)),
        ("SELECT owner, f(1, owner) FROM nowhere WHERE a = owner ORDER BY 1, owner", ()),
        ("SELECT extract(year FROM day) FROM nowhere LEFT JOIN LATERAL other ON a", ("other",)),
        ("SELECT 1 FROM mine", ()),
    ],
)
def test_what_a_view_reads(sql: str, needs: tuple[str, ...]) -> None:
    other = View("other", "SELECT 1")
    assert view(View("mine", sql), other).needs == needs


def test_a_view_needs_what_is_said_too() -> None:
    function = Function("f", postgres="CREATE FUNCTION f() …")
    found = view(View("v", "SELECT f()", needs=[function, Thing, "g"]), function)
    assert found.needs == ("f", "g", "shop.thing")


def test_views_that_are_wrong() -> None:
    assert "View('v') selects 5, which is neither a query nor SQL" in refused(View("v", 5))
    assert "View('owner') has the name of a table" in refused(View("owner", "SELECT 1"))
    assert "names 5, which is neither a model" in refused(View("v", "SELECT 1", needs=[5]))
    query = Owner.select().where(Owner.name == object())
    assert refused(View("v", query)).startswith("View('v') ")


# Raw objects


def test_triggers_are_dropped_by_their_name() -> None:
    trigger = raw(
        Trigger(
            "touch it",
            table=Thing,
            sqlite="\n    CREATE TRIGGER …\n      BEGIN\n    END\n",
            postgres="CREATE TRIGGER …",
            mysql="CREATE TRIGGER …",
        )
    )
    assert trigger == RawObject(
        "trigger",
        "touch it",
        (
            ("sqlite", "CREATE TRIGGER …\n  BEGIN\nEND"),
            ("postgres", "CREATE TRIGGER …"),
            ("mysql", "CREATE TRIGGER …"),
        ),
        (
            ("sqlite", 'DROP TRIGGER "touch it"'),
            ("postgres", 'DROP TRIGGER "touch it" ON "shop"."thing"'),
            ("mysql", "DROP TRIGGER `touch it`"),
        ),
        "shop.thing",
    )
    for_all = raw(Trigger("t", table="owner", create="CREATE TRIGGER …"))
    assert dict(for_all.drop)["postgres"] == 'DROP TRIGGER "t" ON "owner"'


def test_functions_and_procedures() -> None:
    function = Function("app.f", postgres="CREATE FUNCTION app.f() …", needs=[Owner])
    assert raw(function).drop == (("postgres", 'DROP FUNCTION "app"."f"'),)
    assert raw(function).needs == ("owner",)
    procedure = Function("f", mysql="CREATE PROCEDURE f() …")
    assert raw(procedure).drop == (("mysql", "DROP PROCEDURE `f`"),)
    told = Function(
        "f", postgres="CREATE FUNCTION f(int) …", drop={"postgres": "DROP FUNCTION f(int)"}
    )
    assert raw(told).drop == (("postgres", "DROP FUNCTION f(int)"),)


def test_other_objects_say_how_they_are_dropped() -> None:
    policy = RawSQL("p", create="CREATE POLICY p …", drop="DROP POLICY p")
    assert raw(policy) == RawObject(
        "object", "p", (("", "CREATE POLICY p …"),), (("", "DROP POLICY p"),)
    )
    assert "RawSQL('p') has no SQL that creates it" in refused(RawSQL("p", drop="x"))
    assert "has no SQL that drops it on postgres" in refused(RawSQL("p", postgres="x"))
    other = RawSQL("p", postgres="x", drop={"oracle": "y"})
    assert "has a drop for oracle; the engines are sqlite, postgres, mysql" in refused(other)
    assert "is of no kind that is known" in refused(Declaration("x"))


def test_extensions() -> None:
    assert raw(Extension("pg_trgm")) == RawObject(
        "extension",
        "pg_trgm",
        (("postgres", 'CREATE EXTENSION IF NOT EXISTS "pg_trgm"'),),
        (("postgres", 'DROP EXTENSION IF EXISTS "pg_trgm"'),),
    )


# Finding them


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "declaring").mkdir()
    (tmp_path / "declaring" / "__init__.py").write_text("")
    (tmp_path / "declaring" / "tables.py").write_text(
        "from peewee import CharField, Model\n\nclass Row(Model):\n    a = CharField()\n"
    )
    (tmp_path / "declaring" / "views.py").write_text(
        "from peewee_mig import Extension, RawSQL, View\n"
        "from declaring.tables import Row\n\n"
        "one = View('one', Row.select())\n"
        "same = one\n"
        "others = [View('two', 'SELECT 1 FROM one'), RawSQL('x', create='c', drop='d'), Row]\n"
        "more = (Extension('hstore'),)\n"
    )
    return tmp_path


def names(specs: list[str], root: Path) -> list[str]:
    return [
        each.name if isinstance(each, Declaration) else each.__name__
        for each in find_models(specs, root=root)
    ]


def test_objects_are_found_as_attributes_of_modules(project: Path) -> None:
    assert names(["declaring"], project) == ["Row", "one", "two", "x", "hstore"]
    schema = read_models(find_models(["declaring"], root=project)).schema
    needs = [each.needs for each in schema.objects if isinstance(each, standalone.View)]
    assert needs == [("row",), ("one",)]


def test_objects_are_found_by_name(project: Path) -> None:
    assert names(["declaring.views:others"], project) == ["Row", "two", "x"]
    assert names(["declaring.tables", "declaring.views:one"], project) == ["Row", "one"]
    assert names(["declaring.views:one"], project) == ["one"]


def test_importing_the_package_is_cheap() -> None:
    program = (
        "import sys, peewee_mig\n"
        "assert 'peewee_mig.declare' not in sys.modules\n"
        "from peewee_mig import View\n"
        "assert 'peewee' not in sys.modules\n"
        "try:\n    peewee_mig.Nothing\nexcept AttributeError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "has no attribute 'Nothing'" in done.stdout
