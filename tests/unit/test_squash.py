"""Migrations in one: what is written, where databases go on, what is refused."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.commands.baseline import baseline
from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.generate import generate
from peewee_mig.commands.merge import merge
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rebase import rebase
from peewee_mig.commands.repair import repair
from peewee_mig.commands.rollback import rollback
from peewee_mig.commands.show import show
from peewee_mig.commands.sql import sql
from peewee_mig.commands.squash import squash
from peewee_mig.commands.squash_remove import remove
from peewee_mig.commands.status import status
from peewee_mig.errors import HistoryError, RefusedError, UsageError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.verify import verify
from peewee_mig.history.writing import write_migration
from peewee_mig.operations.verbs import RunPython, RunSQL

PERSON = op.create_table(
    "person", op.column("id", "AUTO"), op.column("name", "TEXT"), op.primary_key("id")
)
AGE, NICK, TEAM = (op.column(name, "TEXT", null=True) for name in ("age", "nick", "team"))
#: Five migrations of a line.
STORY = (
    [PERSON],
    [op.add_column("person", AGE), op.run_sql("UPDATE person SET age = 'old'", [])],
    [op.add_column("person", NICK)],
    [op.rename_column("person", "nick", "alias")],
    [op.add_column("person", TEAM)],
)
NAMES = tuple(f"000{number}_step" for number in range(1, 6))


class World:
    """A project with a migrations folder, and databases that stand somewhere in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "migrations"
        self.names: list[str] = []

    def write(self, *operations, after=None, name="", text=None, **given):
        full = name or f"{len(self.names) + 1:04d}_step"
        on = self.names[-1:] if after is None else after
        made = text or render_module(list(operations), depends_on=on, **given)
        write_migration(read_history(self.folder), full, made)
        self.names.append(full)
        return full

    def tell(self, *story):
        for operations in story or STORY:
            self.write(*operations)
        return self

    def project(self, database="app.db"):
        return Project(self.root, self.folder, database=f"sqlite:///{self.root / database}")

    def at(self, target, database="app.db"):
        """Make a database that has the migrations up to one, with a row."""
        if target:
            migrate(self.project(database), target=target)
            self.sql("INSERT INTO person (name) VALUES ('Ada')", database)
        return self.project(database)

    def sql(self, sql, database="app.db"):
        with closing(sqlite3.connect(self.root / database)) as connection:
            found = connection.execute(sql).fetchall()
            connection.commit()
            return found

    def rows(self, database="app.db"):
        return [
            name
            for (name,) in self.sql("SELECT name FROM peewee_mig_history ORDER BY id", database)
        ]

    @property
    def history(self):
        return read_history(self.folder)

    @property
    def problems(self):
        return [each.message for each in verify(self.history)]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def states(project):
    return {row.name: row.state for row in status(project).rows}


# What is written.


def test_a_range_becomes_one_migration_that_followers_depend_on(world):
    world.tell()
    (world.folder / "0005_step.py").write_text(
        (world.folder / "0005_step.py").read_text() + "\n# a comment of somebody's\n"
    )
    before = world.history.migration("0005_step").checksum
    made = squash(world.project(), first="2", last="0004_step")
    assert (made.name, made.replaces) == ("0004_squashed_from_0002", NAMES[1:4])
    assert (made.before, len(made.operations), made.left_out) == (4, 3, 0)
    history = world.history
    assert history.names == ("0001_step", "0004_squashed_from_0002", "0005_step")
    assert history.heads == ("0005_step",)
    assert history.replaced == NAMES[1:4]
    assert history.migration("0005_step").depends_on == (made.name,)
    assert history.migration("0005_step").checksum == before
    assert "# a comment of somebody's" in (world.folder / "0005_step.py").read_text()
    assert world.problems == []


def test_all_become_the_first_one(world):
    world.tell(*STORY[:1], *STORY[2:])
    made = squash(world.project(), all_=True)
    assert made.name == "0004_initial"
    assert len(made.operations) == 1
    assert world.history.names == ("0004_initial",)


def test_a_dry_run_writes_nothing(world):
    world.tell()
    files = sorted(world.folder.rglob("*"))
    made = squash(world.project(), all_=True, dry_run=True)
    assert made.path is None
    assert 'replaces = ["0001_step", ' in made.module_text
    assert sorted(world.folder.rglob("*")) == files


def test_without_folding_every_operation_stays(world):
    world.tell()
    made = squash(world.project(), all_=True, folds=False, name="whole")
    assert made.name == "0005_whole"
    assert len(made.operations) == made.before == 6
    assert world.problems == []


def test_what_is_marked_is_left_out(world):
    marked = op.run_sql("UPDATE person SET age = 'old'", [], elidable=True)
    world.tell(STORY[0], [op.add_column("person", AGE), marked])
    made = squash(world.project(), all_=True)
    assert (len(made.operations), made.left_out) == (1, 1)
    assert world.problems == []


def test_a_mark_may_come_later_since_it_changes_no_checksum(world):
    world.tell()
    path = world.folder / "0002_step.py"
    before = world.history.migration("0002_step").checksum
    path.write_text(path.read_text().replace("backward=[]", "backward=[], elidable=True"))
    assert world.history.migration("0002_step").checksum == before
    assert squash(world.project(), all_=True).left_out == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first": "1"}, "not both named"),
        ({}, "not both named"),
        ({"first": "1", "last": "1"}, "only one migration"),
        ({"first": "5", "last": "5"}, "only one migration"),
        ({"first": "3", "last": "1"}, "0003_step is not before 0001_step"),
        ({"first": "1", "last": "2", "all_": True}, "--all is about all"),
        ({"first": "9", "last": "1"}, "there is no migration '9'"),
    ],
)
def test_what_is_no_range_is_refused(world, given, words):
    world.tell()
    with pytest.raises(UsageError, match=words):
        squash(world.project(), **given)


def test_nothing_to_squash(world):
    with pytest.raises(UsageError, match="no migrations yet"):
        squash(world.project(), all_=True)


def test_branches_are_refused(world):
    world.tell(*STORY[:2])
    world.write(op.add_column("person", NICK), after=["0002_step"], name="0003_left")
    world.write(op.add_column("person", TEAM), after=["0002_step"], name="0003_right")
    world.write(after=["0003_left", "0003_right"], name="0004_merged")
    for first, last in (("1", "0003_left"), ("0003_left", "4")):
        with pytest.raises(HistoryError, match="the history branches at"):
            squash(world.project(), first=first, last=last)
    made = squash(world.project(), first="1", last="2")
    history = world.history
    assert history.migration("0003_left").depends_on == (made.name,)
    assert history.migration("0003_right").depends_on == (made.name,)
    assert world.problems == []


def test_ways_to_split_that_exclude_each_other_are_refused(world):
    world.write(PERSON, atomic=True)
    world.write(op.add_column("person", AGE), atomic=False)
    with pytest.raises(RefusedError, match="0001_step wants to be one transaction"):
        squash(world.project(), all_=True)


def test_how_it_is_split_and_what_is_allowed_go_along(world):
    world.write(PERSON, atomic=False, allow=["guard"])
    world.write(op.add_column("person", AGE), allow=["guard", "data-loss"])
    made = squash(world.project(), all_=True)
    found = world.history.migration(made.name)
    assert (found.atomic, found.allow) == (False, ("guard", "data-loss"))


# Where databases go on.


@pytest.mark.parametrize("reached", [None, *NAMES])
def test_a_database_goes_on_from_anywhere(world, reached):
    world.tell()
    project = world.at(reached)
    shutil.copytree(world.folder, world.root / "plain")
    if reached:
        shutil.copy(world.root / "app.db", world.root / "plain.db")
    migrate(replace(world.project("plain.db"), directory=world.root / "plain"))
    made = squash(project, first="2", last="4")
    done = migrate(project)
    assert states(project) == dict.fromkeys(("0001_step", made.name, "0005_step"), "applied")
    assert world.rows() == ["0001_step", made.name, "0005_step"]
    columns = "name, age, alias, team"
    assert world.sql(f"SELECT {columns} FROM person") == world.sql(
        f"SELECT {columns} FROM person", "plain.db"
    )
    is_recorded = reached in NAMES[1:]
    assert done.recorded == ((made.name,) if is_recorded else ())
    ran = [each.name for each in done.applied]
    assert (made.name in ran) == (not is_recorded)
    assert migrate(project).applied == migrate(project).recorded == ()


def test_a_database_that_has_all_is_told_so_and_recorded(world):
    world.tell()
    project = world.at("4")
    made = squash(project, first="2", last="4")
    found = status(project)
    assert [(row.name, row.state, row.note) for row in found.rows][1] == (
        made.name,
        "applied",
        "not recorded yet",
    )
    assert "is applied, by 3 migrations that it replaces" in found.notes[0]
    shown = migrate(project, dry_run=True).statements
    assert shown[0] == f"-- records {made.name} in the place of 0002_step, 0003_step, 0004_step"
    done = migrate(project, target=made.name)
    assert (done.applied, done.recorded) == ((), (made.name,))
    row = status(project).rows[1]
    assert row.note == "in the place of 3 migrations"
    (meta,) = world.sql("SELECT meta FROM peewee_mig_history WHERE name LIKE '%squashed%'")
    assert '"replaced": ["0002_step", "0003_step", "0004_step"]' in meta[0]


def test_a_database_that_has_a_part_is_told_so(world):
    world.tell()
    project = world.at("3")
    made = squash(project, first="2", last="4")
    found = status(project)
    assert [row.name for row in found.rows] == list(NAMES)
    assert f"a part of what {made.name} replaces is applied" in found.notes[0]
    assert found.pending == 2
    migrate(project, target="4")
    assert world.rows() == ["0001_step", made.name]


def test_a_part_can_be_undone_by_its_own_file(world):
    world.tell()
    project = world.at("3")
    squash(project, first="2", last="4")
    rollback(project, allow_data_loss=["all"])
    assert world.rows() == ["0001_step", "0002_step"]


def test_a_squash_is_undone_as_a_whole(world):
    world.tell()
    project = world.at("4")
    made = squash(project, first="2", last="4")
    done = rollback(project, allow_data_loss=["all"])
    assert (done.recorded, [each.name for each in done.applied]) == ((made.name,), [made.name])
    assert world.rows() == ["0001_step"]
    migrate(project)
    assert world.rows() == ["0001_step", made.name, "0005_step"]


def test_a_part_without_files_is_refused_with_a_way_out(world):
    world.tell()
    project = world.at("3")
    made = squash(project, first="2", last="4")
    remove(world.project("other.db"), name=made.name)
    with pytest.raises(HistoryError, match="has 2 of the migrations that") as caught:
        migrate(project)
    assert "0004_step, and the file of 0002_step is gone" in caught.value.message
    assert "then: peewee-mig migrate 0004_step" in caught.value.hint
    assert world.rows() == list(NAMES[:3])


def test_all_without_files_is_recorded_if_the_rows_prove_it(world):
    world.tell()
    project = world.at("4")
    made = squash(project, first="2", last="4")
    remove(world.project("other.db"), name=made.name)
    migrate(project)
    assert world.rows() == ["0001_step", made.name, "0005_step"]


@pytest.mark.parametrize("operations", ["[]", '[{"op": "run_sql", "forward": [], "backward": []}]'])
def test_all_without_files_is_refused_if_the_rows_say_otherwise(world, operations):
    world.tell()
    project = world.at("4")
    made = squash(project, first="2", last="4")
    remove(world.project("other.db"), name=made.name)
    world.sql(f"UPDATE peewee_mig_history SET operations = '{operations}' WHERE name = '0003_step'")
    with pytest.raises(HistoryError, match=f"do not make what {made.name} makes"):
        migrate(project)
    assert world.rows() == list(NAMES[:4])


def test_a_replaced_file_that_was_edited_is_found(world):
    world.tell()
    project = world.at("4")
    squash(project, first="2", last="4")
    path = world.folder / "0003_step.py"
    path.write_text(path.read_text().replace('"nick"', '"nicked"'))
    assert any("0003_step" in each for each in world.problems)
    shutil.copy(world.root / "app.db", world.root / "other.db")
    assert any("0003_step, which" in each for each in status(project).problems)


def test_a_renamed_part_counts_under_its_former_name(world):
    world.tell(*STORY[:3])
    project = world.at("3")
    world.sql("UPDATE peewee_mig_history SET name = '0002_old' WHERE name = '0002_step'")
    path = world.folder / "0002_step.py"
    path.write_text(
        path.read_text().replace("operations =", 'was = ["0002_old"]\n\noperations =', 1)
    )
    made = squash(project, all_=True)
    assert '{"0002_step": ["0002_old"]}' in made.module_text
    remove(world.project("other.db"), name=made.name)
    migrate(project)
    assert world.rows() == [made.name]


def test_a_squash_of_a_squash(world):
    world.tell()
    for reached in NAMES:
        world.at(reached, f"{reached}.db")
    one = squash(world.project("x.db"), first="1", last="3")
    world.at(one.name, "one.db")
    two = squash(world.project("x.db"), all_=True)
    assert two.replaces == (one.name, "0004_step", "0005_step")
    assert world.history.names == (two.name,)
    assert world.problems == []
    nested = f'{{"{one.name}": ["0001_step", "0002_step", "0003_step"]}}'
    assert nested in two.module_text
    for name in (*NAMES[:4], "one"):
        migrate(world.project(f"{name}.db"))
        assert world.rows(f"{name}.db") == [two.name], name
    remove(world.project("x.db"), name=two.name)
    assert world.problems == []
    assert sorted(path.name for path in world.folder.glob("*.py")) == [f"{two.name}.py"]
    migrate(world.project("0005_step.db"))  # has all of the first names, and no file is left
    assert world.rows("0005_step.db") == [two.name]


def test_a_second_squash_of_the_same_name_gets_another_one(world):
    world.tell()
    one = squash(world.project(), all_=True)
    world.write(
        op.add_column("person", op.column("more", "TEXT", null=True)),
        after=[one.name],
        name="0005_more",
    )
    two = squash(world.project(), all_=True)
    assert (one.name, two.name) == ("0005_initial", "0005_initial_2")


def test_a_broken_old_file_stops_only_those_who_need_it(world):
    world.tell()
    project = world.at("2")
    made = squash(project, first="2", last="4")
    path = world.folder / "0003_step.py"
    path.write_text(path.read_text().replace('"nick"', '"nicked"'))
    with pytest.raises(HistoryError, match="0003_step"):
        migrate(project)
    assert world.rows() == ["0001_step", "0002_step"]
    assert [each.name for each in migrate(world.project("new.db")).applied][1] == made.name


def test_the_result_is_proved(world, monkeypatch):
    world.tell()
    monkeypatch.setattr("peewee_mig.commands.squash.fold", lambda operations, _: operations[:-1])
    with pytest.raises(HistoryError, match="does not lead to the schema of 0005_step"):
        squash(world.project(), all_=True)


@pytest.mark.parametrize("reached", [None, "4"])
def test_older_files_know_what_a_squash_stands_for(world, reached):
    world.tell(*STORY[:4])
    shutil.copytree(world.folder, world.root / "older")
    older = replace(world.project(), directory=world.root / "older")
    project = world.at(reached)
    made = squash(project, first="2", last="4")
    migrate(project)
    done = migrate(older)
    assert (done.applied, done.pending_before) == ((), ())
    assert done.warnings == (f"the database is ahead of these files: it has {made.name}",)
    assert [row.state for row in status(older).rows] == ["applied"] * 4 + ["unknown"]
    assert status(older).ok
    with pytest.raises(HistoryError, match=f"{made.name}, which is newer than"):
        rollback(older)
    assert world.rows() == ["0001_step", made.name]
    (world.root / "older" / "0003_step.py").unlink()
    assert not status(older).ok


def test_older_files_know_a_squash_of_a_squash(world):
    world.tell(*STORY[:4])
    shutil.copytree(world.folder, world.root / "older")
    older = replace(world.project(), directory=world.root / "older")
    squash(world.project(), first="1", last="3")
    made = squash(world.project(), all_=True)
    migrate(world.project())
    assert migrate(older).warnings == (f"the database is ahead of these files: it has {made.name}",)
    assert status(older).ok


def test_older_files_undo_what_is_newer_and_not_what_a_squash_stands_for(world):
    world.tell(*STORY[:3])
    shutil.copytree(world.folder, world.root / "older")
    older = replace(world.project(), directory=world.root / "older")
    made = squash(world.project(), all_=True)
    world.write(op.add_column("person", TEAM), after=[made.name], name="0004_team")
    migrate(world.project())
    assert find_drift(older).drift.words == ()
    assert find_drift(older, against="0002", plan=True).operations
    with pytest.raises(HistoryError, match="is applied, but its file is not here"):
        rollback(older)
    done = rollback(older, unknown=True)
    assert [each.name for each in done.applied] == ["0004_team"]
    assert world.rows() == [made.name]
    assert find_drift(older).drift.words == ()
    with pytest.raises(HistoryError, match="is applied, but its file is not here") as caught:
        rollback(older)
    assert "--unknown" not in caught.value.hint
    assert rollback(older, unknown=True).applied == ()
    text = render_module([op.add_column("person", TEAM)], depends_on=["0003_step"])
    write_migration(read_history(older.directory), "0004_other", text)
    with pytest.raises(HistoryError, match="is applied, but its file is gone") as caught:
        migrate(older)
    assert "--unknown" not in caught.value.hint
    assert world.rows() == [made.name]


# Files that are removed, and others that come.


def test_files_stay_while_the_database_needs_them(world):
    world.tell()
    project = world.at("3")
    made = squash(project, first="2", last="4")
    with pytest.raises(RefusedError, match="has 0003_step, and not"):
        remove(project, name=made.name)
    migrate(project)
    assert remove(project, name=made.name, dry_run=True).removed == NAMES[1:4]
    assert (world.folder / "0003_step.py").exists()
    assert remove(project, name=made.name).removed == NAMES[1:4]
    assert world.problems == []
    assert remove(project, name=made.name).removed == ()
    assert status(project).ok


def test_only_a_squash_has_files_to_remove(world):
    world.tell()
    with pytest.raises(UsageError, match="replaces no other") as caught:
        remove(world.project(), name="1")
    assert "squash --all" in caught.value.hint
    made = squash(world.project(), first="1", last="2")
    with pytest.raises(UsageError) as caught:
        remove(replace(world.project(), database=""), name="3")
    assert made.name in caught.value.hint
    assert remove(replace(world.project(), database=""), name=made.name).database == ""


def test_files_of_which_some_are_removed_are_found(world):
    world.tell()
    made = squash(world.project(), first="2", last="4")
    (world.folder / "0003_step.py").unlink()
    (world.folder / "snapshots" / "0003_step.json").unlink()
    assert [each for each in world.problems if "only some of their files" in each]
    assert "--remove" in next(e.hint for e in verify(world.history) if made.name in e.message)


def test_what_was_made_on_the_last_one_meanwhile_follows_the_squash(world):
    world.tell(*STORY[:4])
    squash(world.project(), first="2", last="4")
    world.names[-1] = "0004_step"
    other = World(world.root / "elsewhere")
    other.tell()
    for path in ("0005_step.py", "snapshots/0005_step.json"):
        shutil.copy(other.folder / path, world.folder / path)
    assert world.problems == []
    assert world.history.heads == ("0005_step",)
    assert world.history.migration("0005_step").depends_on == ("0004_squashed_from_0002",)
    project = world.project()
    migrate(project)
    assert world.rows() == ["0001_step", "0004_squashed_from_0002", "0005_step"]
    remove(project, name="0004_squashed_from_0002")
    assert world.problems == []


@pytest.mark.parametrize("way", ["rebase", "merge"])
def test_a_branch_from_before_the_squash_is_joined(world, way):
    world.tell(*STORY[:4])
    made = squash(world.project(), first="2", last="4")
    remove(world.project("other.db"), name=made.name)
    world.write(op.add_column("person", op.column("more", "TEXT", null=True)), after=[made.name])
    other = World(world.root / "elsewhere").tell()
    for path in ("0005_step.py", "snapshots/0005_step.json"):
        shutil.move(other.folder / path, world.folder / path.replace("0005_step", "0006_late"))
    assert world.history.heads == ("0005_step", "0006_late")
    project = world.project()
    if way == "rebase":
        rebase(project, names=["0006_late"])
    else:
        merge(project)
    assert world.problems == []
    migrate(project)
    assert status(project).ok
    assert len(world.sql("SELECT more, team FROM person")) == 0


def test_what_was_made_in_the_middle_is_refused(world):
    world.tell()
    other = World(world.root / "elsewhere")
    other.tell(*STORY[:3])
    other.write(op.add_column("person", TEAM), name="0006_team")
    squash(world.project(), first="2", last="4")
    for path in ("0006_team.py", "snapshots/0006_team.json"):
        shutil.copy(other.folder / path, world.folder / path)
    assert any(
        "0006_team depends on 0003_step, which 0004_squashed_from_0002 replaces" in each
        for each in world.problems
    )


def test_a_name_that_is_replaced_means_the_squash_or_nothing(world):
    world.tell()
    squash(world.project(), first="2", last="4")
    assert world.history.find("0004_step") == "0004_squashed_from_0002"
    with pytest.raises(UsageError, match="0003_step does not count any more"):
        world.history.find("0003_step")


def test_sql_and_show_print_the_very_file_that_is_named(world):
    world.tell()
    for name in ("0003_step", "0004_step"):
        alone = sql(world.project(), names=[name]).text
        shown = show(world.project(), name=name, offline=True)
        assert alone.splitlines()[0] == f"-- {name}"
        assert shown.sql
        assert shown.sql in alone
    assert "RENAME COLUMN" in alone
    before = sql(world.project(), names=["0003_step"], schema=True).text
    squash(world.project(), first="2", last="4")
    assert sql(world.project(), names=["0004_step"]).text == alone
    assert show(world.project(), name="0004_step", offline=True).sql == shown.sql
    assert sql(world.project(), names=["0003_step"], schema=True).text == before
    assert sql(world.project()).text.count("-- 000") == 3


def test_two_squashes_of_one_migration_are_found(world):
    world.tell()
    made = squash(world.project(), first="1", last="3")
    text = made.module_text.replace('"0001_step", ', "")
    (world.folder / "0009_other.py").write_text(text)
    shutil.copy(made.snapshot_path, world.folder / "snapshots" / "0009_other.json")
    assert f"{made.name} and 0009_other both replace 0002_step" in world.problems


def test_a_squash_that_does_something_else_is_found(world):
    world.tell()
    made = squash(world.project(), first="2", last="4")
    text = made.path.read_text()
    made.path.write_text(text.replace("UPDATE person SET age = 'old'", "SELECT 1"))
    assert any("does not run SQL" in each and "0002_step does" in each for each in world.problems)
    made.path.write_text(text.replace('"alias"', '"other"'))
    snapshot = made.snapshot_path.read_text()
    made.snapshot_path.write_text(snapshot.replace("alias", "other"))
    assert world.problems


def test_a_squash_with_another_schema_is_found(world):
    world.tell(*STORY[:3])
    made = squash(world.project(), all_=True)
    other = World(world.root / "elsewhere").tell(*STORY[:2])
    shutil.copy(other.folder / "snapshots/0002_step.json", made.snapshot_path)
    assert any("leads to another schema than 0003_step" in each for each in world.problems)


def test_migrations_that_replace_each_other_are_refused(world):
    world.tell(*STORY[:2])
    for name, other in (("0001_step", "0002_step"), ("0002_step", "0001_step")):
        path = world.folder / f"{name}.py"
        path.write_text(f'{path.read_text()}\nreplaces = ["{other}"]\n')
    with pytest.raises(HistoryError, match="replace each other in a circle: 0001_step, 0002_step"):
        read_history(world.folder)


@pytest.mark.parametrize(
    ("replaces", "words"),
    [
        ('["0001_step"]', "replaces itself"),
        ('[{"0000_x": ["0001_step"]}]', "replaces itself"),
        ("[1]", "not a list of names"),
        ("[[]]", "not a list of names"),
        ('[{"a": "b"}]', "not a list of names"),
    ],
)
def test_what_cannot_be_replaced_is_refused(world, replaces, words):
    world.tell(STORY[0])
    path = world.folder / "0001_step.py"
    path.write_text(f"{path.read_text()}\nreplaces = {replaces}\n")
    with pytest.raises(HistoryError, match=words):
        read_history(world.folder)


# Other commands.


def test_a_squash_is_not_amended(world, tmp_path):
    world.tell(*STORY[:3])
    squash(world.project(), all_=True)
    with pytest.raises(RefusedError, match="cannot be made anew from the models"):
        generate(replace(world.project(), models=("models",)), amend=True)


def test_a_baseline_waits_until_a_squash_is_recorded(world):
    world.tell(*STORY[:3])
    project = world.at("3")
    made = squash(project, all_=True)
    with pytest.raises(RefusedError, match=f"{made.name} is applied, by the migrations"):
        baseline(project)


def test_a_baseline_records_the_squash_alone(world):
    world.tell(STORY[0], STORY[2])
    made = squash(world.project(), all_=True)
    world.sql(
        "CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, nick TEXT)"
    )
    assert baseline(world.project()).recorded == (made.name,)


def test_repair_looks_at_the_files_of_the_rows(world):
    world.tell()
    project = world.at("4")
    made = squash(project, first="2", last="4")
    found = repair(project)
    assert found.findings == ()
    world.sql("DELETE FROM peewee_mig_history WHERE name = '0004_step'")
    found = repair(project, confirm=lambda _findings, _statements: True)
    assert (found.done, world.rows()) == (True, list(NAMES[:4]))
    remove(world.project("other.db"), name=made.name)
    with pytest.raises(RefusedError, match="and their files are gone"):
        repair(project)
    migrate(project)
    assert repair(project).findings == ()


# The functions of data migrations.

FIRST = '''"""Fill."""

import datetime as dt
from decimal import Decimal

from peewee_mig import op

format = 1

depends_on = ["0001_step"]

#: What rows get.
VALUE = "one"


def fill(models):
    """Fill."""
    models["person"].update(age=VALUE).execute()
    assert dt and Decimal


operations = [op.add_column("person", op.column("age", "TEXT", null=True)), op.run_python(fill, [])]
'''
SECOND = (
    FIRST.replace("0001_step", "0002_step")
    .replace('"one"', '"two"')
    .replace('op.add_column("person", op.column("age", "TEXT", null=True)), ', "")
)


def test_functions_move_along_and_names_that_clash_get_a_number(world):
    world.tell(STORY[0])
    world.write(text=FIRST)
    world.write(text=SECOND)
    made = squash(world.project(), first="2", last="3")
    text = made.path.read_text()
    assert "def fill(models):" in text
    assert "def fill_0003(models):" in text
    assert "update(age=VALUE_0003)" in text
    assert text.count("import datetime as dt") == text.count("from decimal import Decimal") == 1
    assert text.count("#: What rows get.") == 2
    calls = [each.names for each in world.history.migration(made.name).operations[1:]]
    assert calls == [("fill",), ("fill_0003",)]
    assert all(isinstance(each, RunPython) for each in made.operations[1:])
    assert world.problems == []
    world.at("1")
    migrate(world.project())
    assert world.sql("SELECT age FROM person") == [("two",)]


def test_functions_of_what_is_left_out_do_not_move(world):
    world.tell(STORY[0])
    world.write(text=FIRST.replace("run_python(fill, [])", "run_python(fill, [], elidable=True)"))
    made = squash(world.project(), all_=True)
    assert "def fill" not in made.module_text
    assert not any(isinstance(each, RunSQL | RunPython) for each in made.operations)
