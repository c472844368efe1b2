"""A type changes by an expression of the user's: rows there and back, on every engine."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import GuardError, MigError, RefusedError

WAYS = {
    "sqlite": ("datetime(at, 'unixepoch')", "CAST(strftime('%s', at) AS INTEGER)"),
    "postgres": ("to_timestamp(at) AT TIME ZONE 'UTC'", "EXTRACT(epoch FROM at)"),
    "mysql": (
        "TIMESTAMPADD(SECOND, at, '1970-01-01 00:00:00')",
        "TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', at)",
    ),
}
USING = {engine: ways[0] for engine, ways in WAYS.items()}
BACK = {engine: ways[1] for engine, ways in WAYS.items()}
TABLES = (
    'op.create_table("log", op.column("at", "INT"), op.primary_key("at"))',
    """op.create_table("event", op.column("id", "AUTO"), op.column("at", "INT"),
        op.column("kind", "INT", default="1"),
        op.primary_key("id"), op.index("event_at", "at", unique=True),
        op.index("both", ("kind", "at")))""",
)
TIMES = (1_700_000_000, 1_700_000_060)
ROWS = f"INSERT INTO event (at) VALUES ({TIMES[0]}), ({TIMES[1]})"


def change(using=USING, back=BACK, new='op.column("at", "DATETIME")'):
    return (
        f'op.alter_column("event", old=op.column("at", "INT"), new={new},'
        f" using={using!r}, using_back={back!r})"
    )


@pytest.fixture
def world(tmp_path, live):
    made = LiveWorld(tmp_path, live)
    made.write(TABLES)
    made.migrate()
    made.sql(ROWS)
    return made


def test_rows_go_there_and_back(world):
    before = world.schema()
    world.write((change(), 'op.rename_column("event", "at", "seen")'))
    world.migrate()
    assert [str(seen)[:19] for (seen,) in world.sql("SELECT seen FROM event ORDER BY 1")] == [
        "2023-11-14 22:13:20",
        "2023-11-14 22:14:20",
    ]
    (event,) = (each for each in world.schema() if each.name == "event")
    assert {(each.columns, each.unique) for each in event.indexes} == {
        (("seen",), True),
        (("kind", "seen"), False),
    }
    world.rollback()
    assert world.schema() == before
    assert tuple(at for (at,) in world.sql("SELECT at FROM event ORDER BY 1")) == TIMES


@pytest.mark.parametrize(
    ("using", "new", "words"),
    [
        ("nullif(at, 1700000060)", 'op.column("at", "BIGINT")', "event has rows where .* is NULL"),
        ("at / at", 'op.column("at", "BIGINT")', "two rows of event have the same at"),
    ],
)
def test_rows_that_the_expression_does_not_suit_stop_it_first(world, using, new, words):
    before = world.state()
    world.write(change(using, None, new))
    with pytest.raises(GuardError, match=words) as caught:
        world.migrate()
    assert caught.value.exit_code == 5
    assert world.state() == before


def test_an_engine_without_an_expression_asks_for_rows(world):
    others = {engine: sql for engine, sql in USING.items() if engine != world.database.engine}
    world.write(change(others, None))
    with pytest.raises(GuardError, match="none can become DATETIME"):
        world.migrate()
    world.sql("DELETE FROM event")
    world.migrate()
    world.rollback()


@pytest.mark.parametrize("wrong", ["nosuch(at)", "at WHERE 1 = 0", "at, kind"])
def test_what_is_no_expression_changes_nothing(world, wrong):
    before = world.schema()
    world.write(change(wrong, None, 'op.column("at", "BIGINT", null=True)'))
    with pytest.raises(MigError) as caught:
        world.migrate()
    assert "event.at" in caught.value.where
    assert world.schema() == before
    assert world.applied() == ["0001_step"]


def test_triggers_that_would_see_values_come_and_go_are_in_the_way(mysql, tmp_path):
    world = LiveWorld(tmp_path, mysql)
    world.write(TABLES)
    world.migrate()
    world.sql(ROWS, "CREATE TRIGGER t BEFORE UPDATE ON event FOR EACH ROW SET NEW.kind = 2")
    before = world.state()
    world.write(change())
    with pytest.raises(RefusedError, match="trigger t of event would fire"):
        world.migrate()
    assert world.state() == before
    world.sql("DROP TRIGGER t")
    world.migrate()


def test_the_way_out_of_a_rollback_names_its_own_expression(world):
    world.write(change(USING, None))
    world.migrate()
    with pytest.raises(GuardError) as caught:
        world.rollback()
    assert "say what these become (using_back in the migration)" in caught.value.hint
