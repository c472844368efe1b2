"""Names in any spelling, other character sets than utf8mb4, and a database ahead of the code."""

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld

from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.pull import pull
from peewee_mig.commands.status import status

ENGINES = ["sqlite", "postgres", "mysql"]

MIXED = """op.create_table(
    "Order Items",
    op.column("Id", "AUTO"),
    op.column("userId", "INT"),
    op.column("select", "VARCHAR(20)", default="'A''b'"),
    op.column("100%", "INT", null=True),
    op.primary_key("Id"),
    op.index("Order Items_userId", "userId"),
    op.check('"userId" IN (1, 2)'),
)"""
KEYED = """op.create_table(
    "orderNotes",
    op.column("Id", "AUTO"),
    op.column("Item", "INT"),
    op.primary_key("Id"),
    op.foreign_key("Item", "Order Items", "Id", on_delete="CASCADE"),
)"""
RENAMED = (
    'op.rename_column("Order Items", "userId", "UserID")',
    'op.rename_table("orderNotes", "Order-Notes")',
    'op.add_column("Order-Notes", op.column("Größe", "INT"), fill=3)',
)


@pytest.fixture(params=ENGINES)
def world(request, databases, tmp_path):
    return LiveWorld(tmp_path, databases(request.param))


def test_mixed_case_and_words_of_sql_are_names_as_any(world):
    world.write((MIXED, KEYED))
    world.migrate()
    quote = world.dialect.quote
    items = quote("Order Items")
    world.sql(
        f"INSERT INTO {items} ({quote('userId')}) VALUES (1)",
        f"INSERT INTO {quote('orderNotes')} ({quote('Item')}) VALUES (1)",
    )
    assert find_drift(world.project).is_clean
    world.write(RENAMED)
    world.migrate()
    assert find_drift(world.project).is_clean
    assert pull(world.project).left == ()
    assert world.sql(f"SELECT {quote('Größe')} FROM {quote('Order-Notes')}") == [(3,)]
    assert world.sql(f"SELECT {quote('UserID')}, {quote('select')} FROM {items}") == [(1, "A'b")]
    world.rollback("1", allow_data_loss=["all"])
    assert world.sql(f"SELECT {quote('userId')} FROM {items}") == [(1,)]
    assert world.sql(f"SELECT {quote('Item')} FROM {quote('orderNotes')}") == [(1,)]


@pytest.mark.parametrize("words", ["latin1", "utf8mb4 COLLATE utf8mb4_bin"])
def test_a_database_of_another_character_set(mysql, tmp_path, words):
    world = LiveWorld(tmp_path, mysql)
    mysql.sql(f"ALTER DATABASE {mysql.name} CHARACTER SET {words}")
    world.write(
        BASE,
        'op.add_column("people", op.column("town", "VARCHAR(255)", default="\'Zürich\'"))',
        'op.create_index("people", op.index("people_town", "town"))',
        """op.run_sql("UPDATE people SET town = 'Köln' -- 東京", "SELECT 1")""",
    )
    world.migrate("1")
    world.sql(*ROWS)
    world.migrate()
    assert set(world.sql("SELECT town FROM people")) == {("Köln",)}
    assert find_drift(world.project).is_clean
    assert pull(world.project).left == ()
    (operations,) = world.sql("SELECT operations FROM peewee_mig_history WHERE name LIKE '0004%'")
    assert "東京" in operations[0]
    world.rollback("1", allow_data_loss=["all"])
    assert find_drift(world.project).is_clean


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_database_ahead_of_the_code(engine, databases, tmp_path, capsys):
    world = LiveWorld(tmp_path, databases(engine))
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    (name,) = world.write(('op.add_column("people", op.column("town", "INT"), fill=1)', BUMP))
    world.migrate()
    world.remove(name)
    assert world.cli("migrate") == 0
    assert f"the database is ahead of these files: it has {name}" in capsys.readouterr().err
    assert world.cli("migrate", "--strict") == 1
    assert status(world.project).ok
    assert find_drift(world.project).is_clean
    assert world.cli("rollback") == 5
    assert f"{name}, which is newer than 0001_step" in capsys.readouterr().err
    assert world.applied() == ["0001_step", name]
