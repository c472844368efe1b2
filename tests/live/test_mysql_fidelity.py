"""All that can be declared, on MariaDB: made, read back as declared, changed, and led back."""

from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from uuid import UUID

import peewee
import pytest
from fidelity_pairs import PAIRS, A, B, check, column, table

from peewee_mig.dialects.base import LiveStep, Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.mysql.session import open_database, open_url
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.dialects.url import parse_url
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations import invert_all, replay
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import ForeignKey, Index, Unique
from peewee_mig.sources.read import read_models


@pytest.fixture
def session(mysql):
    with closing(open_database(mysql.connect, "a database of a test")) as session:
        yield session


#: Changes between declarations that mean the same here: their statements do nothing.
NOTHING = {"collation 6", "usual engine 1", "usual engine"}


def of_mysql():
    return [pytest.param(each, id=each.name) for each in PAIRS if "mysql" in each.engines]


@pytest.mark.parametrize("pair", of_mysql())
def test_a_change_leads_there_and_back(session, pair):
    operations = diff(pair.before, pair.after, pair.renames)
    run(session, diff(Schema(), pair.before), Schema())
    fill(session, pair.rows)
    assert_declared(session, pair.before)
    rows = rows_of(session, pair.before)
    seen = pair.name not in NOTHING
    run(session, operations, pair.before, seen=seen)
    assert_declared(session, pair.after)
    assert_kept(rows, rows_of(session, pair.after), computed(pair.before, pair.after))
    run(session, invert_all(operations), replay(operations, pair.before), seen=seen)
    assert_declared(session, pair.before)
    assert_kept(rows, rows_of(session, pair.before), computed(pair.after))


def run(session, operations, before, *, seen=True):
    steps = DIALECT.lower(operations, before, session.capabilities())
    for step in steps:
        if isinstance(step, LiveStep):
            step.check(session.query)
    for step in steps:
        with noticed(session, step) if seen else nullcontext():
            statements = [step.sql] if isinstance(step, Statement) else step.resolve(session.query)
            for sql in statements:
                session.execute(sql)


@contextmanager
def noticed(session, step):
    """Prove that a step that changes definitions can be seen, as a run that was killed must."""
    rows = isinstance(step, Statement) and (step.rows or step.sql.startswith("SET "))
    text = step.sql if isinstance(step, Statement) else ""
    before = rows or DIALECT.fingerprint(session.query, step.tables, text)
    yield
    if not rows:
        assert DIALECT.fingerprint(session.query, step.tables, text) != before, step


def fill(session, rows):
    for place, found in rows.items():
        columns = {row[0] for row in session.query(f"SHOW COLUMNS FROM `{place}`")}
        for row in found:
            given = {name: value for name, value in row.items() if name in columns}
            names = ", ".join(f"`{name}`" for name in given)
            values = ", ".join(map(literal, given.values()))
            session.execute(f"INSERT INTO `{place}` ({names}) VALUES ({values})")


def literal(value):
    if value is None:
        return "NULL"
    return DIALECT.text_sql(value) if isinstance(value, str) else str(value)


def rows_of(session, schema):
    return {
        table.name: [
            dict(zip(table.column_names, row, strict=True))
            for row in session.query(
                f"SELECT {DIALECT.quote_all(table.column_names)} FROM"
                f" {DIALECT.quote_table(table.name)} ORDER BY id"
            )
        ]
        for table in schema
    }


def computed(*schemas):
    """Return the columns whose values follow others, in one of the schemas at least."""
    return {c.name for s in schemas for t in s for c in t.columns if c.computed}


def assert_kept(before, after, computed):
    for place, rows in ((place, rows) for place, rows in before.items() if place in after):
        assert len(after[place]) == len(rows)
        for old, new in zip(rows, after[place], strict=True):
            assert old["id"] == new["id"]
            for name in old.keys() & new.keys() - {"id"} - computed:
                if old[name] is not None:
                    assert as_text(new[name]) == as_text(old[name]), name


def as_text(value):
    """Spell a value as it is in any type that holds it."""
    text = UUID(bytes=value).hex if isinstance(value, bytes) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def assert_declared(session, declared):
    schemas = {name.partition(".")[0] for name in declared.names if "." in name}
    assert found_as(session, declared, schemas) == declared


def found_as(session, declared, schemas=()):
    found = DIALECT.inspect(session.query, schemas)
    spelled = DIALECT.spellings(session.query, declared)
    return settle(recognize(replace(found, spellings=spelled), declared, DIALECT), declared)


# A database schema is another database of the server.


@pytest.fixture
def billing(mysql, databases):
    """The name of another empty database on the same server."""
    return databases("mysql").name


def test_tables_of_another_database(session, billing):
    other = table(column("a"), Index("t_a", ("a",)), name=f"{billing}.p")
    key = ForeignKey(("a",), f"{billing}.p", ("id",))
    before = Schema.of([other, table(A, key)])
    grown = table(column("a", "BIGINT", default="7"), check("a > 0"), Unique(("a",)),
                  name=f"{billing}.p")  # fmt: skip
    after = Schema.of([grown, table(A, replace(key, on_delete="CASCADE"))])
    there_and_back(session, before, after)
    session.execute("DROP TABLE t")  # it refers to the other database


def test_a_table_moves_to_another_database_and_back(session, billing):
    key = ForeignKey(("a",), "p", ("id",))
    before = Schema.of([table(A, name="p"), table(A, key, check("a > 0"))])
    moved = Schema.of([table(A, name="p"), replace(before.table("t"), name=f"{billing}.t")])
    there_and_back(session, before, moved, Renames(tables={"t": f"{billing}.t"}))


def test_a_table_with_triggers_of_somebodys_does_not_move(session, billing):
    before, after = Schema.of([table(A)]), Schema.of([table(A, name=f"{billing}.t")])
    run(session, diff(Schema(), before), Schema())
    session.execute("CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1")
    with pytest.raises(RefusedError, match=r"cannot move to another database .*: tr"):
        run(session, diff(before, after, Renames(tables={"t": f"{billing}.t"})), before)
    assert_declared(session, before)


def there_and_back(session, before, after, renames=None):
    operations = diff(before, after, renames)
    names = before.names | after.names
    run(session, diff(Schema(), before), Schema())
    for declared, steps, met in (
        (after, operations, before),
        (before, invert_all(operations), after),
    ):
        run(session, steps, met)
        schemas = {name.partition(".")[0] for name in names if "." in name}
        assert found_as(session, declared, schemas) == declared


# What cannot be asked, or is made otherwise.


def test_checks_of_columns_are_those_of_their_table(session):
    """Peewee writes the check of a field into the definition of its column."""
    declared = table(A, B, check("a > 0"), check("b < 9 OR b IS NULL"))
    session.execute(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL CHECK (a > 0),"
        " b INT CHECK (b < 9 OR b IS NULL))"
    )
    assert_declared(session, Schema.of([declared]))
    without = table(A, B, check("b < 9 OR b IS NULL"))
    run(session, diff(Schema.of([declared]), Schema.of([without])), Schema.of([declared]))
    assert_declared(session, Schema.of([without]))
    wider = table(column("a", "BIGINT"), column("b", "BIGINT"), check("b < 9 OR b IS NULL"))
    run(session, diff(Schema.of([without]), Schema.of([wider])), Schema.of([without]))
    assert_declared(session, Schema.of([wider]))


def test_what_peewee_creates_is_what_is_declared(mysql, session):
    models = peewee_models(mysql.peewee())
    with models[0]._meta.database.connection_context():
        models[0]._meta.database.create_tables(models)
    declared = read_models(models).schema
    assert_declared(session, declared)
    for table_ in reversed(declared.tables):
        session.execute(f"DROP TABLE {DIALECT.quote_table(table_.name)}")
    run(session, diff(Schema(), declared), Schema())
    assert_declared(session, declared)


def peewee_models(database):
    """Return models that declare all that MariaDB takes from Peewee."""

    class Base(peewee.Model):
        class Meta:
            database = None

    class Cat(Base):
        name = peewee.CharField(max_length=40, unique=True, collation="utf8mb4_bin")

        class Meta:
            table_settings = ("ENGINE=InnoDB", "DEFAULT CHARSET=utf8mb4", "ROW_FORMAT=DYNAMIC")

    class Item(Base):
        cat = peewee.ForeignKeyField(Cat, constraint_name="fk_cat", on_delete="CASCADE")
        price = peewee.DecimalField(
            constraints=[peewee.SQL("DEFAULT 0"), peewee.Check("price >= 0")]
        )
        amount = peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 5 COMMENT 'how many'")])
        note = peewee.TextField(null=True, constraints=[peewee.SQL("DEFAULT 'it''s'")])
        at = peewee.DateTimeField(
            constraints=[peewee.SQL("DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")]
        )
        flag = peewee.BooleanField(constraints=[peewee.SQL("DEFAULT TRUE")])
        code = peewee.CharField(max_length=10, constraints=[peewee.SQL("UNIQUE")])
        odd = peewee.IntegerField(constraints=[peewee.SQL("CHECK (odd <> 7)")])
        total = peewee.DecimalField(
            max_digits=12, null=True, constraints=[peewee.SQL("AS (price * amount) STORED")]
        )
        kind = peewee.CharField(max_length=10)

        class Meta:
            constraints = (
                peewee.Check("amount < 1000"),
                peewee.SQL("CONSTRAINT u_two UNIQUE (amount, kind)"),
                peewee.Check("kind IN ('a', 'b')"),
            )

    Item.add_index(Item.kind, Item.price.desc(), name="item_kind")
    database.bind([Cat, Item])
    return [Cat, Item]


def test_what_the_server_refuses_is_left_out_and_the_rest_told(session):
    odd = table(
        column("a", default="TRUE"), column("b", default="no_such(1)"), check("a <> no_such(2)"),
        check("a > 1 and a < 3"), column("c", "mediumint(5)", default="1 + 1"),
    )  # fmt: skip
    assert DIALECT.spellings(session.query, [odd]) == {
        (odd, "TRUE"): "1",
        (odd, "mediumint(5)"): "mediumint",
    }
    assert session.query("SHOW TABLES") == []


def test_a_user_without_the_right_to_temporary_tables_is_told_the_tokens(mysql, session):
    declared = Schema.of([table(A, B, check("a > 0"), column("c", default="5"))])
    run(session, diff(Schema(), declared), Schema())
    guest_name = mysql.role("guest")
    mysql.sql(f"GRANT SELECT ON {mysql.name}.* TO {guest_name}")
    with closing(open_url(parse_url(mysql.url_as(guest_name)))) as guest:
        assert DIALECT.spellings(guest.query, declared) == {}
        assert found_as(guest, declared) == declared


def test_a_drift_of_collations_is_seen(session):
    declared = Schema.of([table(column("a", "VARCHAR(9)", options=("CHARACTER SET latin1",)))])
    run(session, diff(Schema(), declared), Schema())
    assert_declared(session, declared)
    session.execute("ALTER TABLE t MODIFY a VARCHAR(9) NOT NULL")
    (found,) = found_as(session, declared)
    assert found.column("a") == column("a", "VARCHAR(9)")
    plain = DIALECT.inspect(session.query)
    assert settle(recognize(plain, declared, DIALECT), declared) != declared  # so it is asked


def test_what_is_made_by_hand_on_a_declared_column_stays(session):
    before = Schema.of([table(column("a", default="5"), B)])
    run(session, diff(Schema(), before), Schema())
    session.execute("ALTER TABLE t MODIFY a INT NOT NULL DEFAULT 6 COMMENT 'x' CHECK (a > 1)")
    grown = Schema.of([table(column("a", "BIGINT", default="5"), B)])
    run(session, diff(before, grown), before)
    (found,) = DIALECT.inspect(session.query).schema
    assert found.column("a") == column("a", "BIGINT", default="5", comment="x")
    assert found.checks == (check("a > 1"),)
    bare = Schema.of([table(column("a", "BIGINT"), B)])
    run(session, diff(grown, bare), grown)
    (found,) = DIALECT.inspect(session.query).schema
    assert found.column("a") == column("a", "BIGINT", comment="x")


def test_a_view_and_triggers_change_the_fingerprint(session):
    run(session, diff(Schema(), Schema.of([table(A)])), Schema())
    seen = [DIALECT.fingerprint(session.query, ["t", "v"], "")]
    for sql in (
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "DROP TRIGGER tr",
    ):
        session.execute(sql)
        seen.append(DIALECT.fingerprint(session.query, ["t", "v"], ""))
    assert len(set(seen)) == 4
    assert seen[-1] == seen[2]


def test_negative_numbers_are_in_the_way_of_an_unsigned_column(session):
    before = Schema.of([table(A, B)])
    after = Schema.of([table(column("a", "BIGINT", options=("UNSIGNED",)))])
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO t (a) VALUES (-1), (2)")
    with pytest.raises(RefusedError, match=r"1 row has a negative number in t\.a"):
        run(session, diff(before, after), before)
    assert_declared(session, before)
    session.execute("UPDATE t SET a = 1 WHERE a < 0")
    run(session, diff(before, after), before)
    assert_declared(session, after)


@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        (("INT", True), ("INT", False), 2**31 - 1),
        (("BIGINT", True), ("INT", True), 2**32 - 1),
        (("BIGINT", False), ("SMALLINT", True), 2**16 - 1),
    ],
)
def test_numbers_that_are_too_large_without_or_with_a_sign_are_in_the_way(session, old, new, most):
    def schema(words, unsigned):
        options = ("UNSIGNED",) * unsigned
        return Schema.of([table(column("a", words, options=options))])

    before, after = schema(*old), schema(*new)
    run(session, diff(Schema(), before), Schema())
    session.execute(f"INSERT INTO t (a) VALUES ({most}), ({most + 1})")
    with pytest.raises(RefusedError, match=rf"1 row has a number over {most} in t\.a"):
        run(session, diff(before, after), before)
    assert_declared(session, before)
    session.execute(f"DELETE FROM t WHERE a > {most}")
    run(session, diff(before, after), before)
    assert_declared(session, after)
    assert session.query("SELECT a FROM t") == [(most,)]


def test_texts_that_are_equal_in_the_usual_collation_are_in_the_way(session):
    def schema(collation):
        text = column("name", "VARCHAR(20)", collation=collation)
        return Schema.of([table(A, text, Index("u", ("name",), unique=True))])

    before, after = schema("utf8mb4_bin"), schema(None)
    run(session, diff(Schema(), before), Schema())
    session.execute("INSERT INTO t (a, name) VALUES (1, 'a'), (2, 'A')")
    (guard,) = plan(diff(before, after), before, DIALECT).guards
    assert session.query(DIALECT.guard_sql(guard)[0]) == [(1,)]
    session.execute("DELETE FROM t WHERE a = 2")
    assert session.query(DIALECT.guard_sql(guard)[0]) == [(0,)]
    run(session, diff(before, after), before)
    assert_declared(session, after)


def test_dropped_columns_of_native_types_come_back_with_a_value(session):
    words = ("mediumint", "enum('x', 'y')", "timestamp", "time(3)", "longblob", "inet6", "point")
    columns = [column(f"c{number}", each) for number, each in enumerate(words)]
    before, after = Schema.of([table(A, *columns)]), Schema.of([table(A)])
    run(session, diff(Schema(), after), Schema())
    session.execute("INSERT INTO t (a) VALUES (1)")
    run(session, invert_all(diff(before, after)), after)
    assert_declared(session, before)
    assert session.query("SELECT c0, c1, c5 FROM t") == [(0, "x", "::")]


def test_a_constraint_without_a_name_goes_beside_an_index_over_the_same_column(session):
    descending = Index("by_x", (), unique=True, named=True, parts=(Expression('"x" DESC'),))
    after = Schema.of([table(column("x", "INT"), descending)])
    before = Schema.of([table(column("x", "INT"), descending, Unique(("x",)))])
    run(session, diff(Schema(), before), Schema())
    run(session, diff(before, after), before)
    assert_declared(session, after)


@pytest.mark.parametrize("type_", ["DATETIME", "timestamp", "timestamp(3)"])
def test_the_default_that_comes_with_on_update_is_nobodys(session, type_):
    now = f"CURRENT_TIMESTAMP{type_.partition('timestamp')[2]}"
    updated, plain = column("a", type_, options=(f"ON UPDATE {now}",)), column("b")
    before = table(updated, plain)
    after = table(replace(updated, name="b"), replace(plain, name="a"))
    swapped = Renames({}, {("t", "a"): "b", ("t", "b"): "a"})
    there_and_back(session, Schema.of([before]), Schema.of([after]), swapped)
    session.execute("DROP TABLE t")
    there_and_back(session, Schema.of([before]), Schema.of([after]))


def test_a_key_keeps_its_own_index_beside_one_over_texts(session):
    """Else the server drops it, and refuses any change of the table from then on."""
    name, other = column("name", "VARCHAR(9)"), column("b", null=True)
    key = ForeignKey(("name",), "p", ("code",))
    parent = table(column("code", "VARCHAR(9)"), Index("p_code", ("code",), unique=True), name="p")
    texts = Index("texts", ("name",), using="fulltext")
    for before in (table(name, key, texts), table(name, key)):
        operations = diff(Schema(), Schema.of([parent, before]))
        run(session, operations, Schema())
        after = table(name, other, key, ForeignKey(("b",), "t", ("id",)), texts)
        change = diff(Schema.of([parent, before]), Schema.of([parent, after]))
        run(session, change, Schema.of([parent, before]))
        assert_declared(session, Schema.of([parent, after]))
        session.execute("ALTER TABLE t FORCE, ALGORITHM=COPY")
        session.execute("DROP TABLE t, p")


def test_a_key_goes_whose_index_serves_another_one(session):
    pair = Index("p_pair", ("id", "b"), unique=True)
    parent = table(column("b"), pair, name="p")
    long, short = ForeignKey(("a", "b"), "p", ("id", "b")), ForeignKey(("a",), "p", ("id",))
    before = Schema.of([parent, table(A, column("b"), short, long)])
    for left in ((short,), ()):
        there_and_back(session, before, Schema.of([parent, table(A, column("b"), *left)]))
        session.execute("DROP TABLE t, p")
    texts = Index("texts", ("a",))
    there_and_back(session, before, Schema.of([parent, table(A, column("b"), short, long, texts)]))


def test_a_unique_constraint_has_the_name_that_a_key_would_give_its_index(session):
    unique = Unique(("b",), "A")
    after = Schema.of([table(A, column("b"), ForeignKey(("a",), "t", ("id",)), unique)])
    there_and_back(session, Schema(), after)


def test_indexes_among_the_constraints_are_indexes(session, mysql):
    class Noted(peewee.Model):
        a = peewee.IntegerField()
        b = peewee.CharField()
        c = peewee.TextField()

        class Meta:
            constraints = [  # noqa: RUF012
                peewee.SQL("INDEX (a)"),
                peewee.SQL("KEY k (b(10), a)"),
                peewee.SQL("UNIQUE KEY u (a, b)"),
                peewee.SQL("UNIQUE INDEX v (c(5))"),
                peewee.SQL("FULLTEXT KEY (c)"),
                peewee.SQL("CONSTRAINT own PRIMARY KEY (a)"),
            ]
            primary_key = False

    declared = read_models([Noted]).schema
    database = mysql.peewee()
    with database.bind_ctx([Noted]), database.connection_context():
        database.create_tables([Noted])
    assert_declared(session, declared)
    session.execute("DROP TABLE noted")
    run(session, diff(Schema(), declared), Schema())
    assert_declared(session, declared)
    session.execute("DROP TABLE noted")
