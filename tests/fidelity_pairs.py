"""Pairs of schemas that differ in one thing that Peewee can declare: one law for all engines.

Each change runs on rows, is read back as declared, keeps the rows, and leads back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from peewee_mig.diff import Renames
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import RawObject, View, VirtualTable
from peewee_mig.schema.types import native_type, parse_type

ALL = frozenset({"sqlite", "postgres", "mysql"})


@dataclass(frozen=True)
class Pair:
    """A change; ``rows``: of ``before``, by table: values by column.

    ``engines``: those that have both schemas; ``renames``: the answers.
    """

    name: str
    before: Schema
    after: Schema
    rows: dict[str, list[dict[str, object]]]
    engines: frozenset[str] = ALL
    renames: Renames = field(default_factory=Renames)


def column(name, words="INT", *, default=None, computed=None, stored=True, **attributes):
    """Make a column; ``default`` and ``computed`` as SQL."""
    return Column(
        name,
        native_type(words) if words[:1].islower() else parse_type(words),
        default=Expression(default) if default is not None else None,
        computed=Computed(Expression(computed), stored) if computed else None,
        **attributes,
    )


def table(*parts, name="t", options=Options()):  # noqa: B008 (a value, frozen)
    """Make a table with a key ``id`` and these parts."""
    columns = (column("id", "AUTO"), *(part for part in parts if isinstance(part, Column)))

    def of(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    return Table(
        name,
        columns,
        PrimaryKey(("id",)),
        indexes=of(Index),
        foreign_keys=of(ForeignKey),
        checks=of(Check),
        uniques=of(Unique),
        options=options,
    )


def check(sql, name=None, columns=("a", "b", "c")):
    """Make a check of SQL over columns."""
    return Check(expression(sql, columns), name)


def part_index(name, *parts, **attributes):
    """Make an index over parts."""
    return Index(name, (), parts=tuple(map(Expression, parts)), **attributes)


A, B, NAME = column("a"), column("b", null=True), column("name", "VARCHAR(50)")
PRICE = column("c", "DECIMAL(10, 2)", null=True)
ROWS = {
    "t": [
        {"id": 1, "a": 1, "b": 10, "name": "it's"},
        {"id": 2, "a": 2, "b": None, "name": "back\\slash"},
    ]
}


def pair(name, before, after, rows=None, **attributes):
    """Make a pair of tables, or of schemas; the rows fit what there is before."""
    schemas = [each if isinstance(each, Schema) else Schema.of([each]) for each in (before, after)]
    given = ROWS if rows is None else rows
    return Pair(name, *schemas, {t: r for t, r in given.items() if t in schemas[0]}, **attributes)


def _changes(name, *forms, rest=(A, B, NAME), rows=None, **attributes):
    """Yield the pairs from each form of the table to the next one."""
    tables = [table(*rest, *(form if isinstance(form, tuple) else (form,))) for form in forms]
    for number in range(len(tables) - 1):
        before, after = tables[number], tables[number + 1]
        yield pair(f"{name} {number + 1}", before, after, rows, **attributes)


def _column_changes(name, *forms, rows=None, **attributes):
    yield from _changes(name, *forms, rest=(), rows=rows, **attributes)


def _values(*values, name="a"):
    return {"t": [{"id": n, name: value} for n, value in enumerate(values, 1)]}


PAIRS = [
    # Defaults.
    *_column_changes("default of a number", A, column("a", default="5"), column("a", default="-7"),
                     A, rows=_values(1, 2)),
    *_column_changes("default of a text", column("a", "VARCHAR(20)"),
                     column("a", "VARCHAR(20)", default="'it''s \\ \"x\" %'"),
                     column("a", "VARCHAR(20)", default="''"), rows=_values("x", "")),
    *_column_changes("default of a long text", column("a", "TEXT"),
                     column("a", "TEXT", default="'x'"), rows=_values("x")),
    *_column_changes("default of a truth", column("a", "BOOL"), column("a", "BOOL", default="TRUE"),
                     column("a", "BOOL", default="FALSE"), rows=_values(0, 1),
                     engines=frozenset({"sqlite", "mysql"})),
    *_column_changes("default of a decimal", column("a", "DECIMAL(10, 2)"),
                     column("a", "DECIMAL(10, 2)", default="0"),
                     column("a", "DECIMAL(10, 5)", default="0.5"), rows=_values("1.25")),
    *_column_changes("default of now", column("a", "DATETIME", null=True),
                     column("a", "DATETIME", null=True, default="CURRENT_TIMESTAMP"),
                     rows=_values(None)),
    *_column_changes("default expression", column("a", "VARCHAR(20)"),
                     column("a", "VARCHAR(20)", default="lower('ABC')"), rows=_values("x"),
                     engines=frozenset({"postgres", "mysql"})),
    *_column_changes("default stays while the type grows", column("a", "INT", default="5"),
                     column("a", "BIGINT", default="5"), column("a", "VARCHAR(30)", default="'5'"),
                     rows=_values(1)),
    *_column_changes("default fills NULLs", column("a", null=True), column("a", default="7"),
                     rows=_values(1, None)),
    *_column_changes("default fills NULLs of another type", column("a", null=True),
                     column("a", "VARCHAR(30)", default="'9'"), rows=_values(1, None)),
    *_changes("column with a default", (), column("d", default="3"), rest=(A,), rows=_values(1)),
    *_changes("text with a default", (), column("d", "TEXT", default="'x'"), rest=(A,),
              rows=_values(1)),
    # Generated columns.
    *_changes("stored", (), column("g", computed='"a" * 2', null=True),
              column("g", computed='"a" * 3', null=True),
              column("g", "BIGINT", computed='"a" * 3', null=True), ()),
    *_changes("virtual", (), column("g", computed='"a" * 2', stored=False, null=True),
              column("g", computed='"a" + 3', stored=False, null=True), (),
              engines=frozenset({"sqlite", "mysql"})),
    *_changes("generated, in another way", column("g", computed='"a" * 2', null=True),
              column("g", computed='"a" * 2', stored=False, null=True),
              column("g", null=True), column("g", computed='"a" * 2', stored=False, null=True),
              column("g", computed='"a" * 2', null=True), column("g", null=True),
              engines=frozenset({"mysql"})),
    *_changes("generated and used", (column("g", computed='"a" * 2', null=True),
                                     Index("t_g", ("g",)), check("a > 0")),
              (column("g", computed='"a" * 2', stored=False, null=True),
               Index("t_g", ("g",)), check("a > 0")), engines=frozenset({"mysql"})),
    *_changes("generated, with all that needs it",
              (column("g", computed='"a" * 2', stored=False, null=True), Unique(("g",)),
               Check(Expression('"g" > 0'), "positive"), Index("t_g", ("g", "a"))),
              (column("g", null=True), Unique(("g",)), Check(Expression('"g" > 0'), "positive"),
               Index("t_g", ("g", "a"))), engines=frozenset({"mysql"})),
    *_changes("base of a generated column grows",
              (column("a"), column("g", "BIGINT", computed='"a" * 2', null=True)),
              (column("a", "BIGINT"), column("g", "BIGINT", computed='"a" * 2', null=True)),
              rest=(), rows=_values(1)),
    # Checks.
    *_changes("check", (), check("a > 0"), check("a > -1"), (), (check("a > 0"), check("a < 9"))),
    *_changes("named check", (), check("a > 0", "ck"), check("a >= 1", "ck"), check("a > 0", "ck2"),
              check("a > 0"), ()),
    *_changes("check of texts", (), check("name <> 'it''s not' AND (a IN (1, 2, 3) OR b IS NULL)",
                                          columns=("name", "a", "b")),
              check("name <> 'x\\y'", columns=("name",)), ()),
    *_column_changes("check and type", (A, check("a > 0")),
                     (column("a", "BIGINT"), check("a > 0")), rows=_values(1, 2)),
    # Unique constraints.
    *_changes("unique", (), Unique(("a",)), Unique(("a", "b")), ()),
    *_changes("named unique", (), Unique(("a",), "un"), Unique(("a",), "un2"), Unique(("a",)), ()),
    *_changes("unique and index", Unique(("a",)), (Unique(("a",)), Index("t_a", ("a",))),
              Index("t_a", ("a",), unique=True), Unique(("a",))),
    # Indexes.
    *_changes("descending", (), part_index("t_a", '"a" DESC', '"b"'), Index("t_a", ("a", "b")), ()),
    *_changes("index over an expression", (), part_index("t_l", 'lower("name")'), (),
              engines=frozenset({"sqlite", "postgres"})),
    *_changes("partial index", (), Index("t_p", ("a",), where=Expression('"b" > 5')),
              Index("t_p", ("a",), where=Expression('"b" > 6')), (),
              engines=frozenset({"sqlite", "postgres"})),
    # Objects beside the tables.
    pair("view", Schema.of([table(A)]), Schema.of(
        [table(A)], [View("v", Expression('SELECT "id", "a" FROM "t"'), needs=("t",))])),
    pair("view changed", Schema.of(
        [table(A)], [View("v", Expression('SELECT "id", "a" FROM "t"'), needs=("t",))]), Schema.of(
        [table(A, B)], [View("v", Expression('SELECT "b" FROM "t"'), needs=("t",))])),
]  # fmt: skip

MYSQL = frozenset({"mysql"})
_PARENT = table(column("k", "VARCHAR(20)"), Unique(("k",)), name="p")
_TRIGGER = RawObject(
    "trigger",
    "touch",
    (("mysql", "CREATE TRIGGER touch BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.a + 1"),),
    (("mysql", "DROP TRIGGER touch"),),
    table="t",
)
_FUNCTION = RawObject(
    "function",
    "twice",
    (("mysql", "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2"),),
    (("mysql", "DROP FUNCTION twice"),),
)
_OTHER_FUNCTION = "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n + n"


def _only(*pairs):
    return [replace(each, engines=MYSQL) for each in pairs]


def _with_options(*words, comment=None, **attributes):
    return table(A, NAME, options=Options(words, comment), **attributes)


PAIRS += [
    *_only(
        *_column_changes("unsigned", A, column("a", options=("UNSIGNED",)),
                         column("a", "BIGINT", options=("UNSIGNED", "ZEROFILL")), A,
                         rows=_values(1)),
        *_column_changes("native type", column("a", "int unsigned"), column("a", "mediumint"),
                         column("a", "mediumint unsigned"), column("a", "decimal(9, 3)"),
                         rows=_values(1)),
        *(pair for each in ("int unsigned", "mediumtext", "enum('x', 'y')", "set('a', 'b')", "year",
                            "timestamp", "datetime(6)", "time(3)", "bit(3)", "longblob", "inet6",
                            "uuid", "point", "varbinary(9)", "double(9,3)", "char(3)", "tinyint")
          for pair in _changes(f"native column {each}", column("n", each), (), rows={"t": []},
                               rest=(A,))),
        *_column_changes("native text", column("a", "VARCHAR(20)"), column("a", "mediumtext"),
                         column("a", "enum('x', 'it''s')"), column("a", "VARCHAR(20)"),
                         rows=_values("x")),
        *_column_changes("time with fractions", column("a", "DATETIME", null=True),
                         column("a", "datetime(6)", null=True, default="CURRENT_TIMESTAMP(6)",
                                options=("ON UPDATE CURRENT_TIMESTAMP(6)",)),
                         column("a", "timestamp", null=True), column("a", "timestamp"),
                         rows=_values("2020-01-02 03:04:05")),
        *_column_changes("comment", A, column("a", comment="it's \\ 100%"),
                         column("a", comment="b"), A, rows=_values(1)),
        *_column_changes("collation", column("a", "VARCHAR(20)"),
                         column("a", "VARCHAR(20)", collation="utf8mb4_bin"),
                         column("a", "VARCHAR(20)", collation="utf8mb4_general_ci"),
                         column("a", "VARCHAR(20)", options=("CHARACTER SET latin1",)),
                         column("a", "VARCHAR(20)", collation="latin1_bin",
                                options=("CHARACTER SET latin1",)),
                         column("a", "VARCHAR(20)", options=("CHARACTER SET utf8mb4",)),
                         column("a", "VARCHAR(20)"), rows=_values("é")),
        *_column_changes("unsigned key", column("a", options=("UNSIGNED",)),
                         (column("a", options=("UNSIGNED",)), Index("t_a", ("a",), unique=True)),
                         rows=_values(1)),
        *_changes("prefix", (), part_index("t_n", '"name"(10)'), part_index("t_n", "name(5) DESC"),
                  ()),
        *_changes("fulltext", (), Index("t_n", ("name",), using="fulltext"), ()),
        *_changes("hash", (), Index("t_n", ("name",), using="hash"), ()),
        pair("table comment", _with_options(), _with_options(comment="it's")),
        pair("table comment changed", _with_options(comment="a"), _with_options(comment="b")),
        pair("engine", _with_options(), _with_options("ENGINE=MyISAM")),
        pair("usual engine", _with_options(), _with_options("ENGINE=InnoDB")),
        pair("row format", _with_options(), _with_options("ROW_FORMAT=COMPRESSED",
                                                          "KEY_BLOCK_SIZE=8")),
        pair("charset", _with_options(), _with_options("CHARSET=latin1")),
        pair("charset and collation", _with_options("CHARSET=latin1"),
             _with_options("CHARSET=utf8mb4", "COLLATE=utf8mb4_bin")),
        pair("charset of a key", Schema.of([_PARENT, table(
            column("k", "VARCHAR(20)"), ForeignKey(("k",), "p", ("k",)))]), Schema.of([
                replace(_PARENT, options=Options(("COLLATE=utf8mb4_bin",))), table(
                    column("k", "VARCHAR(20)"), ForeignKey(("k",), "p", ("k",)),
                    options=Options(("COLLATE=utf8mb4_bin",)))]),
             {"p": [{"id": 1, "k": "x"}], "t": [{"id": 1, "k": "x"}]}),
        pair("key to a unique constraint", Schema.of([_PARENT, table(column("k", "VARCHAR(20)"))]),
             Schema.of([_PARENT, table(column("k", "VARCHAR(20)"), Unique(("k",)),
                                       ForeignKey(("k",), "p", ("k",)))]),
             {"p": [{"id": 1, "k": "x"}], "t": [{"id": 1, "k": "x"}]}),
        pair("trigger", Schema.of([table(A)]), Schema.of([table(A)], [_TRIGGER])),
        pair("function", Schema.of([table(A)]), Schema.of([table(A)], [_FUNCTION])),
        pair("function changed", Schema.of([table(A)], [_FUNCTION]), Schema.of(
            [table(A)], [replace(_FUNCTION, create=(("mysql", _OTHER_FUNCTION),))])),
        pair("renamed under a check", table(A, B, check("a > 0"), column(
            "g", computed='"a" + 1', null=True), Index("t_g", ("g",))), table(
                column("z"), B, Check(Expression('"z" > 0')), column(
                    "g", computed='"z" + 1', null=True), Index("t_g", ("g",))),
             renames=Renames(columns={("t", "a"): "z"})),
        pair("check of a converted column", table(column("a", "VARCHAR(40)"),
                                                  check("length(a) > 20")),
             table(column("a", "UUIDB"), check("length(a) > 10")),
             _values("0b9fdbbb67a14d6690cf32eb2ca83eba")),
    ),
]  # fmt: skip

SQLITE = frozenset({"sqlite"})
_FOLLOWS = RawObject(
    "trigger",
    "follows",
    (("sqlite", "CREATE TRIGGER follows AFTER INSERT ON t BEGIN UPDATE t SET a = a; END"),),
    (("sqlite", "DROP TRIGGER follows"),),
    table="t",
)
_OTHER_TRIGGER = "CREATE TRIGGER follows AFTER DELETE ON t BEGIN UPDATE t SET a = a; END"
_TITLES = VirtualTable("titles", "fts5", ('"title"',))
_NOTES = VirtualTable("notes", "fts5", ('"body"', "prefix = '2 3'"))


def _on_sqlite(*pairs):
    return [replace(each, engines=SQLITE) for each in pairs]


def _counting(words):
    return Table("t", (column("id", words), A), PrimaryKey(("id",)))


def _keyed(*columns, name):
    return replace(table(A), primary_key=PrimaryKey(columns, name))


PAIRS += [
    *_on_sqlite(
        *_column_changes("collation", column("a", "VARCHAR(20)"),
                         column("a", "VARCHAR(20)", collation="NOCASE"),
                         column("a", "VARCHAR(20)", collation="RTRIM", default="'x'"),
                         column("a", "VARCHAR(20)"), rows=_values("é")),
        *_column_changes("conflict with NULL", column("a", "VARCHAR(20)"),
                         column("a", "VARCHAR(20)", options=("ON CONFLICT IGNORE",)),
                         column("a", "VARCHAR(30)", options=("ON CONFLICT REPLACE",),
                                default="'x'"),
                         column("a", "VARCHAR(20)", null=True), rows=_values("x", "y")),
        *_changes("conflict with a row", Unique(("a",)), Unique(("a",), conflict="REPLACE"),
                  Unique(("a",), "un", conflict="FAIL"), (Unique(("a",)), check("a > 0")), ()),
        pair("conflict with a key", table(A, name="t"),
             replace(table(A), primary_key=PrimaryKey(("id",), "t_key", "IGNORE"))),
        pair("conflict with a composite key", _keyed("id", "a", name=None),
             replace(table(A), primary_key=PrimaryKey(("id", "a"), conflict="REPLACE"))),
        pair("autoincrement", _counting("AUTO"), _counting("AUTOINCREMENT")),
        pair("strict", table(A, column("b", "TEXT", null=True)),
             table(A, column("b", "TEXT", null=True), options=Options(("STRICT",)))),
        pair("without rowid", table(A, B), table(A, B, options=Options(("WITHOUT ROWID",)))),
        pair("strict, and more", table(A, B, options=Options(("STRICT",))),
             table(A, column("b", default="3"), options=Options(("STRICT", "WITHOUT ROWID")))),
        pair("virtual table", Schema.of([table(A)]), Schema.of([table(A)], [_NOTES])),
        pair("virtual table changed", Schema.of([table(A)], [_NOTES]), Schema.of(
            [table(A)], [replace(_NOTES, arguments=('"body"', '"title"'))])),
        pair("virtual table renamed", Schema.of([table(A)], [_NOTES]), Schema.of(
            [table(A)], [replace(_NOTES, name="papers")]),
             renames=Renames(tables={"notes": "papers"})),
        pair("virtual tables change names", Schema.of([table(A)], [_NOTES, _TITLES]), Schema.of(
            [table(A)], [replace(_NOTES, name="titles"), replace(_TITLES, name="notes")]),
             renames=Renames(tables={"notes": "titles", "titles": "notes"})),
        pair("trigger on a table that is rebuilt", Schema.of([table(A)], [_FOLLOWS]), Schema.of(
            [table(A, column("c", default="CURRENT_TIMESTAMP"))], [_FOLLOWS])),
        pair("trigger of SQLite", Schema.of([table(A)]), Schema.of([table(A)], [_FOLLOWS])),
        pair("generated, in another way", table(A, column("g", computed='"a" * 2', null=True)),
             table(A, column("g", computed='"a" * 2', stored=False, null=True))),
        pair("trigger changed", Schema.of([table(A)], [_FOLLOWS]), Schema.of(
            [table(A)], [replace(_FOLLOWS, create=(("sqlite", _OTHER_TRIGGER),))])),
        pair("no primary key", table(A), replace(table(A), primary_key=None)),
        pair("no longer generated", table(A, column("g", computed='"a" * 2', null=True)),
             table(A, column("g", null=True))),
    ),
    pair("column", table(A), table(A, B)),
    pair("primary key", table(A), replace(table(A), primary_key=PrimaryKey(("a",))),
         engines=frozenset({"sqlite"})),
    pair("primary key gets a name", table(A), _keyed("id", name="t_key")),
    pair("name of a primary key", _keyed("id", name="t_key"), _keyed("id", name="t_own")),
    pair("named primary key", _keyed("id", name="t_key"), _keyed("id", "a", name="t_own")),
    pair("named primary key stays", _keyed("id", name="t_key"),
         replace(_keyed("id", name="t_key"), columns=(column("id", "BIGAUTO"), A))),
    pair("table with a named primary key", Schema.of([table(A, name="other")]),
         Schema.of([table(A, name="other"), _keyed("id", "a", name="t_key")])),
    pair("table with a named primary key renamed", _keyed("id", name="t_key"),
         replace(_keyed("id", name="t_key"), name="other"), {},
         renames=Renames(tables={"t": "other"})),
    pair("table", Schema.of([table(A)]), Schema.of([table(A), table(A, name="other")])),
    pair("renamed table", Schema.of([table(A)]), Schema.of([table(A, name="other")]), {},
         renames=Renames(tables={"t": "other"})),
    pair("foreign key", table(A, B), table(A, B, ForeignKey(("b",), "t", ("id",))),
         {"t": [{"id": 1, "a": 1, "b": 1}]}),
    pair("action of a foreign key", table(A, B, ForeignKey(("b",), "t", ("id",))),
         table(A, B, ForeignKey(("b",), "t", ("id",), on_delete="CASCADE")),
         {"t": [{"id": 1, "a": 1, "b": 1}]}),
    pair("deferrable foreign key", table(A, B, ForeignKey(("b",), "t", ("id",))),
         table(A, B, ForeignKey(("b",), "t", ("id",), deferrable="INITIALLY DEFERRED")),
         {"t": [{"id": 1, "a": 1, "b": 1}]}, engines=frozenset({"sqlite", "postgres"})),
]  # fmt: skip
