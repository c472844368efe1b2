"""Tables of PostgreSQL that are partitioned before the history says so."""

import pytest
from live_world import LiveWorld

from peewee_mig.commands.baseline import baseline
from peewee_mig.errors import RefusedError

TABLE = """op.create_table("event", op.column("id", "INT"), op.column("day", "INT"),
    op.primary_key("id", "day"))"""
MADE = (
    "CREATE TABLE event (id int NOT NULL, day int NOT NULL, PRIMARY KEY (id, day))"
    " PARTITION BY RANGE (day, (id + 1))"
)
OTHER = MADE.replace("RANGE (day, (id + 1))", "LIST (day)")
MADE = MADE.replace(", PRIMARY KEY (id, day)", "")  # none can be over an expression
NO_KEY = TABLE.replace(',\n    op.primary_key("id", "day")', "")


def declares(key, before=""):
    words = f"""op.options({f"PARTITION BY {key}"!r})"""
    return (
        *((before,) if before else ()),
        f'op.alter_options("event", old=op.options(), new={words})',
        'op.add_column("event", op.column("note", "TEXT", null=True))',
    )


@pytest.fixture
def world(databases, tmp_path):
    return LiveWorld(tmp_path, databases("postgres"))


def recorded(world, table, made):
    world.write(table)
    world.sql(made)
    baseline(world.project, target="0001", force=True)


def refused(world, match):
    before = world.state()
    with pytest.raises(RefusedError, match=match) as caught:
        world.migrate()
    assert world.state() == before
    assert "declare a second table" in caught.value.hint
    assert caught.value.where


def test_it_is_taken_down_however_the_catalog_spells_it(world):
    recorded(world, NO_KEY, MADE)
    world.write(declares('RANGE("day", ("id"+1))'))
    world.migrate()
    (table,) = world.schema()
    assert table.options.partitions == 'PARTITION BY RANGE("day", (("id" + 1)))'
    assert "note" in table.column_names


def test_another_way_is_refused_first(world):
    recorded(world, TABLE, OTHER)
    world.write(declares('RANGE("day")'))
    refused(world, r'it has PARTITION BY LIST\("day"\), and is to have PARTITION BY RANGE\("day"\)')


def test_a_plain_table_stays_one(world):
    world.write(TABLE)
    world.migrate()
    world.write(declares('RANGE("day")'))
    refused(world, "it has no PARTITION BY, and is to have")


def test_behind_a_rename_it_is_looked_up_when_it_has_its_name(world):
    recorded(world, TABLE, OTHER)
    rename = 'op.rename_column("event", "day", "at")'
    world.write(declares('LIST("at")', rename))
    world.migrate()
    (table,) = world.schema()
    assert table.options.partitions == 'PARTITION BY LIST("at")'


def test_behind_a_rename_another_way_is_refused_and_undone(world):
    recorded(world, TABLE, OTHER)
    world.write(declares('RANGE("at")', 'op.rename_column("event", "day", "at")'))
    refused(world, r'it has PARTITION BY LIST\("at"\)')


def test_ones_own_sql_may_make_it_so(world):
    world.write(TABLE)
    world.migrate()
    again = f'op.run_sql(["DROP TABLE event", {OTHER!r}], backward=[])'
    world.write(declares('LIST("day")', again))
    world.migrate()


def test_it_is_said_offline(world, capsys):
    world.write(TABLE, declares('LIST("day")'))
    assert world.cli("sql", "0002", "--dialect", "postgres") == 0
    assert '-- assumes that table event has PARTITION BY LIST("day") already' in (
        capsys.readouterr().out
    )
