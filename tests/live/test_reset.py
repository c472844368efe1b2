"""reset on live databases of every engine: all that the history made goes, and nothing else."""

import pytest
from live_world import LiveWorld

from peewee_mig.commands import reset_run
from peewee_mig.commands.reset import reset
from peewee_mig.errors import ConsentError, FailedError, HistoryError, RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.history.table import HistoryTable

#: Two tables that refer to each other and one more, so that no order of drops is free.
TABLES = (
    """op.create_table(
    "teams", op.column("id", "AUTO"), op.column("lead_id", "INT", null=True),
    op.primary_key("id"),
)""",
    """op.create_table(
    "people", op.column("id", "AUTO"), op.column("team_id", "INT", null=True),
    op.column("name", "VARCHAR(50)"), op.primary_key("id"), op.index("people_team_id", "team_id"),
    op.foreign_key("team_id", "teams", "id"),
)""",
    'op.create_index("teams", op.index("teams_lead_id", "lead_id"))',
    'op.add_foreign_key("teams", op.foreign_key("lead_id", "people", "id"))',
)
VIEWS = (
    'op.create_object(op.view("names", "SELECT name FROM people", needs=["people"]))',
    'op.create_object(op.view("a_view", "SELECT name FROM names", needs=["names"]))',
)
TOUCH = {
    "sqlite": (
        """op.create_object(op.trigger("touch", "people", create="CREATE TRIGGER touch AFTER INSERT"
        " ON people BEGIN UPDATE teams SET lead_id = NULL; END", drop="DROP TRIGGER touch"))""",
        'op.create_object(op.virtual_table("papers", "fts5", "text"))',
    ),
    "mysql": (
        """op.create_object(op.trigger("touch", "people", create="CREATE TRIGGER touch AFTER INSERT"
        " ON people FOR EACH ROW SET @x = 1", drop="DROP TRIGGER touch"))""",
    ),
    "postgres": (
        """op.create_object(op.function("f", create="CREATE FUNCTION f() RETURNS trigger LANGUAGE"
        " plpgsql AS 'BEGIN RETURN NEW; END'", drop="DROP FUNCTION f()"))""",
        """op.create_object(op.trigger("touch", "people", create="CREATE TRIGGER touch AFTER INSERT"
        " ON people FOR EACH ROW EXECUTE FUNCTION f()", drop="DROP TRIGGER touch ON people"))""",
        'op.create_object(op.enum("mood", "good", "bad"))',
        'op.create_object(op.sequence("numbers"))',
        """op.create_table("moods", op.column("id", "mood"),
        op.column("n", "INT", sequence="numbers"), op.primary_key("id"))""",
        """op.create_object(op.raw_object("even", create="CREATE DOMAIN even AS int"
        " CHECK (value % 2 = 0)", drop="DROP DOMAIN even"))""",
    ),
}
BY_SQL = (
    'op.run_sql("CREATE TABLE by_hand (id INT PRIMARY KEY)", "DROP TABLE by_hand")',
    """op.run_sql(("CREATE VIEW one AS SELECT name FROM people", "CREATE VIEW another AS"
    " SELECT name FROM one"), ("DROP VIEW another", "DROP VIEW one"))""",
)
ROWS = (
    "INSERT INTO teams (id) VALUES (1)",
    "INSERT INTO people (id, team_id, name) VALUES (1, 1, 'Ann'), (2, 1, '50% off')",
)
STRANGER = ("CREATE TABLE strangers (id INT PRIMARY KEY)", "INSERT INTO strangers VALUES (7)")


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    def make(database):
        world = LiveWorld(tmp_path, database)
        world.write(TABLES, VIEWS, TOUCH[database.engine], BY_SQL)
        return world

    return make


@pytest.fixture
def world(make, live):
    return make(live)


def again(world, **options):
    return reset(world.project, environ={}, listener=world.events.append, **options)


def fresh(world):
    """Apply all, and return what then is there."""
    world.migrate()
    found = world.state()
    world.sql(*STRANGER, *ROWS)
    return found


def look(world):
    """Return what is there without the stranger, and the stranger's rows."""
    strangers = world.sql("SELECT id FROM strangers")
    world.sql("DROP TABLE strangers")
    return world.state(), [tuple(row) for row in strangers]


def test_all_that_the_history_made_goes_and_comes_again_empty(world):
    expected = fresh(world)
    before = world.state()
    with pytest.raises(ConsentError, match=r"people \(2 rows\)") as caught:
        again(world)
    assert "--allow-data-loss people --allow-data-loss teams" in sorted_options(caught.value.hint)
    assert world.state() == before
    done = again(world, allow_data_loss=["people", "teams"])
    assert [each.name for each in done.applied] == [f"{n:04}_step" for n in range(1, 5)]
    assert {loss.name: loss.rows for loss in done.losses} == {"people": 2, "teams": 1}
    assert look(world) == (expected, [(7,)])
    again(world)


def sorted_options(hint):
    head, *options = hint.split(" --")
    return " --".join([head, *sorted(options)])


def test_a_dry_run_names_all_statements_and_runs_none(world):
    fresh(world)
    before = world.state()
    done = again(world, dry_run=True)
    assert world.state() == before
    text = "\n".join(done.statements).replace("`", '"')
    for name in ("people", "teams", "by_hand"):
        assert f'DROP TABLE "{name}"' in text
    for name in ("names", "a_view", "one", "another"):
        assert f'DROP VIEW "{name}"' in text
    assert "strangers" not in text


def test_a_view_by_hand_is_in_the_way_and_named(world):
    fresh(world)
    views = {"people": "team_id FROM people", "a_view": "name FROM a_view"}
    for read, words in views.items():
        world.sql(f"CREATE VIEW by_somebody AS SELECT {words}")
        before = world.state()
        with pytest.raises(RefusedError, match=f"view by_somebody needs the .* ({read}|people)"):
            again(world, allow_data_loss=["all"])
        assert world.state() == before
        world.sql("DROP VIEW by_somebody")


def test_a_key_of_a_table_of_others_is_in_the_way_and_named(world):
    fresh(world)
    world.sql(
        "CREATE TABLE others (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES teams (id))"
    )
    before = world.state()
    with pytest.raises(RefusedError, match="a foreign key of others") as caught:
        again(world, allow_data_loss=["all"])
    assert "teams" in caught.value.message
    assert world.state() == before


def test_records_that_somebody_damaged_are_in_nobodys_way(world):
    expected = fresh(world)
    gone = world.write('op.create_table("gone", op.column("id", "INT"), op.primary_key("id"))')[0]
    world.migrate()
    world.remove(gone)
    last = "UPDATE peewee_mig_history SET"
    world.sql(
        f"{last} checksum = 'edited', sha256 = 'edited' WHERE name = '0001_step'",
        "DELETE FROM peewee_mig_history WHERE name = '0002_step'",
        f"{last} operations = 'no json' WHERE name = '0003_step'",
        f"{last} state = 'running' WHERE name = '0004_step'",
        "DROP VIEW another",
        "DROP VIEW one",
        "DROP TABLE by_hand",
    )
    with pytest.raises(HistoryError):
        world.migrate()
    done = again(world, allow_data_loss=["all"])
    assert "table gone" in done.dropped
    assert look(world) == (expected, [(7,)])


def test_records_that_cannot_be_read_are_dropped(make, postgres):
    world = make(postgres)
    expected = fresh(world)
    world.sql("DROP TABLE peewee_mig_history", "CREATE TABLE peewee_mig_history (x INT)")
    done = again(world, allow_data_loss=["all"])
    assert "cannot be read" in done.warnings[0]
    assert look(world) == (expected, [(7,)])


def test_files_that_contradict_each_other_are_refused_while_all_is_there(make, databases):
    world = make(databases("sqlite"))
    fresh(world)
    world.edit("0002_step", "a_view", "b_view")
    before = world.state()
    with pytest.raises(HistoryError):
        again(world, allow_data_loss=["all"])
    assert world.state() == before


def test_a_reset_that_is_interrupted_is_finished_by_the_next_one(world, monkeypatch):
    expected = fresh(world)

    def die(self, step, work, done):
        if len(done) > 1:
            raise FailedError("the server has gone away")
        kept(self, step, work, done)

    kept = reset_run._Run.run_step
    if world.database.engine != "mysql":
        monkeypatch.setattr(reset_run._Run, "_own", lambda self: ["no statement"])
    monkeypatch.setattr(reset_run._Run, "run_step", die)
    with pytest.raises(FailedError) as caught:
        again(world, allow_data_loss=["all"])
    monkeypatch.undo()
    if world.database.engine == "mysql":
        assert caught.value.committed == "2 statements of the reset"
        assert world.cli("status", "--check") == 1
        assert world.cli("migrate") == 5
        with pytest.raises(HistoryError, match="a reset was begun here") as refused:
            world.migrate()
        assert refused.value.hint == "finish it: peewee-mig reset"
    else:
        assert caught.value.committed == "nothing was changed"
    again(world, allow_data_loss=["people", "teams"])
    assert look(world) == (expected, [(7,)])


def test_a_migration_that_fails_behind_the_drops_says_so(make, databases):
    world = make(databases("sqlite"))
    world.write('op.run_sql("INSERT INTO strangers VALUES (8)", "DELETE FROM strangers")')
    world.migrate("4")
    world.sql(*STRANGER)
    world.migrate()
    world.sql("DROP TABLE strangers")
    with pytest.raises(FailedError) as caught:
        again(world)
    assert caught.value.committed.startswith("what the history had made is dropped; 0001_step")


def test_what_a_row_without_a_file_made_is_told_by_its_operations(make, databases):
    world = make(databases("sqlite"))
    world.migrate()
    for name in reversed(read_history(world.migrations).names):
        world.remove(name)
    done = again(world)
    assert not done.applied
    assert not world.schema().tables
    table = HistoryTable(world.dialect)
    assert not world.dialect.has_table(world.query, table.name)
    assert [each for each in world.unmanaged() if "Unmanaged" in each] == []


def test_a_type_that_a_table_of_others_has_is_in_the_way_and_named(make, postgres):
    world = make(postgres)
    world.migrate()
    world.sql("CREATE TABLE others (m mood)")
    before = world.state()
    with pytest.raises(FailedError) as caught:
        again(world)
    assert "column m of table others depends on type mood" in caught.value.original
    assert caught.value.committed == "nothing was changed"
    assert world.state() == before
