"""MariaDB: what a run that failed leaves, and what the next command makes of it."""

from dataclasses import replace

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld

from peewee_mig.commands.landing import Landed
from peewee_mig.commands.migrate import migrate
from peewee_mig.errors import BusyError, ConsentError, ExistsError, MigError
from peewee_mig.runner import execution

ADD_TWO = (
    'op.add_column("people", op.column("width", "INT", null=True))',
    'op.add_column("people", op.column("height", "INT", null=True))',
)


@pytest.fixture
def world(mysql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(execution, "PAUSE", (0.01, 0.02))
    world = LiveWorld(tmp_path, mysql)
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    return world


@pytest.fixture
def unseen(monkeypatch):
    """What others made is not there yet when a run looks for it, before its first statement."""
    monkeypatch.setattr(
        "peewee_mig.commands.migrate.land",
        lambda _project, _runner, target, *_, **__: Landed((), target),
    )


def states(world):
    return world.sql("SELECT name, state, direction FROM peewee_mig_history ORDER BY id")


def hold(world, table):
    """Hold a table in another session until the connection is closed."""
    connection = world.database.connect()
    cursor = connection.cursor()
    cursor.execute("START TRANSACTION")
    cursor.execute(f"SELECT * FROM {table}")
    return connection


def impatient(world):
    (world.folder / "peewee_mig.toml").write_text("lock_timeout = 0.1\n")
    return world


def test_a_way_back_that_did_nothing_is_not_finished_by_migrate(world, capsys):
    names = world.write(ADD_TWO)
    world.migrate()
    world.sql("UPDATE people SET height = 7")
    before = world.sql("SELECT * FROM peewee_mig_history")
    holder = hold(impatient(world), "people")
    assert world.cli("rollback", "--allow-data-loss", "all") == 4
    assert "committed: nothing was changed" in capsys.readouterr().err
    holder.close()
    assert world.sql("SELECT * FROM peewee_mig_history") == before
    assert world.cli("migrate") == 0
    assert world.sql("SELECT DISTINCT height FROM people") == [(7,)]
    assert states(world)[-1] == (names[0], "applied", "forward")


def test_a_migration_that_did_nothing_is_pending_again(world):
    world.write(ADD_TWO)
    holder = hold(impatient(world), "people")
    assert world.cli("migrate") == 4
    holder.close()
    assert len(states(world)) == 1
    assert world.sql("SELECT * FROM peewee_mig_journal") == []


@pytest.mark.usefixtures("unseen")
def test_a_column_that_is_there_already_is_told_with_a_way_out(world):
    world.write(ADD_TWO)
    world.sql("ALTER TABLE people ADD COLUMN height INT")
    with pytest.raises(ExistsError) as caught:
        world.migrate()
    assert "1 statement of 0002_step" in caught.value.committed
    assert "remove what is there already" in caught.value.hint
    assert states(world)[-1] == ("0002_step", "running", "forward")
    world.sql("ALTER TABLE people DROP COLUMN height")
    world.migrate()
    assert states(world)[-1] == ("0002_step", "applied", "forward")


def half_undone(world):
    """Undo half of a migration: its second column is dropped, then its SQL fails."""
    names = world.write((ADD_TWO[0], 'op.run_sql("DO 1", "CALL missing()")', ADD_TWO[1]))
    world.migrate()
    with pytest.raises(MigError):
        world.rollback(allow_data_loss=["all"])
    assert states(world)[-1] == (names[0], "running", "backward")
    assert [c.name for c in world.schema().table("people").columns][-1] == "width"
    return names[0]


def test_rows_that_came_since_a_way_back_stopped_are_not_lost_unasked(world):
    name = half_undone(world)
    world.edit(name, '"CALL missing()"', '"DO 1"')
    world.sql("UPDATE people SET width = 3")
    world.sql("UPDATE peewee_mig_journal SET state = 'planned' WHERE state = 'failed'")
    with pytest.raises(ConsentError, match=r"people\.width"):
        world.migrate()
    assert world.sql("SELECT DISTINCT width FROM people") == [(3,)]
    world.rollback(allow_data_loss=["people.width"])
    assert [each[0] for each in states(world)] == ["0001_step"]


def test_a_way_back_keeps_what_the_row_knew(world):
    name = half_undone(world)
    world.edit(name, '"CALL missing()"', '"DO 1"')
    world.sql("UPDATE peewee_mig_journal SET state = 'planned' WHERE state = 'failed'")
    world.migrate()
    assert states(world)[-1] == (name, "applied", "forward")


def test_waiting_is_said_before_it_is_given_up(world):
    world.write(BUMP)
    world.write(ADD_TWO[0])
    holder = hold(impatient(world), "people")
    with pytest.raises(BusyError):
        migrate(replace(world.project, lock_timeout=0.1), listener=world.events.append)
    holder.close()
    assert [event.kind for event in world.events].count("waiting") == 1
