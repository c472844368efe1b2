"""SQL that would reach beyond a scratch database is refused; all other is not."""

from contextlib import contextmanager

import pytest
from compare_world import PEOPLE, World

from peewee_mig.commands.verifying.reaching import refuse_reaching
from peewee_mig.errors import RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.runner.scratch import Scratch


class Place(Scratch):
    label = "a server"

    def __init__(self, engine, names=()):
        self.engine, self.names = engine, names

    @contextmanager
    def new(self, *, skips, schemas=()):
        raise AssertionError("nothing is run where a word of the SQL reaches further")

    def databases(self):
        return self.names


def refuse(tmp_path, engine, sql, names=()):
    world = World(tmp_path)
    world.write(PEOPLE, f"op.run_sql({sql!r}, [])")
    refuse_reaching(read_history(world.migrations), Place(engine, names))


@pytest.mark.parametrize(
    ("engine", "sql"),
    [
        ("sqlite", "VACUUM INTO 'other.db'"),
        ("postgres", "COPY (SELECT 1) TO PROGRAM 'rm x'"),
        ("postgres", "COPY people TO '/srv/people.csv'"),
        ("postgres", "SELECT lo_export(1, '/srv/x')"),
        ("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"),
        ("postgres", "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p"),
        ("postgres", "GRANT admin TO app"),
        ("postgres", "SELECT 1;\nREVOKE admin FROM app; GRANT SELECT ON people TO app"),
        ("postgres", "DROP OWNED BY app"),
        ("mysql", "GRANT SELECT ON people TO app"),
        ("mysql", "REVOKE ALL PRIVILEGES ON *.* FROM app"),
        ("mysql", "SELECT * FROM people INTO OUTFILE '/srv/x'"),
        ("mysql", "SET PASSWORD FOR app = PASSWORD('x')"),
        ("mysql", "RENAME USER app TO other"),
        ("mysql", "FLUSH LOGS"),
    ],
)
def test_what_acts_on_the_server_is_refused(tmp_path, engine, sql):
    with pytest.raises(RefusedError, match="0002_step reaches beyond its own database") as refused:
        refuse(tmp_path, engine, sql)
    assert "--scratch" not in refused.value.hint  # no server is far enough away


@pytest.mark.parametrize(
    ("engine", "sql"),
    [
        ("postgres", "GRANT SELECT ON people TO app"),
        ("postgres", "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app"),
        ("postgres", "UPDATE people SET name = 'TO x' WHERE name <> 'grant admin to app'"),
        ("postgres", "CREATE INDEX a ON people (name); COMMENT ON TABLE people IS 'copy'"),
        ("mysql", "UPDATE people SET name = 'kill'"),
        ("mysql", "INSERT INTO people (name) SELECT name FROM people"),
    ],
)
def test_what_stays_inside_is_not_refused(tmp_path, engine, sql):
    refuse(tmp_path, engine, sql, names=("shop",) if engine == "mysql" else ())


def test_another_server_helps_where_only_a_name_is_in_the_way(tmp_path):
    with pytest.raises(RefusedError) as refused:
        refuse(tmp_path, "mysql", "DELETE FROM shop.people", names=("shop",))
    assert "--scratch URL" in refused.value.hint
