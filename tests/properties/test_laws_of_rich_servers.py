"""Laws of migrations between rich schemas: what guards let pass succeeds, and rows survive."""

from contextlib import closing

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from rich import rich_changes
from rich_rows import rows_of
from rich_world import RichMysqlWorld, RichPostgresWorld, SqliteWorld
from server_world import meaning
from test_laws_of_servers import origins_of

from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import diff
from peewee_mig.diff.renames import pairs
from peewee_mig.errors import FailedError, GuardError, RefusedError
from peewee_mig.operations import invert_all, replay

#: One database serves all examples.
one_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
#: What PostgreSQL says of texts that a type of its own does not take: nobody else can tell.
NO_VALUE = ("invalid input syntax", "out of range")
#: Examples of a quick run, and of a thorough one: MariaDB takes its time for each table.
quick = settings().max_examples < 1000
many = settings(one_database, max_examples=50 if quick else 10_000)
some = settings(one_database, max_examples=20 if quick else 10_000)
few = settings(one_database, max_examples=8 if quick else 2_000)


@st.composite
def stories(draw, engine):
    """Draw a change of rich schemas, and rows that may fit the older one."""
    change = draw(rich_changes(engine))
    return change, draw(rows_of(change.before, engine))


@many
@given(story=stories("sqlite"))
def test_what_no_guard_refuses_succeeds_on_sqlite(story):
    tell(SqliteWorld(), *story)


@some
@given(story=stories("postgres"))
def test_what_no_guard_refuses_succeeds_on_postgresql(postgres, story):
    tell(RichPostgresWorld(postgres), *story)


@few
@given(story=stories("mysql"))
def test_what_no_guard_refuses_succeeds_on_mariadb(mysql, story):
    tell(RichMysqlWorld(mysql), *story)


def tell(world, change, rows):
    with closing(world):
        operations = diff(change.before, change.after, change.renames, change.fills)
        try:
            world.build(change.before, rows)
        except RefusedError as error:  # a schema that this server cannot have
            event(error.message)
            return
        assert_declared(world, change.before)
        old = world.contents(change.before)
        if not passes(world, operations, change.before, "there"):
            return
        assert_declared(world, change.after)
        assert_kept(world, change, old, world.contents(change.after))
        after = replay(operations, change.before)
        if passes(world, invert_all(operations), after, "back"):
            assert_declared(world, change.before)
            assert_restored(world, change, old, world.contents(change.before))


def passes(world, operations, before, way):
    """Run operations; if they are refused, nothing has changed."""
    was = world.dump()
    try:
        world.run(operations, before)
    except (GuardError, RefusedError, FailedError) as error:
        if isinstance(error, FailedError) and not any(w in error.original for w in NO_VALUE):
            raise
        event(f"{way}: {type(error).__name__}")
        if isinstance(error, RefusedError):
            event(error.message)
        assert world.dump() == was
        return False
    event(f"{way}: done")
    return True


def assert_declared(world, schema):
    """The catalog has what is declared, and nothing is left to do."""
    found = world.drift(schema)
    assert (found.words, found.apart) == ((), ()), (found.words, found.apart)
    settled = settle(found.found, schema)
    assert settled == schema
    assert diff(settled, schema) == ()


def assert_kept(world, change, old_rows, new_rows):
    """Each row is there, with the values of the columns that stay; no NULL where none may be."""
    for old, new in pairs(change.before, change.after, change.renames):
        found = new_rows[new.name]
        assert len(found) == len(old_rows[old.name])
        certain = certain_of(old, new, change.renames)
        told = [told_by(world, was, now) for was, now in certain]
        assert shown(old_rows[old.name], [was.name for was, _ in certain], told) == shown(
            found, [now.name for _, now in certain], told
        )
        for column in new.columns:
            if not column.null:
                assert None not in [row[column.name] for row in found]


def certain_of(old, new, renames):
    """Return the columns that stay, before and after, with the values that they have then."""
    names = origins_of(old, new, renames).items()
    found = [(old.column(was), new.column(name)) for name, was in names]
    return [(was, now) for was, now in found if not now.computed and (now.null or not was.null)]


def shown(rows, names, told):
    """Return the values of some columns, each as it is told."""
    return sorted([tell(row[name]) for name, tell in zip(names, told, strict=True)] for row in rows)


def told_by(world, was, now):
    """Tell a value as it is, or by its meaning where the type is or was another."""
    if world.dialect.type_sql(was.type.plain) == world.dialect.type_sql(now.type.plain):
        return repr
    uuids = {"UUID", "UUIDB"} & {was.type.name, now.type.name}
    return digits if uuids else said


def said(value):
    return repr(None if value is None else meaning(value))


def digits(value):
    """Tell a UUID by its digits, whether it is bytes or a text."""
    if isinstance(value, bytes | memoryview):
        return repr(bytes(value).hex())
    text = None if value is None else str(value).removeprefix("\\x").replace("-", "").lower()
    return repr(text)


def assert_restored(world, change, old_rows, back):
    """On the way back columns that stayed have what they had, but for NULLs that were filled."""
    for old, new in pairs(change.before, change.after, change.renames):
        certain = [pair for pair in certain_of(old, new, change.renames) if not pair[0].computed]
        told = [told_by(world, was, now) for was, now in certain]
        names = [was.name for was, _ in certain]
        assert shown(old_rows[old.name], names, told) == shown(back[old.name], names, told)
