"""Laws of migrations on servers: what guards let pass succeeds, and rows survive."""

from hypothesis import HealthCheck, given, settings
from server_stories import stories
from server_world import MysqlWorld, PostgresWorld, meaning

from peewee_mig.dialects.fills import empty_value
from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import diff
from peewee_mig.diff.renames import pairs
from peewee_mig.errors import GuardError
from peewee_mig.operations import invert_all
from peewee_mig.operations.verbs import Constant

#: One database serves all examples.
one_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
#: MariaDB takes its time for each table.
fewer = settings(one_database, max_examples=settings().max_examples // 5)


@one_database
@given(story=stories("postgres"))
def test_what_no_guard_refuses_succeeds_on_postgresql(postgres, story):
    tell(PostgresWorld(postgres), story)


@fewer
@given(story=stories("mysql"))
def test_what_no_guard_refuses_succeeds_on_mariadb(mysql, story):
    tell(MysqlWorld(mysql), story)


def tell(world, story):
    try:
        there_and_back(world, story.change, story.rows)
    finally:
        world.session.close()


def there_and_back(world, change, rows):
    operations = diff(change.before, change.after, change.renames, change.fills)
    world.build(change.before, rows)
    assert_declared(world, change.before)
    old_rows, before = world.contents(change.before), world.dump()
    try:
        reached = world.run(operations, change.before)
    except GuardError:
        assert world.dump() == before
        return
    assert_declared(world, change.after)
    assert_kept(world, change, old_rows)
    after = world.dump()
    try:
        world.run(invert_all(operations), reached)
    except GuardError:
        assert world.dump() == after
        return
    assert_declared(world, change.before)
    assert_restored(world, change, old_rows)


def assert_declared(world, schema):
    """The catalog has what is declared, and nothing is left to do."""
    found = world.drift(schema)
    assert (found.words, found.apart) == ((), ())
    settled = settle(found.found, schema)
    assert settled == schema
    assert diff(settled, schema) == ()


def assert_kept(world, change, old_rows):
    """Each row is there, with the values of the columns that stay, and the fills."""
    new_rows = world.contents(change.after)
    for old, new in pairs(change.before, change.after, change.renames):
        origins = origins_of(old, new, change.renames)
        told = [c for c in new.columns if c.name in origins or not c.type.auto]
        expected = [
            [will_be(world, row, old, column, origins, fill_of(change, new, column))
             for column in told]
            for row in old_rows[old.name]
        ]  # fmt: skip
        found = [
            [now(world, row[column.name], old, column, origins) for column in told]
            for row in new_rows[new.name]
        ]
        assert sorted(expected) == sorted(found)


def will_be(world, row, old, column, origins, fill):
    """Say what a new column has of an old row."""
    if column.name not in origins:
        return comparable(None if column.null else fill)
    was = old.column(origins[column.name])
    value = row[was.name]
    if value is None and not column.null:
        return comparable(fill)
    return now(world, value, old, column, origins)


def now(world, value, old, column, origins):
    """Say a value of a column of the new schema, by its meaning where it is a new value."""
    if column.name in origins and is_same(world, old.column(origins[column.name]), column):
        return repr(value)
    return comparable(value)


def is_same(world, was, column):
    """Whether a column must keep the very values: those of fills are spelled by the server."""
    same = world.dialect.type_sql(was.type.plain) == world.dialect.type_sql(column.type.plain)
    return same and not (was.null and not column.null)


def comparable(value):
    return repr(None if value is None else meaning(value))


def fill_of(change, table, column):
    """Return the value for existing rows; None where a guard saw that no row needs one."""
    fill = change.fills.get((table.name, column.name))
    if fill is None:
        return None
    return (fill if isinstance(fill, Constant) else empty_value(column.type)).value


def origins_of(old, new, renames):
    """Return the columns that stay: the new name -> the old one."""
    answers = renames.columns_of(new.name)
    staying = {answers.get(name, name): name for name in old.column_names if name in answers}
    for name in old.column_names:
        if name not in answers and name not in answers.values() and new.find_column(name):
            staying[name] = name
    return staying


def assert_restored(world, change, old_rows):
    """On the way back columns that stayed have what they had, but for NULLs that were filled."""
    back = world.contents(change.before)
    for old, new in pairs(change.before, change.after, change.renames):
        origins = origins_of(old, new, change.renames)
        kept = [
            (was, new.column(name))
            for name, was in ((name, old.column(was)) for name, was in origins.items())
            if not was.null or new.column(name).null
        ]
        assert projected(world, old_rows[old.name], kept) == projected(world, back[old.name], kept)


def projected(world, rows, columns):
    return sorted(
        [
            repr(row[was.name]) if is_same(world, was, column) else comparable(row[was.name])
            for was, column in columns
        ]
        for row in rows
    )
