"""Reference rows on every engine: the declared ones are there, others stay, guards stop a run."""

from itertools import pairwise

import pytest
from live_world import LiveWorld
from rows_world import State

from peewee_mig.commands.drift import find_drift
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import ConsentError, GuardError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.writing import write_migration
from peewee_mig.schema import Schema

STATES = (
    State({"a": "A", "b'b": ""}, (("a", "x"), ("b'b", "x")), {"leaf": "", "root": ""}, flat=True),
    State(
        {"a": "it's 50% \\ off", "c": "C"},
        (("c", "x"), ("a", "y")),
        {"root": "new", "new": "", "leaf": "root"},
        "INT",
    ),
    State({"c": "", "d": "D"}, (("c", "x"),), {"leaf": ""}, "VARCHAR(9)", "code"),
)
#: A value of each type, and how it is spelled in a database where somebody changed it.
VALUES = {
    "BIGINT": 2**40,
    "BLOB": b"\x00\xff",
    "BOOL": True,
    "CHAR": "x",
    "DATE": "2020-01-02",
    "DATETIME": "2020-01-02 03:04:05",
    "DECIMAL(10, 5)": "1.5",
    "DOUBLE": 0.1,
    "FLOAT": 0.1,
    "JSON": '{"a": [1, "é"]}',
    "SMALLINT": 7,
    "TEXT": "Ünï\n'%s'",
    "TIME": "01:02:03",
    "UUID": "00000000000000000000000000000005",
    "UUIDB": bytes(15) + b"\x06",
}
ENGINES = ("mysql", "postgres", "sqlite")


def write(world, operations):
    history = read_history(world.migrations)
    name = f"{len(history.names) + 1:04}_rows"
    on = [history.head] if history.head else []
    write_migration(history, name, render_module(operations, depends_on=on))
    return name


def renames(one, other):
    return (
        Renames().with_column("role", "name", "code") if one.called != other.called else Renames()
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_states_follow_each_other_there_and_back(engine, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(engine))
    quote = "`" if engine == "mysql" else '"'
    steps = [diff(Schema(), STATES[0].schema)]
    steps += [diff(one.schema, two.schema, renames(one, two)) for one, two in pairwise(STATES)]
    names = [write(world, step) for step in steps]
    for name, state in zip(names, STATES, strict=True):
        world.migrate(name)
        if name == names[0]:
            world.sql("INSERT INTO role (name, label) VALUES ('own', 'mine')")
            world.sql("INSERT INTO may SELECT id, 'x' FROM role WHERE name = 'own'")
            world.sql("INSERT INTO tree (name) VALUES ('own')")
        assert shortened(state, world, quote) == with_own(state)
        assert find_drift(world.project).is_clean
    for name, state in reversed(list(zip(names[:-1], STATES[:-1], strict=True))):
        world.rollback(name, allow_data_loss=["all"])
        assert shortened(state, world, quote) == with_own(state)
        assert find_drift(world.project).is_clean
    with pytest.raises(ConsentError, match=r"role \(1 row\)"):
        world.rollback("zero")


def with_own(state):
    """Return the rows that are declared, and one in each table that nobody declared."""
    own = {"role": ("own", "mine"), "may": ("own", "x"), "tree": ("own", None)[: 2 - state.flat]}
    return {t: {own[t], *(row[:2] for row in rows)} for t, rows in state.expected().items()}


def shortened(state, world, quote):
    return {t: {row[:2] for row in rows} for t, rows in state.found(world.sql, quote).items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_values_of_each_type_are_kept_and_compared_exactly(engine, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(engine))
    columns = ", ".join(f'op.column("c{n}", "{kind}", null=True)' for n, kind in enumerate(VALUES))
    row = {"name": "all", **{f"c{n}": value for n, value in enumerate(VALUES.values())}}
    nulls = {"name": "none", **dict.fromkeys(list(row)[1:])}
    world.write(
        f'op.create_table("t", op.column("name", "VARCHAR(9)"), {columns},'
        f' op.primary_key("name"), op.rows("name", [{row!r}, {nulls!r}]))',
        f'op.insert_rows("t", "name", [{ {**row, "name": "late"}!r}])',
    )
    world.migrate()
    assert find_drift(world.project).is_clean
    world.sql("UPDATE t SET c11 = 'UnI' WHERE name = 'all'")
    world.sql("UPDATE t SET c0 = 1, c2 = NULL WHERE name = 'late'")
    world.sql("UPDATE t SET c6 = 0 WHERE name = 'none'")
    lines = find_drift(world.project).drift.lines
    assert sorted(line.split(" has ")[0] for line in lines) == [
        f"the reference row ({name}) of t" for name in ("all", "late", "none")
    ]
    with pytest.raises(ConsentError, match=r"t \(1 row\)"):
        world.rollback("0001_step")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_somebody_did_with_rows_is_in_the_way_or_taken_over(engine, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(engine))
    world.write(
        'op.create_table("role", op.column("id", "AUTO"), op.column("name", "VARCHAR(20)"),'
        ' op.column("label", "VARCHAR(20)", null=True), op.primary_key("id"),'
        ' op.index("role_name", "name", unique=True))',
        'op.insert_rows("role", "name", ['
        '{"name": "a", "label": "A"}, {"name": "b", "label": "B"}])',
        'op.update_rows("role", "name", ['
        '({"name": "a", "label": "A"}, {"name": "a", "label": "AA"}),'
        '({"name": "b", "label": "B"}, {"name": "b", "label": "BB"})])',
    )
    world.migrate("0001_step")
    world.sql("INSERT INTO role (name, label) VALUES ('a', 'other'), ('b', 'B')")
    with pytest.raises(GuardError, match="1 row is in the way: role has reference rows") as caught:
        world.migrate("0002_step")
    assert "over=True" in caught.value.hint
    world.edit("0002_step", '"B"}]', '"B"}], over=True')
    world.migrate("0002_step")
    labels = "SELECT name, label FROM role ORDER BY name"
    assert [tuple(row) for row in world.sql(labels)] == [("a", "A"), ("b", "B")]
    world.sql("UPDATE role SET label = 'x' WHERE name = 'a'")
    world.sql("DELETE FROM role WHERE name = 'b'")
    with pytest.raises(GuardError, match="such as a"):
        world.migrate()
    world.sql("UPDATE role SET label = 'A' WHERE name = 'a'")
    world.migrate()  # a row that is gone comes back
    assert [tuple(row) for row in world.sql(labels)] == [("a", "AA"), ("b", "BB")]
