"""A role without rights on some tables: what each command needs, and the grant that helps."""

import re

import pytest
from live_world import BASE, ROWS, LiveWorld

from peewee_mig.commands.baseline import baseline
from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.pull import pull
from peewee_mig.commands.status import status
from peewee_mig.errors import DeniedError, FailedError

MORE = 'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))'
CHECK = """op.add_check("people", op.check("age IN (1, 2, 3)"))"""


@pytest.fixture(params=["postgres", "mysql"])
def two(request, databases, tmp_path):
    """The world of an administrator, and the same for a role that has no right yet."""
    world = LiveWorld(tmp_path, databases(request.param))
    world.write(BASE)
    world.migrate()
    role = world.database.role("clerk")
    return world, LiveWorld(tmp_path, world.database, world.database.url_as(role))


def in_postgres(databases, tmp_path):
    world = LiveWorld(tmp_path, databases("postgres"))
    role = world.database.role("clerk")
    return world, LiveWorld(tmp_path, world.database, world.database.url_as(role))


def granted(world, work, steps):
    """Do a work, giving the rights that its errors ask for; return those, and its result."""
    rights = []
    for _ in range(steps):
        try:
            return rights, work()
        except FailedError as error:
            hint = error.hint
        rights.append(re.findall(r"GRANT .+", hint)[0].partition("; or")[0])
        world.sql(rights[-1])
    raise AssertionError(rights)


def test_looking_needs_what_the_errors_say(two):
    world, clerk = two
    looks = (
        lambda: status(clerk.project).ok,
        lambda: clerk.migrate().up_to_date,
        lambda: find_drift(clerk.project).is_clean,
        lambda: pull(clerk.project).left == (),
    )
    rights, result = granted(world, lambda: [look() for look in looks], 3)
    assert result == [True] * 4
    assert 1 <= len(rights) <= 2
    assert all(right.startswith("GRANT SELECT") for right in rights)


def test_to_migrate_the_grants_that_the_errors_say_are_enough(databases, tmp_path):
    world = LiveWorld(tmp_path, databases("mysql"))
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    world.write(MORE)
    role = world.database.role("clerk")
    clerk = LiveWorld(tmp_path, world.database, world.database.url_as(role))
    rights, done = granted(world, clerk.migrate, 12)
    assert [each.name for each in done.applied] == ["0002_step"]
    assert rights
    assert find_drift(world.project).is_clean


def test_only_the_owner_of_a_table_changes_it(databases, tmp_path):
    world, clerk = in_postgres(databases, tmp_path)
    world.write(BASE)
    world.migrate()
    world.sql(
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {clerk.url.split('//')[1].split(':')[0]}"
    )
    world.write(MORE)
    with pytest.raises(DeniedError, match="lacks a right") as caught:
        clerk.migrate()
    assert "must be owner of table people" in caught.value.original
    assert "migrate as the owner of people" in caught.value.hint
    assert world.applied() == ["0001_step"]
    assert world.sql("SELECT count(*) FROM peewee_mig_lock") == [(0,)]


def test_a_schema_that_the_role_may_not_use_is_no_empty_database(databases, tmp_path):
    world, clerk = in_postgres(databases, tmp_path)
    world.write(BASE)
    world.migrate()
    world.sql("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for command in (status, find_drift, lambda _: clerk.migrate()):
        with pytest.raises(DeniedError, match="may not use the schema public") as caught:
            command(clerk.project)
    world.sql(caught.value.hint.removeprefix("as its owner: "))
    with pytest.raises(DeniedError, match="lacks a right"):
        status(clerk.project)


def test_what_a_role_does_not_see_is_not_missing(databases, tmp_path):
    world = LiveWorld(tmp_path, databases("mysql"))
    world.write(BASE)
    world.migrate()
    role, name = world.database.role("clerk"), world.database.name
    clerk = LiveWorld(tmp_path, world.database, world.database.url_as(role))
    world.sql(f"GRANT SELECT ON {name}.people TO {role}")
    for command in (status, find_drift, lambda _: clerk.migrate()):
        with pytest.raises(DeniedError) as caught:
            command(clerk.project)
        assert f"GRANT SELECT ON `{name}`.* TO '{role}'@'%'" in caught.value.hint
    world.sql(f"GRANT SELECT ON {name}.peewee_mig_history TO {role}")
    assert status(clerk.project).ok
    for command in (find_drift, baseline):
        with pytest.raises(DeniedError, match="does not see all tables and columns") as caught:
            command(clerk.project)
        assert f"GRANT SELECT, SHOW VIEW, TRIGGER ON `{name}`.* TO" in caught.value.hint
    (note,) = pull(clerk.project).notes
    assert "sees only the tables and columns that it has a right on" in note
    world.sql(f"GRANT SELECT (id) ON {name}.notes TO {role}")
    with pytest.raises(DeniedError, match="does not see all"):
        find_drift(clerk.project)
    world.sql(caught.value.hint.removeprefix("as root: "))
    assert find_drift(clerk.project).is_clean


def test_without_temporary_tables_expressions_are_not_taken_for_drift(databases, tmp_path):
    world, clerk = in_postgres(databases, tmp_path)
    world.write(BASE, CHECK)
    world.migrate()
    world.sql(
        "GRANT SELECT ON peewee_mig_history TO PUBLIC",
        f"REVOKE TEMPORARY ON DATABASE {world.database.name} FROM PUBLIC",
    )
    assert find_drift(world.project).notes == ()
    found = find_drift(clerk.project)
    assert found.is_clean
    assert found.notes[0].endswith("taken for equal: the expressions of people")


def test_rows_that_a_policy_hides_are_not_overlooked(databases, tmp_path):
    world, clerk = in_postgres(databases, tmp_path)
    owner = clerk.url.split("//")[1].split(":")[0]
    world.sql(f"GRANT CREATE ON SCHEMA public TO {owner}")
    clerk.write(BASE)
    clerk.migrate()
    world.sql(
        *ROWS,
        "ALTER TABLE people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON people USING (false)",
    )
    clerk.write("""op.add_unique("people", op.unique("age"))""")
    with pytest.raises(DeniedError) as caught:
        clerk.migrate()
    assert "row-level security policy" in caught.value.original
    assert caught.value.hint == f"let it see all rows: ALTER ROLE {owner} BYPASSRLS"
    world.sql(f"ALTER ROLE {owner} BYPASSRLS")
    clerk.migrate()
    world.sql(f"DROP OWNED BY {owner} CASCADE")
