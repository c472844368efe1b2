"""Reference rows where they meet people's values, and tables that are left out."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from peewee_mig import op
from peewee_mig.commands.baseline import baseline
from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.diff import diff
from peewee_mig.errors import ConsentError, GuardError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.writing import write_migration
from peewee_mig.operations.verbs import Constant, Generated
from peewee_mig.schema.schema import Schema

ROLE = op.create_table(
    "role",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(20)"),
    op.column("label", "VARCHAR(40)", null=True),
    op.column("rank", "INT", default="3"),
    op.column("kind", "VARCHAR(9)", default="'plain'"),
    op.column("since", "DATETIME", default="CURRENT_TIMESTAMP"),
    op.primary_key("id"),
    op.index("role_name", "name", unique=True),
)


class World:
    """A project with a migrations folder and a SQLite file."""

    def __init__(self, root):
        self.root = root
        self.project = Project(root, root / "migrations", database=f"sqlite:///{root / 'app.db'}")

    def write(self, *operations):
        history = read_history(self.project.directory)
        name = f"{len(history.names) + 1:04d}_step"
        text = render_module(list(operations), depends_on=history.names[-1:])
        write_migration(history, name, text)

    def sql(self, sql):
        with closing(sqlite3.connect(self.root / "app.db")) as connection:
            found = connection.execute(sql).fetchall()
            connection.commit()
            return found


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_a_row_that_was_there_with_more_than_is_declared_is_not_deleted_without_consent(world):
    world.write(ROLE)
    migrate(world.project)
    world.sql("INSERT INTO role (name, label) VALUES ('guest', 'Mine')")
    world.write(op.insert_rows("role", "name", [{"name": "guest"}]))
    migrate(world.project)
    with pytest.raises(ConsentError, match=r"role \(1 row\)"):
        rollback(world.project)
    assert world.sql("SELECT name, label FROM role") == [("guest", "Mine")]
    rollback(world.project, allow_data_loss=["role"])
    assert world.sql("SELECT count(*) FROM role") == [(0,)]


@pytest.mark.parametrize("change", ["label = 'Mine'", "rank = 4", "kind = 'x'"])
@pytest.mark.parametrize("apart", [True, False])
def test_values_in_columns_that_a_row_does_not_give_count_as_a_loss(world, change, apart):
    rows = [{"name": "a"}, {"name": "b", "label": "B", "rank": 1}]
    world.write(ROLE, *([] if apart else [op.insert_rows("role", "name", rows)]))
    if apart:
        world.write(op.insert_rows("role", "name", rows))
    migrate(world.project)
    rollback(world.project)  # nobody changed anything
    migrate(world.project)
    world.sql("UPDATE role SET since = '2020-01-01 00:00:00'")  # nobody can tell whose value it is
    world.sql(f"UPDATE role SET {change} WHERE name = 'a'")
    with pytest.raises(ConsentError, match=r"role \(1 row\)"):
        rollback(world.project)


def test_rows_that_refer_to_rows_of_a_table_that_is_left_out_by_now_are_there(world):
    account = op.create_table(
        "auth_account",
        op.column("id", "AUTO"),
        op.column("login", "VARCHAR(20)"),
        op.primary_key("id"),
        op.index("login", "login", unique=True),
        op.rows("login", [{"login": "root"}]),
    )
    setting = op.create_table(
        "setting",
        op.column("account_id", "INT"),
        op.column("value", "VARCHAR(20)"),
        op.primary_key("account_id", "value"),
        op.foreign_key("account_id", "auth_account", "id"),
        op.rows(
            ["account_id", "value"],
            [{"account_id": op.ref("auth_account", "id", {"login": "root"}), "value": "dark"}],
        ),
    )
    world.write(account, setting)
    migrate(world.project)
    project = replace(world.project, exclude=("auth_*",))
    found = find_drift(project, plan=True)
    assert found.drift.words == ()
    assert found.statements == ()
    assert baseline(project).target == "0001_step"
    world.sql("DELETE FROM setting")
    found = find_drift(project)
    assert found.drift.words == ("the reference row (root, dark) of setting is missing",)
    world.sql("DROP TABLE auth_account")
    found = find_drift(project)
    assert found.drift.words == ("the reference row (root, dark) of setting is missing",)


def test_a_row_that_goes_last_comes_back_while_a_new_column_is_there(world):
    number = op.column("id", "AUTO")
    name, parent = op.column("name", "VARCHAR(9)"), op.column("parent_id", "INT", null=True)
    rest = (
        op.primary_key("id"),
        op.index("name", "name", unique=True),
        op.foreign_key("parent_id", "role", "id"),
    )
    ref = {each: op.ref("role", "id", {"name": each}) for each in "ab"}
    one = op.create_table(
        "role", number, name, parent, *rest,
        op.rows("name", [{"name": "a"}, {"name": "b"}, {"name": "c", "parent_id": ref["b"]}]),
    )  # fmt: skip
    two = op.create_table(
        "role", number, name, parent, op.column("n", "INT"), op.column("u", "UUID"), *rest,
        op.rows("name", [
            {"name": "a", "n": 4, "u": Generated("uuid4")},
            {"name": "c", "parent_id": ref["a"], "n": 4, "u": Generated("uuid4")},
        ]),
    )  # fmt: skip
    fills = {("role", "n"): Constant(4), ("role", "u"): Generated("uuid4")}
    world.write(one)
    world.write(*diff(Schema.of([one.object]), Schema.of([two.object]), None, fills))
    migrate(world.project)
    assert world.sql("SELECT name, parent_id, n FROM role") == [("a", None, 4), ("c", 1, 4)]
    rollback(world.project, allow_data_loss=["all"])
    found = world.sql("SELECT r.name, p.name FROM role r LEFT JOIN role p ON p.id = r.parent_id")
    assert sorted(found) == [("a", None), ("b", None), ("c", "b")]
    assert find_drift(world.project).drift.words == ()


def test_the_way_out_of_a_rollback_over_a_changed_row_works(world):
    world.write(ROLE, op.insert_rows("role", "name", [{"name": "a", "label": "A"}]))
    change = ({"name": "a", "label": "A"}, {"name": "a", "label": "B"})
    world.write(op.update_rows("role", "name", [change]))
    migrate(world.project)
    world.sql("UPDATE role SET label = 'Mine'")
    with pytest.raises(GuardError) as caught:
        rollback(world.project)
    assert "give these rows the values that 0002_step declares" in caught.value.hint
    world.sql("UPDATE role SET label = 'B'")
    rollback(world.project)
    assert world.sql("SELECT label FROM role") == [("A",)]
