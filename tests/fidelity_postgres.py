"""Pairs of schemas of what only PostgreSQL has; see ``fidelity_pairs``."""

from __future__ import annotations

from dataclasses import replace

from fidelity_pairs import (
    NAME,
    ROWS,
    A,
    B,
    Pair,
    _changes,
    _column_changes,
    _values,
    check,
    column,
    pair,
    part_index,
    table,
)

from peewee_mig.diff import Renames
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.objects import (
    Check,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import EnumType, RawObject, Sequence, View

POSTGRES = frozenset({"postgres"})
MOMENT = "2020-01-02 03:04:05"


def _with_options(*words, comment=None):
    return table(A, NAME, column("x", "TEXT", null=True), options=Options(words, comment))


def excluding(sql, name=None):
    return Exclusion(expression(sql, ("a", "b", "name")), name)


def with_exclusions(*exclusions):
    return replace(table(A, B, NAME), exclusions=exclusions)


def family(*, key=None, columns=("k",), unique=None, kind="VARCHAR(20)"):
    """Return a parent with a unique ``k``, and a child that refers to it."""
    unique = unique or Unique(("k",))
    key = key or ForeignKey(("k",), "p", columns)
    return Schema.of([table(column("k", kind), unique, name="p"), table(column("k", kind), key)])


FAMILY_ROWS = {"p": [{"id": 1, "k": "x"}], "t": [{"id": 1, "k": "x"}]}


def in_billing(schema, *names):
    """Return a schema with some tables in the schema billing."""
    places = {name: f"billing.{name}" for name in names}
    return Schema.of(
        replace(
            each,
            name=places.get(each.name, each.name),
            foreign_keys=tuple(
                replace(key, referred_table=places.get(key.referred_table, key.referred_table))
                for key in each.foreign_keys
            ),
        )
        for each in schema
    )


def of_enum(values, *parts, default=None, words="mood", null=False):
    """Return a table with a column of an enum type."""
    enum = column("a", words, default=default, null=null)
    return Schema.of([table(enum, *parts)], [EnumType("mood", values)])


def numbered(kind, *, null=False, sequence=None):
    """Return a table whose key is numbered in some way."""
    key = column("id", kind, null=null, sequence=sequence)
    of = [Sequence(sequence)] if sequence else []
    return Schema.of([Table("t", (key, NAME), PrimaryKey(("id",)))], of)


def _numberings():
    kinds = ["INT", "AUTO", "BIGAUTO", "IDENTITY", "IDENTITY_ALWAYS", "INT",
             "BIGIDENTITY", "BIGIDENTITY_ALWAYS", "IDENTITY",
             "smallint generated always as identity", "AUTO"]  # fmt: skip
    forms = [numbered(kind) for kind in kinds]
    forms += [numbered("INT", sequence="own"), numbered("BIGINT", sequence="own"), numbered("AUTO")]
    rows = {"t": [{"id": 5, "name": "x"}, {"id": 7, "name": "y"}]}
    for place in range(len(forms) - 1):
        yield Pair(f"numbering {place + 1}", forms[place], forms[place + 1], rows)


_TRIGGER_CODE = "AS $$ BEGIN NEW.a = NEW.a + 1; RETURN NEW; END $$"
_FUNCTION = RawObject(
    "function", "touch",
    (("postgres", f"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql {_TRIGGER_CODE}"),),
    (("postgres", "DROP FUNCTION touch"),),
)  # fmt: skip
_TRIGGER = RawObject(
    "trigger", "t_touch",
    (("postgres", "CREATE TRIGGER t_touch BEFORE UPDATE ON t EXECUTE FUNCTION touch()"),),
    (("postgres", "DROP TRIGGER t_touch ON t"),),
    table="t",
    needs=("touch",),
)  # fmt: skip
_HSTORE = RawObject(
    "extension", "hstore",
    (("postgres", 'CREATE EXTENSION IF NOT EXISTS "hstore"'),),
    (("postgres", 'DROP EXTENSION IF EXISTS "hstore"'),),
)  # fmt: skip
_VIEW = View("v", Expression('SELECT "id", "a" FROM "t"'), needs=("t",))


def _parted(key, *parts, columns=("id", "a"), **attributes):
    made = table(A, NAME, *parts, options=Options((f"PARTITION BY {key}",), **attributes))
    return replace(made, primary_key=PrimaryKey(columns) if columns else None)


ONLY = [
    # Partitioned tables.
    *(pair(f"partitioned table {number}", Schema.of([table(A, name="other")]),
           Schema.of([table(A, name="other"), each]))
      for number, each in enumerate([
          _parted('RANGE("a")'), _parted('LIST("name" COLLATE "C")', columns=()),
          _parted('HASH(lower("name"), ("a" + 1) int4_ops)', columns=()),
      ], 1)),
    pair("partitioned table changes", _parted('RANGE("a")'),
         replace(_parted('RANGE("z")', B, Index("t_z", ("z",)), comment="x", columns=("id", "z")),
                 columns=(column("id", "AUTO"), column("z"), NAME, B)), {},
         renames=Renames(columns={("t", "a"): "z"})),
    # Defaults and types.
    *_column_changes("truth", column("a", "BOOL"), column("a", "BOOL", default="TRUE"),
                     column("a", "BOOL", default="FALSE"), rows=_values("t", "f")),
    *_column_changes("default with a cast", column("a", "JSON", null=True),
                     column("a", "JSON", default="'{}'::jsonb"), rows=_values(None, "[1]")),
    *_column_changes("default of many tokens", A, column("a", default="1 + 2"),
                     column("a", default="CAST('4' AS INTEGER)"),
                     column("a", default="CASE WHEN TRUE THEN 1 ELSE 2 END"), rows=_values(1)),
    *_changes("same default of two types", (),
              (column("d", "TEXT", default="''"), column("e", "VARCHAR(9)", default="''"),
               column("f", "INT", default="'0'"), column("g", "TEXT", default="'0'"),
               column("h", "BIGINT", default="-1"), column("i", "DOUBLE", default="-1.5"),
               column("j", "CHAR(3)", default="'a'"), column("k", "BLOB", default="'\\x00'"),
               column("l", "DATE", default="'2020-01-02'"),
               column("m", "UUID", default="gen_random_uuid()"),
               column("n", "INTERVAL", default="'1 day'")), (), rows={"t": []}),
    *_column_changes("array", column("a", "INT[]"), column("a", "INT[]", default="'{}'"),
                     column("a", "BIGINT[][]"), column("a", "TEXT[]"), rows=_values("{1,2}", "{}")),
    *_column_changes("json", column("a", "json", null=True), column("a", "JSON", null=True),
                     rows={"t": []}),
    *_column_changes("jsonb", column("a", "JSON"), column("a", "JSONB"), rows=_values("[1]")),
    *_column_changes("time zone", column("a", "DATETIME"), column("a", "TIMESTAMPTZ"),
                     rows=_values(MOMENT)),
    *_column_changes("time zone of a day", column("a", "DATE"), column("a", "TIMESTAMPTZ"),
                     rows=_values("2020-01-02")),
    *_column_changes("time zone in a text", column("a", "TIMESTAMPTZ"), column("a", "TEXT"),
                     rows=_values(f"{MOMENT}+00")),
    *_column_changes("native time", column("a", "DATETIME"), column("a", "timestamp(3)"),
                     column("a", "timestamp(3) with time zone"), rows={"t": []}),
    *_column_changes("interval", column("a", "INTERVAL"), column("a", "TEXT"),
                     rows=_values("1 day")),
    *_column_changes("native type", column("a", "int4"), column("a", "inet"),
                     column("a", "numeric"), column("a", "varchar(20)[]"), rows={"t": []}),
    *_column_changes("collation", column("a", "TEXT"), column("a", "TEXT", collation="C"),
                     column("a", "VARCHAR(30)", collation="POSIX"), column("a", "VARCHAR(30)"),
                     rows=_values("x")),
    *_column_changes("comment", A, column("a", comment="it's \\ 100%"), column("a", comment="b"),
                     column("a", "BIGINT"), rows=_values(1)),
    *_changes("column with a comment", (), column("d", comment="x", null=True), ()),
    *_changes("search", (), (column("s", "TSVECTOR", null=True), Index("t_s", ("s",), using="gin")),
              ()),
    *_numberings(),
    pair("sequence", Schema.of([table(A)]), Schema.of([table(A)], [Sequence("s")])),
    # Generated columns.
    *_changes("generated and used",
              (column("g", computed='"a" * 2', null=True), Unique(("g",)), check("g > 0", "ck",
               columns=("g",)), Index("t_g", ("g", "a")), part_index("t_e", '("g" + "a")')),
              (column("g", "BIGINT", computed='"a" * 3', null=True), Unique(("g",)),
               check("g > 0", "ck", columns=("g",)), Index("t_g", ("g", "a")),
               part_index("t_e", '("g" + "a")')),
              (column("g", "BIGINT", null=True), Unique(("g",)), check("g > 0", "ck",
               columns=("g",)), Index("t_g", ("g", "a")), part_index("t_e", '("g" + "a")')),
              ),
    *_changes("generated from what changes",
              (column("a"), column("g", "BIGINT", computed='"a" * 2', null=True),
               Index("t_g", ("g",)), Check(Expression('"g" > 0'))),
              (column("a", "BIGINT"), column("g", "BIGINT", computed='"a" * 2', null=True),
               Index("t_g", ("g",)), Check(Expression('"g" > 0'))), rest=(), rows=_values(1)),
    *_changes("virtual", (), column("g", computed='"a" * 2', stored=False, null=True),
              column("g", computed='"a" + 3', stored=False, null=True),
              column("g", computed='"a" + 3', null=True), column("g", null=True),
              column("g", computed='"a" * 2', stored=False, null=True), column("g", null=True)),
    # Constraints.
    *_column_changes("check of a text that changes",
                     (column("a", "VARCHAR(9)"), check("a IN ('x', 'y') AND a <> ''")),
                     (column("a", "VARCHAR(20)"), check("a IN ('x', 'y') AND a <> ''")),
                     (column("a", "TEXT"), check("a IN ('x', 'y') AND a <> ''")),
                     rows=_values("x")),
    *_column_changes("checks, one of them named",
                     (A, check("a > 0"), check("a > 0", "ck")), (A, check("a > 0", "ck")),
                     (A, check("a < 9"), check("a > 0", "ck")), rows=_values(1)),
    *_changes("deferrable", Unique(("a",)), Unique(("a",), deferrable="DEFERRABLE"),
              Unique(("a",), deferrable="INITIALLY DEFERRED"), ()),
    *_changes("nulls", (), Unique(("b",), nulls_distinct=False), Unique(("b",)),
              Index("t_b", ("b",), unique=True, nulls_distinct=False)),
    *(pair(f"exclusion {number}", with_exclusions(*one), with_exclusions(*other))
      for number, (one, other) in enumerate([
          ((), (excluding("USING btree (a WITH =)"),)),
          ((excluding("USING btree (a WITH =)"),),
           (excluding("USING btree (a WITH =) WHERE (b > 5)", "ex"),)),
          ((excluding("USING btree (a WITH =) WHERE (b > 5)", "ex"),),
           (excluding("USING btree (a WITH =, lower(name) WITH =)"
                      " DEFERRABLE INITIALLY DEFERRED"),)),
      ], 1)),
    *(pair(f"key {number}", family(key=one), family(key=other), FAMILY_ROWS)
      for number, (one, other) in enumerate([
          (ForeignKey(("k",), "p", ("k",)),
           ForeignKey(("k",), "p", ("k",), deferrable="INITIALLY DEFERRED")),
          (ForeignKey(("k",), "p", ("k",), deferrable="INITIALLY DEFERRED"),
           ForeignKey(("k",), "p", ("k",), deferrable="DEFERRABLE", on_delete="CASCADE",
                      name="fk")),
      ], 1)),
    pair("key under a deferred key", family(key=ForeignKey(
        ("k",), "p", ("k",), deferrable="INITIALLY DEFERRED")),
        family(key=ForeignKey(("k",), "p", ("k",), deferrable="INITIALLY DEFERRED"),
               kind="TEXT"), FAMILY_ROWS),
    # Indexes.
    *_changes("index with all there is", (),
              Index("t_x", (), unique=True, parts=(
                  Expression('lower("name") COLLATE "C" text_pattern_ops DESC NULLS LAST'),
                  Expression('("a" + 1)'), Expression('"b" DESC NULLS FIRST')),
                  where=Expression('"b" IS NOT NULL AND "a" IN (1, 2)'), include=("name",),
                  nulls_distinct=False, options=("fillfactor=70",)), ()),
    *_changes("method", Index("t_x", ("a",)), Index("t_x", ("a",), using="hash"),
              Index("t_x", ("a",), using="brin", options=("pages_per_range=64",)), ()),
    *_changes("class", Index("t_x", ("name",)), part_index("t_x", '"name" varchar_pattern_ops'),
              part_index("t_x", '"name" COLLATE "C"'), ()),
    *_changes("gin", (column("j", "JSON", null=True), column("r", "INT[]", null=True)),
              (column("j", "JSON", null=True), column("r", "INT[]", null=True),
               Index("t_j", ("j", "r"), using="gin"),
               part_index("t_p", '"j" jsonb_path_ops', using="gin")), ()),
    *_column_changes("partial index of a text that changes",
                     (column("a", "VARCHAR(9)"), Index("t_a", ("a",),
                      where=Expression("\"a\" IN ('x', 'y')"))),
                     (column("a", "TEXT"), Index("t_a", ("a",),
                      where=Expression("\"a\" IN ('x', 'y')"))), rows=_values("x")),
    # Tables.
    pair("table comment", _with_options(), _with_options(comment="it's")),
    pair("table comment changed", _with_options(comment="a"), _with_options(comment="b")),
    pair("storage", _with_options(), _with_options("fillfactor=70")),
    pair("storage changed", _with_options("fillfactor=70", "autovacuum_enabled=false"),
         _with_options("fillfactor=80", "toast.autovacuum_enabled=false")),
    pair("unlogged", _with_options(), _with_options("UNLOGGED", comment="x")),
    # Schemas.
    pair("made in a schema", Schema(), in_billing(family(), "p", "t"), {}),
    pair("a key between schemas", in_billing(family(), "p"),
         in_billing(family(key=ForeignKey(("k",), "p", ("k",), on_delete="CASCADE")), "p"),
         {"billing.p": FAMILY_ROWS["p"], "t": FAMILY_ROWS["t"]}),
    pair("moved to a schema", family(), in_billing(family(), "p"), FAMILY_ROWS,
         renames=Renames(tables={"p": "billing.p"})),
    pair("parts in a schema", in_billing(Schema.of([table(A, B, NAME)]), "t"), in_billing(
        Schema.of([table(column("a", "BIGINT", comment="x"), B, NAME, Index("t_a", ("a",)),
                         check("a > 0"), Unique(("a", "b")))]), "t"),
        {"billing.t": ROWS["t"]}),
    pair("numbered in a schema", in_billing(numbered("INT"), "t"), in_billing(
        numbered("BIGAUTO"), "t"), {"billing.t": [{"id": 4, "name": "x"}]}),
    # Enum types.
    pair("enum", Schema.of([table(A)]), Schema.of(
        [table(A, column("m", "mood", null=True))], [EnumType("mood", ("sad", "it's \\"))])),
    *(pair(f"enum values {number}", one, other, _values("ok"))
      for number, (one, other) in enumerate([
          (of_enum(("ok",)), of_enum(("sad", "ok", "fine"))),
          (of_enum(("sad", "ok")), of_enum(("ok", "sad"))),
          (of_enum(("sad", "ok"), default="'sad'"), of_enum(("ok", "new"), default="'new'")),
          (of_enum(("sad", "ok"), check("a <> 'sad'"), Index("t_a", ("a",),
                   where=Expression("\"a\" = 'ok'")), default="'ok'"),
           of_enum(("ok", "sad", "x"), check("a <> 'sad'"), Index("t_a", ("a",),
                   where=Expression("\"a\" = 'ok'")), default="'x'")),
      ], 1)),
    *(pair(f"enum value renamed {number}", one, other, _values("sad", "ok"),
           renames=Renames(values={("mood", "sad"): "it's blue"}))
      for number, (one, other) in enumerate([
          (of_enum(("sad", "ok")), of_enum(("it's blue", "ok"))),
          (of_enum(("sad", "ok"), default="'sad'"),
           of_enum(("it's blue", "ok"), default="'it''s blue'")),
          (of_enum(("sad", "ok"), check("a = 'ok' OR a = 'sad'"),
                   default="'ok'"),
           of_enum(("new", "ok", "it's blue"), check("a = 'ok' OR a = 'it''s blue'"),
                   default="'new'")),
      ], 1)),
    pair("array of an enum", of_enum(("sad", "ok"), words="mood[]"),
         of_enum(("ok", "fine"), words="mood[]"), _values("{ok,ok}")),
    # Beside the tables.
    pair("materialized view", Schema.of([table(A)]), Schema.of(
        [table(A)], [replace(_VIEW, materialized=True)])),
    pair("type under a view", Schema.of([table(A)], [_VIEW]),
         Schema.of([table(column("a", "BIGINT"))], [_VIEW])),
    pair("trigger", Schema.of([table(A)]), Schema.of([table(A)], [_FUNCTION, _TRIGGER])),
    pair("extension", Schema.of([table(A)]), Schema.of(
        [table(A, column("h", "HSTORE", null=True), Index("t_h", ("h",), using="gin"))],
        [_HSTORE])),
    pair("renamed under all", table(A, B, check("a > 0"), Unique(("a", "b")),
                                    column("g", computed='"a" + 1', null=True),
                                    part_index("t_l", '("a" + 2)')),
         table(column("z"), B, Check(Expression('"z" > 0')), Unique(("z", "b")),
               column("g", computed='"z" + 1', null=True), part_index("t_l", '("z" + 2)')),
         renames=Renames(columns={("t", "a"): "z"})),
]  # fmt: skip
