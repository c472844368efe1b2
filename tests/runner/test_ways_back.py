"""Rolling back: how far, with whose consent, and what comes back; rows against files."""

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.errors import ConsentError, DeclinedError, HistoryError, UsageError

ADD_RANK = 'op.add_column("people", op.column("rank", "INT"), fill=7)'
DROP_NAME = 'op.drop_column("people", op.column("name", "VARCHAR(255)"))'
COUNTER = """op.create_table("counter", op.column("value", "INT"))"""


@pytest.fixture
def three(world):
    """Three migrations, all applied, on one row."""
    world.write(PEOPLE, PETS, COUNTER)
    world.migrate()
    world.sql("INSERT INTO people VALUES (1, 'Ann', 30)")
    return world


def tables(world):
    return {name for (name,) in world.sql("SELECT name FROM sqlite_master WHERE type = 'table'")}


def edit(world, name, old, new):
    path = world.migrations / f"{name}.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def refused(world, match, command="migrate", *args, error=HistoryError):
    before = world.dump()
    with pytest.raises(error, match=match) as caught:
        getattr(world, command)(*args)
    assert caught.value.hint
    assert world.dump() == before
    assert world.cli(command, *args) == caught.value.exit_code
    assert world.dump() == before
    return caught.value


@pytest.mark.parametrize(
    ("target", "left"),
    [
        (None, 2), ("1", 2), ("2", 1), ("-2", 1), ("3", 0), ("zero", 0), ("0001", 1),
        ("0001_step", 1), ("0003_step", 3),
    ],
)  # fmt: skip
def test_how_far_back(three, target, left):
    three.rollback(target, allow_data_loss=["all"])
    assert len(three.applied()) == left
    assert tables(three) == {"people", "pets", "counter", "peewee_mig_history"} - set(
        ["people", "pets", "counter"][left:]
    )


@pytest.mark.parametrize(
    ("target", "left"),
    [("zero", 0), ("-1", 2), ("-2", 1), ("0002", 2), ("2", 2), ("0001_step", 1), ("head", 3)],
)
def test_migrate_goes_back_to_a_target_as_well(three, target, left):
    three.sql("DELETE FROM people")
    three.migrate(target)
    assert len(three.applied()) == left


@pytest.mark.parametrize(
    ("target", "reached"), [("+1", 1), ("+2", 2), ("2", 2), ("0002_step", 2), ("+9", 3), (None, 3)]
)
def test_migrate_goes_forward_to_a_target(world, target, reached):
    names = world.write(PEOPLE, PETS, COUNTER)
    world.migrate(target)
    assert world.applied() == names[:reached]
    assert world.migrate(names[reached - 1]).applied == ()


def test_more_steps_back_than_there_are(three):
    error = refused(
        three, "cannot go back 4 migrations: the database has 3", "rollback", "4", error=UsageError
    )
    assert "zero" in error.hint


def test_rolling_back_to_what_is_not_applied(world):
    world.write(PEOPLE, PETS)
    world.migrate("1")
    error = refused(world, "0002 is not applied yet", "rollback", "0002", error=UsageError)
    assert error.hint.endswith("peewee-mig migrate 0002")


@pytest.mark.parametrize("command", ["migrate", "rollback"])
def test_a_target_that_is_no_migration(three, command):
    error = refused(three, "nowhere", command, "nowhere", error=UsageError)
    assert "0003_step" in error.hint


def test_an_empty_table_is_dropped_without_a_question(three):
    assert three.cli("rollback", "2") == 0
    assert tables(three) == {"people", "peewee_mig_history"}


def test_rows_are_lost_only_by_name(three, capsys):
    error = refused(
        three, r"would lose data: people \(1 row\)", "rollback", "3", error=ConsentError
    )
    assert error.hint == "peewee-mig rollback 3 --allow-data-loss people"
    assert error.committed == "nothing was changed"
    assert three.cli("rollback", "3", "--yes") == 5
    assert three.cli("rollback", "3", "--allow-data-loss", "pets") == 5
    assert len(three.applied()) == 3
    capsys.readouterr()
    assert three.cli("rollback", "3", "--allow-data-loss", "people") == 0
    assert tables(three) == {"peewee_mig_history"}


def test_a_consent_to_lose_what_is_not_dropped_is_misspelled(three):
    with pytest.raises(UsageError, match="peple: nothing of that name is dropped") as caught:
        three.rollback("3", allow_data_loss=["all", "peple"])
    hint = caught.value.hint.partition("dropped are: ")[2]
    assert {"people", "pets"} <= set(hint.split(", "))
    assert len(three.applied()) == 3


def test_migrate_backwards_asks_as_well(three):
    error = refused(
        three, r"would lose data: people \(1 row\)", "migrate", "zero", error=ConsentError
    )
    assert error.hint == "peewee-mig rollback zero --allow-data-loss people"


def test_the_answer_of_a_person_decides(three):
    asked = []
    with pytest.raises(DeclinedError):
        three.rollback("3", confirm=lambda losses: asked.append(losses) or False)
    assert len(three.applied()) == 3
    assert [(loss.name, loss.rows) for loss in asked[0]] == [("people", 1)]
    three.rollback("3", confirm=lambda _losses: True)
    assert three.applied() == []


def test_a_column_is_lost_by_its_own_name(three):
    three.write(ADD_RANK)
    three.migrate()
    refused(three, r"would lose data: people.rank \(1 row\)", "rollback", error=ConsentError)
    assert three.cli("rollback", "--allow-data-loss", "people.rank") == 0


def test_a_column_full_of_nothing_is_dropped_without_a_question(three):
    three.write('op.add_column("people", op.column("note", "TEXT", null=True))')
    three.migrate()
    assert three.cli("rollback") == 0


def test_losses_are_counted_under_the_names_of_today(three):
    three.write('op.rename_table("people", "humans")')
    three.migrate()
    refused(three, r"would lose data: humans \(1 row\)", "rollback", "zero", error=ConsentError)
    three.rollback("zero", allow_data_loss=["humans"])
    assert three.applied() == []


def test_a_dropped_required_column_comes_back_with_its_empty_value(three):
    three.write(DROP_NAME)
    three.migrate()
    before = [row[1:4] for row in three.sql("PRAGMA table_info(people)")]
    assert ("name", "VARCHAR(255)", 1) not in before
    assert three.cli("rollback") == 0
    assert ("name", "VARCHAR(255)", 1) in [
        row[1:4] for row in three.sql("PRAGMA table_info(people)")
    ]
    assert three.sql("SELECT id, name, age FROM people") == [(1, "", 30)]


def test_back_and_forth_ends_where_it_began(three):
    three.write((ADD_RANK, WIDEN), 'op.rename_table("pets", "animals")')
    three.migrate()
    three.rollback("2", allow_data_loss=["all"])
    once = three.dump()
    three.migrate()
    three.rollback("2", allow_data_loss=["all"])
    again = three.dump()
    assert {**once, "peewee_mig_history": 0, "sqlite_sequence": 0} == {
        **again, "peewee_mig_history": 0, "sqlite_sequence": 0
    }  # fmt: skip


def test_sql_of_the_user_without_a_way_back_refuses_before_anything(three):
    name = three.write('op.run_sql("UPDATE people SET age = 1")')[0]
    three.write('op.add_column("people", op.column("note", "TEXT", null=True))')
    three.migrate()
    before = three.dump()
    assert three.cli("rollback", "2") == 5
    assert three.dump() == before
    assert three.cli("rollback") == 0
    assert three.applied()[-1] == name


def test_user_sql_is_undone_by_its_other_half(three):
    three.write('op.run_sql("UPDATE people SET age = 1", "UPDATE people SET age = 2")')
    three.migrate()
    three.rollback()
    assert three.sql("SELECT age FROM people") == [(2,)]


# Rows against files.


def test_a_file_that_was_edited_after_it_was_applied(three):
    edit(three, "0003_step", '"value", "INT"', '"value", "TEXT"')
    error = refused(three, "0003_step was edited after it was applied")
    assert "git checkout" in error.hint
    assert three.cli("rollback") == 5
    assert three.cli("status", "--check") == 1


def test_comments_and_layout_are_no_edit(three):
    edit(three, "0003_step", "operations = [", "# a word\noperations = [\n\n")
    assert three.cli("migrate") == 0
    three.write(WIDEN)
    assert three.cli("migrate") == 0


def test_a_row_that_was_removed_by_hand(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0002_step'")
    error = refused(three, "0003_step is applied, but 0002_step, which it depends on, is not")
    assert "restore" in error.hint


def test_a_file_that_came_before_what_is_applied(three):
    three.sql("DELETE FROM peewee_mig_history WHERE name = '0001_step'")
    refused(three, "0002_step is applied, but 0001_step")


def test_the_newest_file_is_gone_and_others_wait(three):
    three.remove("0003_step")
    three.write('op.create_table("other", op.column("x", "INT"))', start=4)
    error = refused(three, "0003_step is applied, but its file is gone")
    assert "git log" in error.hint


def test_a_database_ahead_of_the_files_is_a_warning(three, capsys):
    three.remove("0003_step")
    assert three.cli("migrate") == 0
    assert "ahead of these files: it has 0003_step" in capsys.readouterr().err
    assert three.cli("migrate", "--strict") == 1
    assert three.applied() == ["0001_step", "0002_step", "0003_step"]


def test_nothing_is_undone_below_a_file_that_is_not_here(three):
    three.remove("0003_step")
    refused(three, "0003_step, which is newer than 0002_step", "rollback")


def test_a_migration_that_was_renamed_keeps_its_row(three):
    for folder, ending in (("", "py"), ("snapshots", "json")):
        path = three.migrations / folder / f"0003_step.{ending}"
        path.rename(path.with_stem("0003_count"))
    edit(three, "0003_count", "format = 1", 'format = 1\n\nwas = ["0003_step"]')
    assert three.cli("status", "--check") == 0
    assert three.cli("migrate") == 0
    three.write(WIDEN)
    three.migrate()
    assert three.applied() == ["0001_step", "0002_step", "0003_count", "0004_step"]
    three.rollback("2")
    assert three.applied() == ["0001_step", "0002_step"]


def test_a_renamed_migration_can_be_undone_at_once(three):
    for folder, ending in (("", "py"), ("snapshots", "json")):
        path = three.migrations / folder / f"0003_step.{ending}"
        path.rename(path.with_stem("0003_count"))
    edit(three, "0003_count", "format = 1", 'format = 1\n\nwas = ["0003_step"]')
    three.rollback()
    assert three.applied() == ["0001_step", "0002_step"]
