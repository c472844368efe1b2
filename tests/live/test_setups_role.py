"""``role``: the one that owns the tables, which users of the server take to migrate."""

from contextlib import closing

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld

from peewee_mig.commands.config import Options
from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.project import open_project
from peewee_mig.commands.status import status
from peewee_mig.errors import DeniedError, FailedError
from peewee_mig.runner.connect import connected

CONCURRENTLY = (
    'op.run_sql("CREATE INDEX CONCURRENTLY late ON people (age)", "DROP INDEX CONCURRENTLY late")'
)


@pytest.fixture(params=["postgres", "psycopg"])
def member(request, databases, tmp_path):
    """A world of a user without rights; ``owner``: a role that may create tables."""
    world = LiveWorld(tmp_path, databases(request.param))
    owner, user = (world.database.role(suffix) for suffix in ("owner", "user"))
    world.sql(f'GRANT CREATE ON SCHEMA public TO "{owner}"')
    world.url, world.owner, world.user = world.database.url_as(user), owner, user
    world.settings["role"] = owner
    world.write(BASE)
    yield world
    world.sql(f"DROP OWNED BY {owner} CASCADE")


def owners(world):
    return world.sql(
        "SELECT DISTINCT relowner::regrole::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
    )


def test_all_that_is_made_and_recorded_belongs_to_the_role(member):
    member.sql(f"GRANT {member.owner} TO {member.user}")
    member.migrate()
    member.sql(*ROWS)
    member.write(BUMP)
    member.write(CONCURRENTLY, atomic=False)
    member.migrate()
    assert owners(member) == [(member.owner,)]
    assert status(member.project).ok
    assert find_drift(member.project).drift.lines == ("index late of people is not expected",)
    member.rollback("2")
    assert member.applied() == ["0001_step"]


def test_a_role_that_cannot_be_taken_is_told_before_anything_else(member):
    with pytest.raises(DeniedError, match=f"may not take the role {member.owner}") as caught:
        member.migrate()
    member.sql(caught.value.hint.removeprefix("as an administrator: "))
    member.migrate()
    member.settings["role"] = "no such role"
    with pytest.raises(FailedError, match="has no role no such role") as caught:
        status(member.project)
    assert 'CREATE ROLE "no such role"' in caught.value.hint


def test_rights_are_asked_for_the_role(member):
    member.sql(f"GRANT {member.owner} TO {member.user}")
    member.sql(f"REVOKE CREATE ON SCHEMA public FROM {member.owner}")
    with pytest.raises(DeniedError) as caught:
        member.migrate()
    assert caught.value.hint.endswith(f"GRANT USAGE, CREATE ON SCHEMA public TO {member.owner}")


def test_a_session_knows_itself_and_the_others_whatever_its_role(member):
    member.sql(f"GRANT {member.owner} TO {member.user}")
    options = {"root": member.folder, "create": False, "role": member.owner}
    with connected(member.url, **options) as one, connected(member.url, **options) as two:
        backend = one.session.backend
        assert "None" not in backend
        assert two.session.backend != backend
        pid, _, _ = backend.partition("/")
        assert not two.session.is_gone(backend)
        assert two.session.is_gone(f"{pid}/2001-01-01T00:00:00.000000")
        assert two.session.query("SELECT current_user::text") == [(member.owner,)]
        with closing(two.session.twin()) as twin:
            assert twin.query("SELECT current_user::text") == [(member.owner,)]
        with one.session.transaction(wait=0):
            assert one.session.query("SELECT current_user::text") == [(member.owner,)]


def test_a_role_of_mariadb(databases, tmp_path):
    database = databases("mysql")
    if "MariaDB" not in database.sql("SELECT version()")[0][0]:
        pytest.skip("what MySQL says of roles is its own")
    role, user = f"{database.name}_r", database.role("user")
    world = LiveWorld(tmp_path, database, database.url_as(user), settings={"role": role})
    world.write(BASE)
    try:
        with pytest.raises(DeniedError, match=f"may not take the role {role}") as caught:
            world.migrate()
        for statement in caught.value.hint.removeprefix("as root: ").split("; "):
            world.sql(statement)
        with pytest.raises(DeniedError) as caught:
            world.migrate()
        assert f"GRANT ALL ON `{database.name}`.* TO `{role}`" in caught.value.hint
        world.sql(f"GRANT ALL ON {database.name}.* TO {role}")
        world.migrate()
        assert status(world.project).ok
        assert find_drift(world.project).is_clean
        world.sql(f"REVOKE ALL ON {database.name}.* FROM {role}")
        world.sql(f"GRANT SELECT ON {database.name}.* TO {role}")
        (note,) = find_drift(world.project).notes
        assert note.endswith(f"GRANT TRIGGER ON `{database.name}`.* TO `{role}`")
    finally:
        world.sql(f"DROP ROLE IF EXISTS {role}")


def test_where_a_role_is_named(tmp_path):
    (tmp_path / "peewee_mig.toml").write_text(
        'database = "app.db"\nrole = "app"\n[env.prod]\nrole = "owner"\n'
    )
    found = [
        open_project(options, environ, tmp_path).role
        for options, environ in (
            (Options(), {}),
            (Options(env="prod"), {}),
            (Options(), {"PEEWEE_MIG_ROLE": "other"}),
        )
    ]
    assert found == ["app", "owner", "other"]


def test_a_file_has_no_roles(tmp_path):
    with connected("app.db", root=tmp_path, create=True, role="app") as connection:
        assert connection.session.query("SELECT 1") == [(1,)]
