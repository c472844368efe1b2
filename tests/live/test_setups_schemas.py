"""Several schemas, partitions, foreign tables, views, extensions: what is ours, and what is not."""

import pytest
from live_world import LiveWorld

from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.pull import pull
from peewee_mig.commands.status import status
from peewee_mig.errors import FailedError

TABLE = """op.create_table(
    "{}",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(50)"),
    op.primary_key("id"),
    op.index("{}_name", "name"),
)"""
KEYED = """op.create_table(
    "audit.entry",
    op.column("id", "AUTO"),
    op.column("person_id", "INT"),
    op.primary_key("id"),
    op.foreign_key("person_id", "person", "id"),
)"""
PARTITIONED = """op.create_table(
    "event",
    op.column("id", "INT"),
    op.column("note", "VARCHAR(50)", null=True),
    op.primary_key("id"),
    op.options('PARTITION BY RANGE("id")'),
)"""
PERSON = TABLE.format("person", "person")


@pytest.fixture
def world(postgres, tmp_path):
    return LiveWorld(tmp_path, postgres)


def apart(world):
    found = find_drift(world.project)
    assert found.is_clean, found.drift.lines
    return {(each.kind, each.name) for each in found.drift.apart}


def has_extension(world, name):
    if not world.sql(f"SELECT 1 FROM pg_available_extensions WHERE name = '{name}'"):
        pytest.skip("this PostgreSQL comes without extensions")


def test_tables_go_to_the_first_schema_of_search_path_and_others_are_named(world):
    world.sql(
        "CREATE SCHEMA app",
        "CREATE SCHEMA audit",
        "CREATE TABLE public.person (somebody_elses int)",
    )
    world.url += "?options=-csearch_path=app,public"
    world.write((PERSON, KEYED))
    world.migrate()
    assert world.sql(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('app', 'audit')"
        " ORDER BY 1, 2"
    ) == [
        ("app", "peewee_mig_history"),
        ("app", "peewee_mig_lock"),
        ("app", "person"),
        ("audit", "entry"),
    ]
    assert apart(world) == set()
    world.sql("ALTER TABLE audit.entry ADD x int", "ALTER TABLE public.person ADD y int")
    assert find_drift(world.project).drift.lines == ("column audit.entry.x is not expected",)
    world.sql("ALTER TABLE audit.entry DROP x")
    world.rollback("zero")
    assert world.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'audit'") == []
    assert world.sql("SELECT count(*) FROM public.person") == [(0,)]


def test_a_history_in_a_schema_beside_search_path_is_told(world):
    world.sql("CREATE SCHEMA app")
    plain, world.url = world.url, f"{world.url}?options=-csearch_path=app"
    world.write(PERSON)
    world.migrate()
    world.url = plain
    found = status(world.project)
    assert found.pending == 1
    (note,) = found.notes
    assert "peewee_mig_history is in the schema app" in note
    assert world.migrate(dry_run=True).warnings == found.notes


def test_an_empty_history_that_search_path_finds_is_nowhere_else(world):
    world.write(PERSON)
    world.migrate()
    world.rollback("zero")
    assert status(world.project).notes == ()
    assert world.migrate().warnings == ()


def test_a_schema_that_is_not_there_is_told(world):
    world.url += "?options=-csearch_path=nowhere"
    world.write(PERSON)
    for command in (lambda: status(world.project), world.migrate):
        with pytest.raises(FailedError, match="none of the schemas in search_path exists"):
            command()


def test_partitions_are_made_by_hand_and_change_with_their_table(world):
    world.write(PARTITIONED)
    world.migrate()
    world.sql(
        "CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (10)",
        "CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20)",
        "CREATE INDEX only_here ON event_2 (id, note)",
        "INSERT INTO event VALUES (1, 'a'), (10, 'b')",
    )
    assert apart(world) == set()
    world.write(
        (
            'op.add_column("event", op.column("kind", "INT"), fill=7)',
            'op.create_index("event", op.index("event_note", "note"))',
        )
    )
    world.migrate()
    assert world.sql("SELECT id, kind FROM event_2") == [(10, 7)]
    assert len(world.sql("SELECT 1 FROM pg_indexes WHERE indexdef LIKE '%btree (note)'")) == 3
    assert apart(world) == set()
    world.rollback("1", allow_data_loss=["event.kind"])
    assert world.sql("SELECT * FROM event_2") == [(10, "b")]


def test_foreign_tables_and_views_stand_apart(world):
    has_extension(world, "postgres_fdw")
    world.write(PERSON)
    world.migrate()
    world.sql(
        "CREATE EXTENSION postgres_fdw",
        "CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'elsewhere')",
        "CREATE FOREIGN TABLE remote (id int) SERVER there",
        "CREATE VIEW names AS SELECT name FROM person",
        "CREATE MATERIALIZED VIEW kept AS SELECT name FROM person",
    )
    assert apart(world) >= {
        ("foreign table", "remote"),
        ("view", "names"),
        ("materialized view", "kept"),
    }
    left = {(each.kind, each.name) for each in pull(world.project).left}
    assert ("foreign table", "remote") in left
    world.write('op.add_column("person", op.column("town", "INT", null=True))')
    world.migrate()
    world.rollback("1")
    assert world.sql("SELECT count(*) FROM names") == [(0,)]


def test_what_an_extension_brings_is_neither_drift_nor_pulled(world):
    has_extension(world, "hstore")
    world.write(PERSON)
    world.migrate()
    world.sql(
        "CREATE EXTENSION hstore",
        "CREATE TABLE of_extension (id serial PRIMARY KEY, x int CHECK (x > 0))",
        "CREATE VIEW view_of_extension AS SELECT x FROM of_extension",
        "CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER of_extension BEFORE INSERT ON of_extension"
        " FOR EACH ROW EXECUTE FUNCTION fires()",
        "ALTER EXTENSION hstore ADD TABLE of_extension",
        "ALTER EXTENSION hstore ADD VIEW view_of_extension",
        "ALTER EXTENSION hstore ADD FUNCTION fires()",
    )
    assert apart(world) == {("extension", "hstore")}
    pulled = pull(world.project)
    assert pulled.tables == 1
    assert "of_extension" not in pulled.files[0][1]
    assert not any("of_extension" in each.name for each in pulled.left)
    world.rollback("zero")
    assert world.sql("SELECT count(*) FROM of_extension") == [(0,)]
