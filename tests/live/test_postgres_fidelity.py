"""All that can be declared, on PostgreSQL: made, read back as declared, changed, and led back."""

from contextlib import closing, nullcontext
from dataclasses import replace

import pytest
from fidelity_pairs import PAIRS, A, B, column, table
from fidelity_postgres import ONLY, numbered

from peewee_mig.dialects.base import LiveStep, Statement
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.postgres.session import open_url
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.dialects.url import parse_url
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations import invert_all, replay
from peewee_mig.operations.verbs import Add, RunSQL
from peewee_mig.plan.guards import guards
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Check, Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.standalone import EnumType, kind_of
from peewee_mig.schema.types import ColumnType

TEXT = ColumnType("TEXT")


@pytest.fixture
def session(postgres):
    with closing(open_url(parse_url(postgres.url))) as session:
        session.execute("CREATE SCHEMA billing")
        yield session


def pairs():
    common = [each for each in PAIRS if "postgres" in each.engines]
    return [pytest.param(each, id=each.name) for each in (*common, *ONLY)]


def skip_what_the_server_lacks(session, pair):
    for thing in pair.after.objects:
        known = f"SELECT 1 FROM pg_available_extensions WHERE name = '{thing.name}'"
        if kind_of(thing) == "extension" and not session.query(known):
            pytest.skip(f"this PostgreSQL comes without {thing.name}")
    capabilities = session.capabilities()
    for each in (*pair.before, *pair.after):
        for part in (*each.columns, *each.uniques, *each.indexes):
            reason = DIALECT.lacks(part, each, capabilities)
            if reason:
                pytest.skip(f"PostgreSQL {reason}")


@pytest.mark.parametrize("pair", pairs())
def test_a_change_leads_there_and_back(session, pair):
    skip_what_the_server_lacks(session, pair)
    operations = diff(pair.before, pair.after, pair.renames)
    run(session, diff(Schema(), pair.before), Schema())
    fill(session, pair.rows)
    assert_declared(session, pair.before)
    rows = rows_of(session, pair.before)
    run(session, operations, pair.before)
    assert_declared(session, pair.after)
    assert_kept(rows, rows_of(session, pair.after), pair, pair.renames.tables)
    run(session, invert_all(operations), replay(operations, pair.before))
    assert_declared(session, pair.before)
    assert_kept(rows, rows_of(session, pair.before), pair, {})


def run(session, operations, before):
    """Run a migration in one transaction, each step of which can be seen where it is alone."""
    steps = DIALECT.lower(operations, before, session.capabilities())
    check_all(session, steps)
    with session.transaction(wait=0):
        for step in steps:
            is_plain = isinstance(step, Statement)
            text = step.sql if is_plain else ""
            seen = DIALECT.fingerprint(session.query, step.tables, text)
            for sql in [step.sql] if is_plain else step.resolve(session.query):
                session.execute(sql)
            if not text.startswith(("UPDATE", "SET", "SELECT", "ALTER SEQUENCE")):
                assert DIALECT.fingerprint(session.query, step.tables, text) != seen, step


def fill(session, rows):
    for place, found in rows.items():
        table = DIALECT.quote_table(place)
        named = session.query(
            f"SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass"
        )
        columns = {name for (name,) in named}
        for row in found:
            given = {name: value for name, value in row.items() if name in columns}
            names, values = DIALECT.quote_all(given), ", ".join(map(literal, given.values()))
            session.execute(
                f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})"
            )


def literal(value):
    return "NULL" if value is None else DIALECT.text_sql(str(value))


def rows_of(session, schema):
    return {
        table.name: [
            dict(zip(table.column_names, row, strict=True))
            for row in session.query(
                "SELECT "
                + ", ".join(f"{DIALECT.quote(name)}::text" for name in table.column_names)
                + f" FROM {DIALECT.quote_table(table.name)} ORDER BY id"
            )
        ]
        for table in schema
    }


def assert_kept(before, after, pair, places):
    computed = {
        c.name for s in (pair.before, pair.after) for t in s for c in t.columns if c.computed
    }
    retyped = pair.name.startswith("time zone of a day")
    for place, rows in ((place, rows) for place, rows in before.items() if place in after):
        found = after[places.get(place, place)]
        assert [row["id"] for row in found] == [row["id"] for row in rows]
        for old, new in zip(rows, found, strict=True):
            for name in old.keys() & new.keys() - computed:
                if old[name] is not None and not retyped:
                    one, other = (
                        pair.renames.values.get(("mood", each[name]), each[name])
                        for each in (old, new)
                    )
                    assert same(one, other), name


def same(one, other):
    """Whether two texts mean the same, whatever the type spells around them."""
    return normal(one) == normal(other)


def normal(text):
    text = text.removesuffix("+00:00").removesuffix("+00")
    return text.rstrip("0").rstrip(".") if "." in text else text


def assert_declared(session, declared):
    assert found_as(session, declared) == declared


def found_as(session, declared):
    found = DIALECT.inspect(session.query, ["billing"])
    spelled = DIALECT.spellings(session.query, declared)
    return settle(recognize(replace(found, spellings=spelled), declared, DIALECT), declared)


# What is in the way, and said before anything starts.


def refused(session, before, after, *, renames=None):
    """Return the error that stops a migration before it starts."""
    steps = DIALECT.lower(diff(before, after, renames), before, session.capabilities())
    try:
        check_all(session, steps)
    except RefusedError as error:
        return error
    raise AssertionError(steps)


def check_all(session, steps):
    for step in steps:
        if isinstance(step, LiveStep):
            assert step.preview()
            step.check(session.query)


def test_a_schema_that_there_is_not_is_refused_with_the_statement_that_makes_it(session):
    error = refused(session, Schema(), Schema.of([table(A, name='"my.own".t')]))
    assert error.message == "the database has no schema my.own"
    assert error.hint.startswith('create it: CREATE SCHEMA "my.own", then: ')
    before = Schema.of([table(A)])
    renames = Renames(tables={"t": "other.t"})
    error = refused(session, before, Schema.of([table(A, name="other.t")]), renames=renames)
    assert error.message == "the database has no schema other"


def test_a_type_of_an_extension_is_refused_with_the_statement_that_makes_it(session):
    error = refused(session, Schema(), Schema.of([table(column("h", "HSTORE"))]))
    assert error.message == "the database has no type HSTORE, which t.h has"
    assert "CREATE EXTENSION hstore" in error.hint
    before = Schema.of([table(A)])
    error = refused(session, before, Schema.of([table(A, column("m", "mood[]", null=True))]))
    assert error.message == "the database has no type mood, which t.m has"
    session.execute("CREATE TYPE mood AS ENUM ('x')")
    run(session, diff(Schema(), before), Schema())
    run(
        session,
        diff(before, Schema.of([table(A, column("m", "mood[]", null=True))])),
        before,
    )


def test_a_view_a_trigger_and_a_policy_in_the_way_are_named(session):
    before = Schema.of([table(column("z"), B)])
    run(session, diff(Schema(), before), Schema())
    for sql in (
        'CREATE VIEW "Odd" AS SELECT z FROM t',
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "CREATE TRIGGER touches BEFORE UPDATE OF z ON t EXECUTE FUNCTION touch()",
        "CREATE POLICY own ON t USING (z > 1)",
        "CREATE VIEW of_b AS SELECT b FROM t",
    ):
        session.execute(sql)
    retyped = Schema.of([table(column("a", "BIGINT"), B)])
    renames = Renames(columns={("t", "z"): "a"})
    error = refused(session, before, retyped, renames=renames)
    assert error.message == (
        "policy own, trigger touches, view Odd need the column t.z, which becomes BIGINT"
    )
    error = refused(session, before, Schema.of([table(column("z"))]))
    assert error.message == "view of_b needs the column t.b, which is dropped"
    error = refused(session, before, Schema())
    assert error.message == "view Odd, view of_b need the table t, which is dropped"


def test_functions_that_the_server_knows_to_need_something_are_named(session):
    before = Schema.of([table(A, B)])
    run(session, diff(Schema(), before), Schema())
    session.execute("CREATE FUNCTION rows_of(t) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    session.execute("CREATE PROCEDURE many(t[]) LANGUAGE sql AS 'SELECT 1'")
    named = "function rows_of, procedure many need"
    if session.capabilities().version >= (14,):
        session.execute("CREATE FUNCTION sum_of() RETURNS bigint RETURN (SELECT sum(b) FROM t)")
        error = refused(session, before, Schema.of([table(A)]))
        assert error.message == "function sum_of needs the column t.b, which is dropped"
        error = refused(session, before, Schema.of([table(A, column("b", "BIGINT", null=True))]))
        assert error.message.startswith("function sum_of needs the column t.b, which becomes")
        named = "function rows_of, function sum_of, procedure many need"
    error = refused(session, before, Schema())
    assert error.message == f"{named} the table t, which is dropped"


def test_sql_of_the_users_may_take_away_what_is_in_the_way(session):
    before = Schema.of([table(A)])
    run(session, diff(Schema(), before), Schema())
    session.execute("CREATE VIEW v AS SELECT a FROM t")
    after = Schema.of([table(column("a", "BIGINT"))])
    run(session, (RunSQL(("DROP VIEW v",)), *diff(before, after)), before)
    assert_declared(session, after)


def test_a_value_that_an_enum_type_loses_is_refused_while_rows_have_it(session):
    def of(*values):
        return Schema.of([table(column("a", "mood"))], [EnumType("mood", values)])

    run(session, diff(Schema(), of("sad", "ok")), Schema())
    session.execute("INSERT INTO t (a) VALUES ('sad'), ('ok')")
    error = refused(session, of("sad", "ok"), of("ok"))
    assert error.message == ("1 row of t have the value 'sad' in a, which the enum type mood loses")


# What is found.


def test_an_expression_that_the_server_refuses_takes_none_with_it(session):
    declared = table(
        A,
        column("m", "nothing", null=True),
        column("n", default="no_such_function()"),
        column("o", default="CAST('4' AS INTEGER)"),
        Check(Expression('"a" BETWEEN 1 AND 2')),
        Check(Expression('"nothing" > 1')),
        Index("i", (), parts=(Expression('"a" no_such_class'),)),
    )
    wanted = {"CAST('4' AS INTEGER)": "4", '"a" BETWEEN 1 AND 2': '("a" >= 1) AND ("a" <= 2)'}
    for wait in (None, 0):
        with session.transaction(wait=0) if wait is not None else nullcontext():
            found = DIALECT.spellings(session.query, [declared])
        words = {text: spelled for (_, text), spelled in found.items() if text in wanted}
        assert {k: v.strip("()").replace("(", "").replace(")", "") for k, v in words.items()} == {
            k: v.replace("(", "").replace(")", "") for k, v in wanted.items()
        }
    assert session.query("SELECT count(*) FROM pg_class WHERE relname ~ 'peewee_mig'") == [(0,)]


def test_a_role_that_may_make_no_temporary_table_is_told_nothing(session, postgres):
    session.execute(f"REVOKE ALL ON DATABASE {postgres.name} FROM PUBLIC")
    role = postgres.role("stranger")
    session.execute(f"GRANT CONNECT ON DATABASE {postgres.name} TO {role}")
    with closing(open_url(parse_url(postgres.url_as(role)))) as other:
        assert DIALECT.spellings(other.query, [table(A, Check(Expression('"a" IN (1)')))]) == {}


def test_a_deferred_key_does_not_hinder_not_null(session):
    key = ForeignKey(("a",), "t", ("id",), deferrable="INITIALLY DEFERRED")
    before = Schema.of([table(column("a", null=True), key)])
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO t (a) VALUES (NULL)")
    after = Schema.of([table(column("a", default="1"), key)])
    run(session, diff(before, after), before)
    assert session.query("SELECT a FROM t") == [(1,)]


def test_an_unnamed_check_is_dropped_whatever_its_name(session):
    before = Schema.of([table(A, Check(Expression('"a" IN (1, 2)')))])
    run(session, diff(Schema(), Schema.of([table(A)])), Schema())
    session.execute('ALTER TABLE t ADD CONSTRAINT "by hand" CHECK (a IN (1, 2))')
    run(session, diff(before, Schema.of([table(A)])), before)
    assert_declared(session, Schema.of([table(A)]))
    steps = DIALECT.lower(diff(before, Schema.of([table(A)])), before, session.capabilities())
    with pytest.raises(RefusedError, match=r'has no check of t \("a" IN \(1, 2\)\)'):
        steps[0].resolve(session.query)


def test_a_sequence_goes_on_behind_the_rows_that_there_are(session):
    before = numbered("INT")
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO t VALUES (41, 'x')")
    run(session, diff(before, numbered("INT", sequence="own")), before)
    assert session.query("INSERT INTO t (name) VALUES ('y') RETURNING id") == [(42,)]


def test_a_sequence_takes_a_name_that_is_free(session):
    """A table keeps the sequence that was named after it when it gets another name."""
    serial, plain = (
        Table("a", (column("id", kind),), PrimaryKey(("id",))) for kind in ("AUTO", "INT")
    )
    before = Schema.of([serial, replace(plain, name="b")])
    traded = Schema.of([plain, replace(serial, name="b")])
    both = Schema.of([serial, replace(serial, name="b")])
    run(session, diff(Schema(), before), Schema())
    run(session, diff(before, traded, Renames(tables={"a": "b", "b": "a"})), before)
    run(session, diff(traded, both), traded)
    assert_declared(session, both)
    assert session.query("INSERT INTO a DEFAULT VALUES RETURNING id") == [(1,)]


def test_a_table_moves_to_where_its_names_are_taken(session):
    """A table keeps the names that were made up for it when it gets another name."""
    serial = Table("a", (column("id", "AUTO"),), PrimaryKey(("id",)))
    before = Schema.of([serial, replace(serial, name="billing.a")])
    there = Schema.of([replace(serial, name="billing.a"), replace(serial, name="billing.b")])
    run(session, diff(Schema(), before), Schema())
    renames = Renames(tables={"a": "billing.a", "billing.a": "billing.b"})
    operations = diff(before, there, renames)
    run(session, operations, before)
    assert_declared(session, there)
    assert session.query("INSERT INTO billing.a DEFAULT VALUES RETURNING id") == [(1,)]
    run(session, invert_all(operations), there)
    assert_declared(session, before)


def test_the_zone_of_the_session_does_not_count(session):
    before, after = (Schema.of([table(column("a", kind))]) for kind in ("TEXT", "TIMESTAMPTZ"))
    run(session, diff(Schema(), before), Schema())
    session.execute("SET timezone = 'Asia/Tokyo'")
    session.execute(
        "INSERT INTO t (a) VALUES ('2020-01-02'), ('2020-01-02 03:04'), ('2020-01-02 03:04-02:30')"
    )
    run(session, diff(before, after), before)
    found = session.query("SELECT (a AT TIME ZONE 'UTC')::text FROM t ORDER BY id")
    assert found == [("2020-01-02 00:00:00",), ("2020-01-02 03:04:00",), ("2020-01-02 05:34:00",)]
    run(session, diff(after, before), after)
    assert session.query("SELECT a FROM t ORDER BY id")[2] == ("2020-01-02 05:34:00+00:00",)


def test_a_dropped_column_of_a_native_type_comes_back(session):
    before = Schema.of(
        [table(A, column("m", "mood"), column("i", "inet"), column("r", "INT[]"))],
        [EnumType("mood", ("sad", "ok"))],
    )
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO t (a, m, i, r) VALUES (1, 'ok', '1.2.3.4', '{1}')")
    operations = diff(before, Schema.of([table(A)], before.objects))
    run(session, operations, before)
    run(session, invert_all(operations), replay(operations, before))
    assert_declared(session, before)
    assert session.query("SELECT m::text, i::text, r::text FROM t") == [("sad", "::/128", "{}")]


def test_texts_of_two_collations_are_compared_where_a_key_comes(session):
    parent = Table("p", (Column("a", TEXT, collation="C"),), PrimaryKey(("a",)))
    child = Table("c", (Column("b", TEXT, collation="POSIX"),))
    key = ForeignKey(("b",), "p", ("a",))
    before = Schema.of([parent, child])
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO c VALUES ('x')")
    (guard,) = guards([Add("c", key)], before)
    assert session.query(DIALECT.guard_sql(guard)[0]) == [(1,)]
    session.execute("INSERT INTO p VALUES ('x')")
    assert session.query(DIALECT.guard_sql(guard)[0]) == [(0,)]
    run(session, [Add("c", key)], before)
