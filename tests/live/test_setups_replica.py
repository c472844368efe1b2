"""A server that takes no changes: a standby of PostgreSQL, or one that is set to read only."""

from types import SimpleNamespace

import pytest
from live_world import LiveWorld
from servers.binaries import MissingError
from servers.standby import standby

from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.pull import pull
from peewee_mig.commands.status import status
from peewee_mig.errors import FailedError

#: Of which a server keeps words of its own.
TABLE = """op.create_table(
    "price",
    op.column("id", "AUTO"),
    op.column("amount", "INT"),
    op.column("state", "VARCHAR(9)", default="'new'"),
    op.primary_key("id"),
    op.check("amount IN (1, 2)"),
    op.index("open_prices", "amount", named=True, where="state = 'new'"),
)"""
MORE = 'op.add_column("price", op.column("note", "INT", null=True))'
#: The same without what MariaDB lacks.
PLAIN = TABLE.replace(
    """    op.index("open_prices", "amount", named=True, where="state = 'new'"),\n""", ""
)


@pytest.fixture
def two(postgres, tmp_path):
    """Two worlds of one project: the primary, and its replica; ``follow()`` brings it up."""
    primary = LiveWorld(tmp_path, postgres)
    primary.write(TABLE)
    primary.migrate()
    try:
        with standby(postgres.url) as follower:
            url = follower.url_of(postgres.url)
            replica = LiveWorld(tmp_path, postgres, url)
            follow = lambda: follower.catch_up(postgres)  # noqa: E731 (one line)
            yield SimpleNamespace(primary=primary, replica=replica, follow=follow)
    except MissingError as error:
        pytest.skip(f"no standby: {error}")


def test_a_replica_is_read_and_never_changed(two):
    two.follow()
    assert status(two.replica.project).ok
    assert two.replica.migrate().up_to_date
    two.primary.write(MORE)
    assert status(two.replica.project).pending == 1
    for change in (two.replica.migrate, two.replica.rollback):
        with pytest.raises(FailedError, match="takes no changes: it is a replica") as caught:
            change()
        assert "the primary server" in caught.value.hint
        assert caught.value.committed == "nothing was changed"
    two.primary.migrate()
    two.follow()
    assert two.replica.migrate().up_to_date


def test_what_a_replica_cannot_be_asked_is_told_and_no_drift(two):
    two.follow()
    found = find_drift(two.replica.project)
    assert found.is_clean
    (note,) = found.notes
    assert note.endswith("taken for equal: the expressions of price")
    assert pull(two.replica.project).left == ()
    two.primary.sql("ALTER TABLE price ADD note INT, DROP CONSTRAINT price_amount_check")
    two.follow()
    assert find_drift(two.replica.project).drift.lines == (
        "check (amount IN (1, 2)) of price is missing",
        "column price.note is not expected",
    )


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_server_that_is_set_to_read_only(engine, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(engine))
    world.write(TABLE if engine == "postgres" else PLAIN)
    world.migrate()
    world.write(MORE)
    role = world.database.role("app")
    url = world.database.url_as(role)
    if engine == "postgres":
        world.sql(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"ALTER ROLE {role} SET default_transaction_read_only = on",
        )
    else:
        world.sql(f"GRANT ALL ON {world.database.name}.* TO {role}")
        url += "?init_command=SET SESSION TRANSACTION READ ONLY"
    reader = LiveWorld(tmp_path, world.database, url)
    assert status(reader.project).pending == 1
    assert find_drift(reader.project).is_clean
    with pytest.raises(FailedError, match="takes no changes") as caught:
        reader.migrate()
    assert caught.value.committed == "nothing was changed"
    assert world.applied() == ["0001_step"]
