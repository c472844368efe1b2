"""Laws of migrations on servers: what guards let pass succeeds, and rows survive."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, event, given, settings
from server_stories import histories, stories
from server_world import MysqlWorld, PostgresWorld, meaning

from peewee_mig.commands import push
from peewee_mig.commands.answers import Answers
from peewee_mig.commands.project import Project
from peewee_mig.dialects.fills import empty_value
from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import diff
from peewee_mig.diff.renames import pairs
from peewee_mig.errors import GuardError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.writing import write_migration
from peewee_mig.operations import invert_all
from peewee_mig.operations.verbs import Constant
from peewee_mig.runner.run import Runner
from peewee_mig.schema import Schema
from peewee_mig.sources.read import ModelSchema

#: One database serves all examples.
one_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
#: A history is several changes, and MariaDB takes its time for each table.
some = settings(one_database, max_examples=settings().max_examples // 2)
fewer = settings(one_database, max_examples=settings().max_examples // 5)


@one_database
@given(story=stories("postgres"))
def test_what_no_guard_refuses_succeeds_on_postgresql(postgres, story):
    tell(PostgresWorld(postgres), story)


@fewer
@given(story=stories("mysql"))
def test_what_no_guard_refuses_succeeds_on_mariadb(mysql, story):
    tell(MysqlWorld(mysql), story)


@some
@given(changes=histories("postgres"))
def test_a_history_leads_there_back_and_there_again_on_postgresql(postgres, changes):
    follow(PostgresWorld(postgres), changes)


@fewer
@given(changes=histories("mysql"))
def test_a_history_leads_there_back_and_there_again_on_mariadb(mysql, changes):
    follow(MysqlWorld(mysql), changes)


def follow(world, changes):
    with closing(world.session), TemporaryDirectory() as folder:
        world.clear()
        history = written(Path(folder), changes)
        runner = Runner(world.session, world.dialect, history, HistoryTable(world.dialect))
        for target in ("head", "zero", "head"):
            assert len(runner.run(target, {})) == len(history.names)
            schema = history.last_schema if target == "head" else Schema()
            assert_declared(world, schema)
        for name in reversed(history.names):
            runner.run(name, {})
            assert_declared(world, history.schema_at(name))


def written(directory, changes):
    """Write a history of one migration for each change, and read it."""
    for number, change in enumerate(changes, start=1):
        history = read_history(directory)
        operations = diff(history.last_schema, change.after, change.renames)
        on = [history.head] if history.head else []
        text = render_module(operations, depends_on=on)
        write_migration(history, f"{number:04}_step", text)
    return read_history(directory)


@some
@given(changes=histories("postgres"))
def test_a_second_push_is_empty_on_postgresql(postgres, changes, monkeypatch):
    push_each(PostgresWorld(postgres), postgres.url, changes, monkeypatch)


@fewer
@given(changes=histories("mysql"))
def test_a_second_push_is_empty_on_mariadb(mysql, changes, monkeypatch):
    push_each(MysqlWorld(mysql), mysql.url, changes, monkeypatch)


def push_each(world, url, changes, monkeypatch):
    with closing(world.session):
        world.clear()
        for change in changes:
            schema = change.after
            monkeypatch.setattr(push, "find_models", lambda *_, **__: ())
            monkeypatch.setattr(
                push, "read_models", lambda *_, s=schema: ModelSchema(s, {}, {}, {}, {})
            )
            pushed(url)
            assert_declared(world, schema)
            assert pushed(url).up_to_date


def pushed(url):
    project = Project(Path(), Path("migrations"), models=("models",), database=url)
    answers = Answers(no_renames=True, before="the database")
    return push.push(project, answers=answers, environ={}, allow_data_loss=["all"])


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
        event("a guard refuses")
        assert world.dump() == before
        return
    assert_declared(world, change.after)
    assert_kept(world, change, old_rows)
    after = world.dump()
    try:
        world.run(invert_all(operations), reached)
    except GuardError:
        event("a guard refuses the way back")
        assert world.dump() == after
        return
    assert_declared(world, change.before)
    assert_restored(world, change, old_rows)


def assert_declared(world, schema):
    """The catalog has what is declared besides our own tables, and nothing is left to do."""
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
    lost = set(answers.values()) - answers.keys()
    names = {name: answers.get(name, name) for name in old.column_names if name not in lost}
    return {now: was for was, now in names.items() if was in answers or new.find_column(now)}


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
