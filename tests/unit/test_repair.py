"""repair on SQLite: what it finds by the catalog, proposes, does and leaves alone."""

import json
import shutil

import pytest
from compare_world import AGE, DATA, INDEX, NO_AGE, PEOPLE, World

from peewee_mig.commands.repair import repair
from peewee_mig.commands.repairing.case import Told
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import DeclinedError, DriftError, HistoryError, RefusedError, UsageError
from peewee_mig.history.records import OwnTables
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.recording import push_row

PETS = 'op.create_table("pets", op.column("id", "AUTO"), op.primary_key("id"))'


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


@pytest.fixture
def three(world):
    """Three migrations that are applied."""
    world.write(PEOPLE, AGE, INDEX)
    world.cli("migrate", "-q")
    return world


def yes(_findings, _statements):
    return True


def found(world, *, done=False, **told):
    """Repair, or only look; return (kind, migration) of each finding."""
    result = repair(world.project, confirm=yes if done else None, told=Told(**told))
    assert result.done == (done and bool(result.statements))
    return [(each.kind, each.migration) for each in result.findings]


def only(world, **told):
    (finding,) = repair(world.project, told=Told(**told)).findings
    return finding


def users(world):
    """Return all of the database but our own tables."""
    own = ("peewee_mig_history", "peewee_mig_history_name")
    schema = "SELECT name, sql FROM sqlite_master WHERE name NOT IN {} ORDER BY name"
    rows = "SELECT * FROM people"
    return world.sql(schema.format(own)), world.sql(rows)


def is_right(world):
    """Whether a second repair and status find nothing."""
    return found(world) == [] and world.cli("status", "-q") == 0


def edit(world, name, old, new):
    path = world.migrations / f"{name}.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def remove(world, name):
    (world.migrations / f"{name}.py").unlink()
    (world.migrations / "snapshots" / f"{name}.json").unlink()


# Nothing to do.


def test_a_sound_database_needs_nothing_and_is_not_written(three, capsys):
    before = three.file.read_bytes()
    capsys.readouterr()
    assert three.cli("repair", "--yes") == 0
    assert capsys.readouterr().out == "Nothing to repair in app.db.\n"
    assert three.file.read_bytes() == before


def test_a_database_that_is_not_there_is_not_made(world, capsys):
    world.write(PEOPLE)
    assert world.cli("repair") == 2
    assert "app.db does not exist" in capsys.readouterr().err
    assert not world.file.exists()


def test_a_database_ahead_of_the_code_is_not_broken(three, capsys):
    remove(three, "0003_step")
    assert three.cli("repair", "--yes") == 0
    assert "ahead of these files: it has 0003_step" in capsys.readouterr().out
    assert len(three.states()) == 3


def test_a_pushed_database_is_not_broken(three):
    three.sql("ALTER TABLE people ADD town TEXT")
    three.sql(HistoryTable(get_dialect("sqlite")).insert(push_row("", ["people"])))
    result = repair(three.project, confirm=yes)
    assert result.findings == ()
    assert "pushed at" in result.notes[0]


# Consent.


def test_without_a_yes_it_lists_and_names_the_next_command(three, capsys):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0003_step'")
    before = three.file.read_bytes()
    capsys.readouterr()
    assert three.cli("repair") == 1
    out = capsys.readouterr().out
    assert "proposed:  record 0003_step as baselined" in out
    assert "INSERT INTO \"peewee_mig_history\" (...) VALUES ('0003_step'" in out
    assert out.endswith("next: peewee-mig repair --yes\n")
    assert three.file.read_bytes() == before
    assert three.cli("repair", "--yes", "--dry-run") == 1
    assert three.file.read_bytes() == before
    assert three.cli("repair", "--yes") == 0
    assert three.cli("status", "--check") == 0


def test_a_no_changes_nothing(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0003_step'")
    with pytest.raises(DeclinedError):
        repair(three.project, confirm=lambda _findings, _statements: False)
    assert list(three.states()) == ["0001_step", "0002_step"]


def test_what_changes_while_somebody_thinks_is_not_done(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0003_step'")

    def slowly(_findings, _statements):
        three.sql("DROP INDEX people_age")
        return True

    with pytest.raises(RefusedError, match="changed while this was being looked at"):
        repair(three.project, confirm=slowly)
    assert list(three.states()) == ["0001_step", "0002_step"]


def test_the_object_for_scripts(three, capsys):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0003_step'")
    capsys.readouterr()
    assert three.cli("repair", "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    (finding,) = answer["findings"]
    assert (finding["kind"], finding["migration"]) == ("wrong", "0003_step")
    assert finding["statements"] == answer["statements"]
    assert answer["statements"][0].startswith('INSERT INTO "peewee_mig_history" ("name"')
    assert (answer["done"], answer["ok"]) == (False, False)


# Recorded wrongly.


def test_a_restored_dump_that_has_less_than_its_records(three):
    three.sql("DROP INDEX people_age", "INSERT INTO people VALUES (1, 'Ann', 3)")
    before = users(three)
    assert found(three, done=True) == [("wrong", "0003_step")]
    assert list(three.states()) == ["0001_step", "0002_step"]
    assert users(three) == before
    assert is_right(three)


def test_a_restored_dump_that_has_more_than_its_records(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name > '0001_step'")
    assert found(three, done=True) == [("wrong", "0002_step")]
    assert three.states() == {
        "0001_step": "applied",
        "0002_step": "baselined",
        "0003_step": "baselined",
    }
    assert is_right(three)


def test_records_that_are_lost_altogether(three):
    three.sql("DROP TABLE peewee_mig_history")
    assert only(three).records == "nothing is recorded"
    assert found(three, done=True) == [("wrong", "0001_step")]
    assert is_right(three)


def test_drift_is_no_wrong_record(three, capsys):
    three.sql("ALTER TABLE people ADD town TEXT")
    capsys.readouterr()
    assert three.cli("repair", "--yes") == 5
    out = capsys.readouterr().out
    assert "it differs in this: column people.town is not expected" in out
    assert "peewee-mig diff 0003_step --plan" in out


def test_accepted_drift_is_as_recorded(three):
    three.sql("ALTER TABLE people ADD town TEXT")
    three.cli("baseline", "0003", "--force", "-q")
    assert found(three) == []
    three.sql("UPDATE peewee_mig_history SET checksum = 'x', sha256 = 'x' WHERE name = '0002_step'")
    assert found(three, done=True) == [("edited", "0002_step")]


def test_what_own_sql_has_made_is_no_drift(world):
    own = 'op.run_sql("CREATE INDEX by_hand ON people (name)", "DROP INDEX by_hand")'
    world.write(PEOPLE, own)
    world.cli("migrate", "-q")
    assert found(world) == []


def test_a_column_that_own_sql_names_is_none_that_it_made(world):
    world.write(PEOPLE, AGE, DATA)
    world.cli("migrate", "-q")
    world.sql("DELETE FROM peewee_mig_history WHERE name > '0001_step'")
    assert [(each.kind, each.is_repairable) for each in repair(world.project).findings] == [
        ("wrong", False)
    ]


def test_equal_schemas_with_a_data_migration_between_are_not_guessed(world, capsys):
    world.write(PEOPLE, AGE, DATA, INDEX)
    world.cli("migrate", "-q")
    world.sql("DROP INDEX people_age")
    capsys.readouterr()
    assert world.cli("repair", "--yes") == 5
    out = capsys.readouterr().out
    assert "the database equals 0002_step and 0003_step" in out
    assert "repair --at 0002_step, or peewee-mig repair --at 0003_step" in out
    assert len(world.states()) == 4
    assert found(world, at="2", done=True) == [("wrong", "0004_step")]
    assert list(world.states()) == ["0001_step", "0002_step"]
    assert is_right(world)


def test_a_data_migration_that_was_not_run_is_not_recorded(world):
    world.write(PEOPLE, "op.run_sql(\"INSERT INTO people (name) VALUES ('a')\", '')", AGE)
    world.cli("migrate", "1", "-q")
    world.sql("ALTER TABLE people ADD age INTEGER")
    assert found(world, done=True) == [("wrong", "0002_step")]
    assert [*world.states()] == ["0001_step"]
    assert "if it has not run: peewee-mig migrate 0002_step" in only(world).hint
    assert world.cli("migrate", "0002_step") == 0
    assert found(world, done=True) == [("wrong", "0003_step")]
    assert world.sql("SELECT count(*) FROM people") == [(1,)]
    assert is_right(world)


def test_a_data_migration_that_would_be_forgotten_needs_a_word(world):
    data = "op.run_sql(\"INSERT INTO people (name) VALUES ('a')\", '')"
    world.write(PEOPLE, AGE, data, INDEX)
    world.cli("migrate", "-q")
    world.sql("DROP INDEX people_age", "ALTER TABLE people DROP age")
    assert found(world, done=True) == [("wrong", "0003_step")]
    assert len(world.states()) == 4
    assert found(world, done=True, at="0001_step") == [("wrong", "0004_step")]
    assert [*world.states()] == ["0001_step"]


def test_a_word_that_the_catalog_disproves_is_refused(three):
    with pytest.raises(DriftError, match="the database is not at 0002_step") as refused:
        repair(three.project, told=Told(at="2"))
    assert refused.value.lines


# A row that is missing in the middle.


def test_the_row_of_what_others_depend_on(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0002_step'")
    assert three.cli("migrate") == 5
    assert found(three, done=True) == [("skipped", "0002_step")]
    assert is_right(three)
    assert three.cli("migrate") == 0


def test_the_row_of_a_data_migration_is_not_guessed(world):
    world.write(PEOPLE, AGE, DATA, INDEX)
    world.cli("migrate", "-q")
    world.sql("DELETE FROM peewee_mig_history WHERE name = '0003_step'")
    finding = only(world)
    assert (finding.kind, finding.is_repairable) == ("skipped", False)
    assert "repair --at 0004_step; if not, run what peewee-mig sql 0003_step" in finding.hint
    assert found(world, at="0004_step", done=True) == [("wrong", "0003_step")]
    assert is_right(world)


# Edited, gone and renamed files.


def test_an_edit_that_the_database_has_is_recorded(three):
    three.sql("ALTER TABLE people RENAME COLUMN age TO years", "DROP INDEX people_age")
    three.sql("CREATE INDEX people_years ON people (years)")
    edit(three, "0002_step", '"age"', '"years"')
    edit(three, "0003_step", "age", "years")
    for name in ("0002_step", "0003_step"):
        assert three.cli("snapshot", name, "-q") == 0
    assert found(three, done=True) == [("edited", "0002_step"), ("edited", "0003_step")]
    assert is_right(three)
    assert three.cli("rollback", "--allow-data-loss", "all") == 0
    ((meta,),) = three.sql("SELECT meta FROM peewee_mig_history WHERE name = '0002_step'")
    assert set(json.loads(meta)["repaired"]) == {"at", "by", "checksum"}


def test_an_edit_that_the_database_lacks_is_not(three, capsys):
    edit(three, "0002_step", '"INT"', '"TEXT"')
    edit(three, "0003_step", "age", "age")
    for name in ("0002_step", "0003_step"):
        three.cli("snapshot", name, "-q")
    capsys.readouterr()
    assert three.cli("repair", "--yes") == 5
    out = capsys.readouterr().out
    assert "not that of the file as it is now: column people.age is INT" in out
    assert "git checkout -- " in out


def test_edited_statements_on_rows_need_a_word(world):
    world.write(PEOPLE, AGE, DATA)
    world.cli("migrate", "-q")
    edit(world, "0003_step", "age = 1", "age = 2")
    finding = only(world)
    assert (finding.kind, finding.is_repairable) == ("edited", False)
    assert "repair --accept 0003_step" in finding.hint
    with pytest.raises(UsageError, match="there is no migration 'nothing'"):
        repair(world.project, told=Told(accept=("nothing",)))
    assert found(world, accept=("3",), done=True) == [("edited", "0003_step")]
    assert is_right(world)


def test_a_row_whose_file_is_gone_and_whose_work_is_not_there(three):
    remove(three, "0003_step")
    three.write(PETS)
    three.sql("DROP INDEX people_age")
    (three.migrations / "0003_step.py").rename(three.migrations / "0003_pets.py")
    snapshots = three.migrations / "snapshots"
    (snapshots / "0003_step.json").rename(snapshots / "0003_pets.json")
    assert found(three, done=True) == [("gone", "0003_step")]
    assert is_right(three)
    assert three.cli("migrate", "-q") == 0


def test_a_row_whose_file_is_gone_and_whose_work_is_there(world):
    world.write(PEOPLE, PETS)
    world.cli("migrate", "-q")
    remove(world, "0002_step")
    (other,) = world.write(AGE)
    for path in (world.migrations / f"{other}.py", world.migrations / f"snapshots/{other}.json"):
        path.rename(path.with_stem("0002_other"))
    finding = only(world)
    assert (finding.kind, finding.is_repairable) == ("gone", False)
    assert "git log --diff-filter=D" in finding.hint
    world.sql("DROP TABLE pets")
    assert found(world, done=True) == [("gone", "0002_step")]


def test_a_history_that_was_written_anew(three):
    shutil.rmtree(three.migrations)
    whole = PEOPLE.replace(
        'op.primary_key("id"),',
        'op.column("age", "INT", null=True), op.primary_key("id"), op.index("people_age", "age"),',
    )
    three.write(whole)
    path = three.migrations / "0001_step.py"
    path.rename(path.with_stem("0001_all"))
    path = three.migrations / "snapshots" / "0001_step.json"
    path.rename(path.with_stem("0001_all"))
    before = users(three)
    assert three.cli("baseline") == 5
    assert three.cli("baseline", "--replace") == 0
    assert three.states() == {"0001_all": "baselined"}
    assert users(three) == before
    assert is_right(three)


def test_baseline_replace_refuses_what_only_the_gone_have_made(world, capsys):
    world.write(PEOPLE, PETS)
    world.cli("migrate", "-q")
    remove(world, "0002_step")
    assert world.cli("baseline") == 5
    assert "peewee-mig baseline --replace" in capsys.readouterr().err
    assert world.cli("baseline", "--replace") == 5
    assert "table pets is not expected" in capsys.readouterr().err
    world.sql("DROP TABLE pets")
    assert world.cli("baseline", "--replace") == 0
    assert list(world.states()) == ["0001_step"]


def test_baseline_replace_refuses_a_view_that_only_the_gone_have_made(world, capsys):
    world.write(PEOPLE, 'op.create_object(op.view("names", "SELECT name FROM people"))')
    world.cli("migrate", "-q")
    remove(world, "0002_step")
    assert world.cli("baseline", "--replace") == 5
    error = capsys.readouterr().err
    assert "view names is not expected" in error
    assert "peewee-mig baseline 0001_step --replace --force" in error
    assert [*world.states()] == ["0001_step", "0002_step"]
    world.sql("DROP VIEW names")
    assert world.cli("baseline", "--replace") == 0
    assert [*world.states()] == ["0001_step"]


def test_baseline_replace_leaves_a_view_on_a_word(world):
    world.write(PEOPLE, 'op.create_object(op.view("names", "SELECT name FROM people"))')
    world.cli("migrate", "-q")
    remove(world, "0002_step")
    assert world.cli("baseline", "0001_step", "--replace", "--force") == 0
    assert [*world.states()] == ["0001_step"]
    assert world.sql("SELECT name FROM names") == []


def test_a_file_renamed_by_hand_takes_its_row_along(three):
    for path in (three.migrations / "0003_step.py", three.migrations / "snapshots/0003_step.json"):
        path.rename(path.with_stem("0003_people_age"))
    assert three.cli("migrate") == 5
    assert found(three, done=True) == [("renamed", "0003_step")]
    assert list(three.states()) == ["0001_step", "0002_step", "0003_people_age"]
    assert is_right(three)


def test_two_files_like_a_row_are_not_guessed(world):
    world.write(PEOPLE, DATA.replace("age = 1", "name = name"))
    world.cli("migrate", "-q")
    for path in (world.migrations / "0002_step.py", world.migrations / "snapshots/0002_step.json"):
        path.rename(path.with_stem("0002_a"))
    world.write(DATA.replace("age = 1", "name = name"))
    first = repair(world.project).findings[0]
    assert (first.kind, first.is_repairable) == ("renamed", False)
    assert "0002_a and 0003_step do the same" in first.catalog
    assert 'was = ["0002_step"]' in first.hint


# Rows and tables that somebody broke.


@pytest.mark.parametrize(
    "damage",
    [
        "meta = '{'",
        'operations = \'[{"op": "x"}]\'',
        "state = 'failed'",
        "direction = 'sideways'",
        "format = 'x', duration = 'long'",
        "meta = x'00', state = 'gone', operations = '{}'",
    ],
)
def test_a_row_that_cannot_be_read_is_written_anew(three, damage):
    before = three.sql("SELECT name, checksum, operations FROM peewee_mig_history")
    three.sql(f"UPDATE peewee_mig_history SET {damage} WHERE name = '0002_step'")
    assert found(three, done=True) == [("unreadable", "0002_step")]
    assert three.sql("SELECT name, checksum, operations FROM peewee_mig_history") == before
    assert is_right(three)
    assert three.cli("rollback", "2", "--allow-data-loss", "all") == 0


def test_commands_that_meet_such_a_row_name_repair(three, capsys):
    three.sql("UPDATE peewee_mig_history SET meta = '{'")
    capsys.readouterr()
    for command in ("status", "migrate"):
        assert three.cli(command) == 5
        assert "next: peewee-mig repair" in capsys.readouterr().err


def test_operations_that_nobody_knows_any_more_prove_nothing(world):
    world.write(PEOPLE, PETS)
    world.cli("migrate", "-q")
    world.sql("UPDATE peewee_mig_history SET operations = '{' WHERE name = '0002_step'")
    remove(world, "0002_step")
    finding = only(world)
    assert (finding.kind, finding.is_repairable) == ("unreadable", False)
    assert world.cli("diff") == 5


def test_a_row_of_a_newer_version_is_left_alone(three):
    three.sql("UPDATE peewee_mig_history SET format = 2, meta = '{'")
    with pytest.raises(RefusedError, match="a newer peewee-mig recorded") as refused:
        repair(three.project, confirm=yes)
    assert "pip install --upgrade" in refused.value.hint


def test_twins_and_the_index_that_forbids_them(three):
    three.sql(
        "DROP INDEX peewee_mig_history_name",
        "CREATE TEMP TABLE t AS SELECT * FROM peewee_mig_history WHERE name = '0002_step'",
        "UPDATE t SET id = 9, checksum = 'x', sha256 = 'x'",
        "INSERT INTO peewee_mig_history SELECT * FROM t",
    )
    assert found(three, done=True) == [("duplicate", "0002_step"), ("table", "")]
    assert three.sql("SELECT id FROM peewee_mig_history") == [(1,), (2,), (3,)]
    assert is_right(three)


@pytest.mark.parametrize("column", ["meta", "operations", "sha256"])
def test_a_column_that_is_lost(three, column):
    three.sql(f"ALTER TABLE peewee_mig_history DROP COLUMN {column}")
    assert found(three, done=True) == [("table", "")]
    assert is_right(three)
    assert three.cli("rollback", "2", "--allow-data-loss", "all") == 0
    assert three.cli("migrate") == 0


def test_a_table_that_is_none_of_ours(three):
    three.sql("DROP TABLE peewee_mig_history", "CREATE TABLE peewee_mig_history (x INT)")
    with pytest.raises(HistoryError, match="is none of ours"):
        repair(three.project, confirm=yes)
    assert three.sql("SELECT count(*) FROM peewee_mig_history") == [(0,)]


def test_several_things_at_once(three):
    three.sql(
        "UPDATE peewee_mig_history SET meta = '{' WHERE name = '0001_step'",
        "DELETE FROM peewee_mig_history WHERE name = '0002_step'",
    )
    kinds = found(three, done=True)
    assert kinds == [("unreadable", "0001_step"), ("skipped", "0002_step")]
    assert is_right(three)


# Begun and not finished: a row that says so without a journal, as no SQLite run leaves it.


def running(world, name, direction="forward"):
    world.sql(
        f"UPDATE peewee_mig_history SET state = 'running', direction = '{direction}'"
        f" WHERE name = '{name}'"
    )


def test_a_migration_that_is_all_there_is_recorded(three):
    running(three, "0003_step")
    assert found(three, done=True) == [("half", "0003_step")]
    assert three.states()["0003_step"] == "applied"
    assert is_right(three)


def test_a_migration_of_which_nothing_is_there_is_forgotten(three):
    running(three, "0003_step")
    three.sql("DROP INDEX people_age")
    assert found(three, done=True) == [("half", "0003_step")]
    assert list(three.states()) == ["0001_step", "0002_step"]
    assert is_right(three)


@pytest.mark.parametrize(
    ("dropped", "left"),
    [(0, ["0001_step", "0002_step", "0003_step"]), (1, ["0001_step", "0002_step"])],
)
def test_several_that_were_begun_are_decided_from_the_last(three, dropped, left):
    running(three, "0002_step")
    running(three, "0003_step")
    if dropped:
        three.sql("DROP INDEX people_age")
    assert found(three, done=True) == [("half", "0003_step"), ("half", "0002_step")]
    assert three.states() == dict.fromkeys(left, "applied")
    assert is_right(three)


def test_a_run_that_meets_its_own_work_names_repair(world, capsys):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    running(world, "0001_step")
    assert world.cli("migrate") == 3
    assert "next: see how far it came: peewee-mig repair" in capsys.readouterr().err


def test_several_of_which_only_a_part_is_there_are_left(three):
    running(three, "0002_step")
    running(three, "0003_step")
    three.sql("ALTER TABLE people ADD COLUMN more INT", "DROP INDEX people_age")
    before = users(three)
    assert only(three).hint.startswith("finish the first: peewee-mig migrate")
    assert found(three, done=True) == [("half", "0002_step")]
    assert users(three) == before


def test_a_way_back_that_is_done_or_not_begun(three):
    running(three, "0003_step", "backward")
    assert found(three, done=True) == [("half", "0003_step")]
    assert three.states()["0003_step"] == "applied"
    running(three, "0003_step", "backward")
    three.sql("DROP INDEX people_age")
    assert found(three, done=True) == [("half", "0003_step")]
    assert "0003_step" not in three.states()


def test_data_of_which_no_step_was_begun(world):
    world.write(PEOPLE, AGE, DATA)
    world.cli("migrate", "-q")
    running(world, "0003_step")
    assert only(world).proposal == "forget that this was begun"


def test_steps_are_told_only_where_something_is_half_done(three):
    with pytest.raises(UsageError, match="nothing is half applied"):
        repair(three.project, told=Told(done=(1,)))
    running(three, "0003_step")
    with pytest.raises(UsageError, match="step 7 of 0003_step cannot be meant"):
        repair(three.project, told=Told(done=(7,)))


# A push that was begun.


def test_a_push_of_which_nothing_is_there_is_forgotten(three):
    row = push_row("", ["people"], begun=True)
    three.sql(HistoryTable(get_dialect("sqlite")).insert(row))
    assert found(three, done=True) == [("push", "")]
    assert is_right(three)


def test_a_push_that_stopped_on_its_way_is_finished_by_push(three):
    row = push_row("", ["people"], begun=True)
    three.sql(HistoryTable(get_dialect("sqlite")).insert(row))
    three.sql("ALTER TABLE people ADD town TEXT")
    assert only(three).hint == "peewee-mig push"
    three.sql("ALTER TABLE people DROP town", "DROP INDEX people_age")
    assert only(three).hint == "peewee-mig baseline"


# Files and the lock.


def test_broken_files_come_first(three):
    (three.migrations / "snapshots" / "0002_step.json").unlink()
    with pytest.raises(HistoryError, match="snapshot 0002_step is missing"):
        repair(three.project, confirm=yes)


def test_a_file_has_no_lock_to_remove(three, capsys):
    capsys.readouterr()
    assert three.cli("repair", "--unlock") == 0
    assert "Nobody holds the migration lock." in capsys.readouterr().out


def test_no_statement_names_anything_but_our_tables(three):
    three.sql(
        "UPDATE peewee_mig_history SET meta = '{', checksum = 'x', sha256 = 'y'",
        "DELETE FROM peewee_mig_history WHERE name = '0002_step'",
    )
    names = OwnTables().names
    for sql in repair(three.project).statements:
        assert any(f'"{name}"' in sql.partition(" WHERE ")[0] for name in names)


def test_a_drop_of_a_column_comes_back_as_recorded(world):
    world.write(PEOPLE, AGE, NO_AGE)
    world.cli("migrate", "-q")
    world.sql("ALTER TABLE people ADD COLUMN age INT")
    finding = only(world)
    assert (finding.kind, finding.migration) == ("wrong", "0003_step")
    assert found(world, done=True) == [("wrong", "0003_step")]
    assert is_right(world)
