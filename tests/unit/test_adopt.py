"""adopt on the layouts of other tools."""

import re

import pytest
from adopting_world import TOOLS, Adopted, files_of

from peewee_mig.commands import adopt as adopt_module
from peewee_mig.errors import LockedError

#: Tool -> what it has applied.
APPLIED = {
    "pwmigrate": ["0001_initial", "0002_add_note"],
    "peewee_migrate": ["001_initial", "002_add_note"],
    "miggy": ["001_initial", "002_books"],
    "peewee-migrations": ["0001_migration_202605010930", "0002_migration_202605020930"],
    "peewee-moves": ["0001_create_table_author", "0002_create_table_book"],
    "peewee-db-evolve": [],
    "yoyo": ["0001.create-authors", "0002.create-books"],
    "alembic": ["1a2b3c4d5e6f", "0a1b2c3d4e5f"],
    "sql": ["20260501093000_authors", "20260502093000_books"],
    "create_tables": [],
}
#: Tool -> a file of a migration that is pending, and how the tool applies it.
PENDING = {
    "pwmigrate": ("migrations/0003_x.py", "def up(migrator, db):\n    pass\n", "pwmigrate up"),
    "peewee_migrate": (
        "migrations/003_x.py",
        "def migrate(migrator, database, fake=False):\n    pass\n",
        "pw_migrate migrate --directory migrations",
    ),
    "miggy": ("migrations/003_x.py", "__ATOMIC = True\n", "miggy migrate"),
    "peewee-migrations": ("migrations/0003_x.py", "snapshot = Snapshot()\n", "pem migrate"),
    "peewee-moves": (
        "migrations/0003_x.py",
        "def upgrade(migrator):\n    pass\n",
        "peewee-db --directory migrations --database sqlite:///library.db upgrade",
    ),
    "yoyo": ("migrations/0003_x.sql", "SELECT 1;\n", "yoyo apply"),
    "alembic": (
        "migrations/versions/x.py",
        "revision = 'x'\ndown_revision = ('0a1b2c3d4e5f',)\n",
        "alembic upgrade head",
    ),
    "sql": ("db/migrations/20260503093000_x.sql", "SELECT 1;\n", "run them as you did"),
}
RECORDS = re.compile(r"schema_migration|migrat|yoyo|alembic")


@pytest.fixture
def adopting(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda tool: Adopted.of(tool, tmp_path, capsys)


def test_every_tool_has_a_layout_here():
    from peewee_mig.commands.adopting.tools import TOOLS as KNOWN

    assert sorted(KNOWN) == TOOLS == sorted(APPLIED)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_project_is_taken_over(adopting, tool):
    world = adopting(tool)
    before = [line for line in world.state()[1] if "peewee_mig" not in line]
    assert world.run("adopt", "--yes", "--json") == 0
    found = world.json
    assert (found["tool"], [each["name"] for each in found["applied"]]) == (tool, APPLIED[tool])
    assert found["recorded"] == ["0001_initial"]
    assert [each["op"] for each in found["operations"]] == ["create_table", "create_table"]
    assert found["leave"]
    assert [line for line in world.state()[1] if "peewee_mig" not in line] == before
    assert world.run("diff", models=False) == 0
    assert world.run("generate", "--check") == 0
    assert world.run("status", "--check") == 0
    after = world.state()
    assert world.run("adopt", "--json") == 0
    assert (world.json["recorded"], world.json["operations"]) == ([], [])
    assert world.state() == after


@pytest.mark.parametrize("tool", PENDING)
def test_what_is_pending_is_to_be_applied_first(adopting, tool):
    world = adopting(tool)
    path, text, command = PENDING[tool]
    world.write(**{path: text})
    before = world.state()
    assert world.run("adopt", "--yes") == 5
    assert f"1 migration of {tool} is pending in this database:" in world.out
    assert command in world.out
    assert world.state() == before


def test_the_moments_are_told_to_the_second(adopting):
    world = adopting("yoyo")
    world.run("adopt", "--dry-run", "--json")
    assert world.json["applied"][0] == {"name": "0001.create-authors", "at": "2026-05-01 09:30:02"}


def test_the_folder_of_the_other_tool_makes_room(adopting):
    world = adopting("peewee_migrate")
    old = {path: text for path, text in world.state()[0].items() if path.startswith("migrations/")}
    assert world.run("adopt") == 5
    assert "adopt --database sqlite:///library.db" in world.out
    assert world.run("adopt", "--yes", "--json") == 0
    assert world.json["moved"] == {"from": "migrations", "to": "migrations_peewee_migrate"}
    files = world.state()[0]
    for path, text in old.items():
        assert files[path.replace("migrations/", "migrations_peewee_migrate/")] == text
    ours = sorted(path for path in files if path.startswith("migrations/"))
    assert ours == ["migrations/0001_initial.py", "migrations/snapshots/0001_initial.json"]


def test_ours_may_be_in_another_folder(adopting):
    world = adopting("pwmigrate")
    assert world.run("adopt", "--directory", "steps", "--json") == 0
    assert world.json["moved"] is None
    assert (world.folder / "steps/0001_initial.py").exists()


def test_ours_are_not_taken_for_pending_ones(adopting):
    world = adopting("pwmigrate")
    world.run("adopt", "--directory", "steps")
    world.write(**{".pwmigrate": "directory = steps\n"})
    assert world.run("adopt", "--directory", "steps", "--json") == 0
    assert [each["name"] for each in world.json["applied"]] == APPLIED["pwmigrate"]


def test_a_folder_with_both_is_refused(adopting):
    world = adopting("pwmigrate")
    world.run("adopt", "--yes")
    world.write(**{"migrations/0003_x.py": "def up(migrator, db):\n    pass\n"})
    world.sql("INSERT INTO schema_migration VALUES (3, '0003_x', '2026-05-03')")
    assert world.run("adopt", "--yes") == 5
    assert "has migrations of pwmigrate and of peewee-mig" in world.out


def test_a_name_that_is_taken_is_refused(adopting):
    world = adopting("pwmigrate")
    world.write(**{"migrations_pwmigrate/notes.txt": "mine"})
    before = world.state()
    assert world.run("adopt", "--yes") == 5
    assert "its new name is taken: migrations_pwmigrate" in world.out
    assert world.state() == before


def test_no_migration_of_another_tool_is_run(adopting):
    world = adopting("pwmigrate")
    world.write(**{"migrations/0002_add_note.py": "def up(migrator, db):\n    pass\n1 / 0\n"})
    assert world.run("adopt", "--yes") == 0


def test_a_dry_run_changes_nothing(adopting):
    world = adopting("alembic")
    before = world.state()
    assert world.run("adopt", "--dry-run") == 0
    assert world.state() == before
    for line in ("Would write 0001_initial:", "Would record, running nothing:", "To leave alembic"):
        assert line in world.out


def test_models_that_differ_are_refused_with_the_difference(adopting):
    world = adopting("yoyo")
    world.sql("ALTER TABLE book ADD COLUMN pages INTEGER; DROP INDEX book_title")
    before = world.state()
    assert world.run("adopt", "--yes", "--json") == 5
    assert sorted(world.json["difference"]) == [
        "column book.pages is not expected",
        "index book_title of book is missing",
    ]
    assert world.state() == before


def test_from_the_database_and_then_the_rest(adopting):
    world = adopting("yoyo")
    world.sql("ALTER TABLE book ADD COLUMN pages INTEGER; DROP INDEX book_title")
    assert world.run("adopt", "--from", "database", "--yes", "--json") == 0
    assert world.json["models_differ"] is True
    assert world.run("diff", models=False) == 0
    assert world.run("generate", "--json") == 0
    ops = sorted(each["op"] for each in world.json["operations"])
    assert ops == ["create_index", "drop_column"]
    assert world.run("migrate") == 0
    assert world.run("generate", "--check") == 0
    assert world.run("diff", models=False) == 0


def test_from_a_database_without_models(adopting):
    world = adopting("peewee-moves")
    assert world.run("adopt", "--yes", models=False) == 2
    assert "peewee-mig adopt --database sqlite:///library.db --from database" in world.out
    assert world.run("adopt", "--from", "database", "--yes", models=False) == 0
    assert "--table author --table book --output models.py" in world.out
    pulled = f"pulled_{world.folder.name}"
    world.run("pull", "--table", "author", "--table", "book", "--output", f"{pulled}.py")
    assert world.run("generate", "--check", "--models", pulled, models=False) == 0
    assert world.run("diff", models=False) == 0


def test_where_no_table_is_the_migration_is_to_be_run(adopting):
    world = adopting("create_tables")
    world.sql("DROP TABLE book; DROP TABLE author")
    assert world.run("adopt") == 0
    assert "has none of the tables. next: peewee-mig migrate" in world.out
    assert world.run("migrate") == 0
    assert world.run("diff", models=False) == 0


def test_a_database_without_tables_gives_no_migration(adopting):
    world = adopting("create_tables")
    world.sql("DROP TABLE book; DROP TABLE author")
    assert world.run("adopt", "--from", "database") == 2
    assert "no table that a first migration could make" in world.out
    assert not (world.folder / "migrations").exists()


def test_another_environment_is_recorded_by_the_same_command(adopting):
    world = adopting("pwmigrate")
    world.run("adopt", "--yes")
    world.sql("DROP TABLE peewee_mig_history")
    assert world.run("adopt", "--json") == 0
    assert world.json["recorded"] == ["0001_initial"]
    world.sql("DROP TABLE peewee_mig_history; DELETE FROM schema_migration WHERE id = 2")
    assert world.run("adopt") == 5
    assert "1 migration of pwmigrate is pending" in world.out


def test_another_environment_without_tables_is_to_be_migrated(adopting):
    world = adopting("create_tables")
    world.run("adopt")
    world.sql("DROP TABLE peewee_mig_history; DROP TABLE book; DROP TABLE author")
    assert world.run("adopt") == 0
    assert "has none of the migrations.\n1 pending. next: peewee-mig migrate" in world.out


def test_several_tools_are_a_question(adopting):
    world = adopting("alembic")
    files = files_of("peewee-moves")
    world.write(**{"old/0001_x.py": files["migrations/0001_create_table_author.py"]})
    assert world.run("adopt", "--yes") == 5
    assert "there are traces of peewee-moves and alembic" in world.out
    assert world.run("adopt", "--tool", "alembic", "--yes", "--json") == 0
    assert world.json["tool"] == "alembic"


def test_an_unknown_tool_and_no_tool_at_all(adopting):
    world = adopting("create_tables")
    assert world.run("adopt", "--tool", "django") == 2
    assert "one of pwmigrate, peewee_migrate, miggy," in world.out
    assert world.run("adopt", "--tool", "yoyo") == 2
    assert "there is no trace of yoyo" in world.out
    world.remove("app.py")
    assert world.run("adopt") == 2
    assert "there is no trace of another tool" in world.out


def test_the_table_alone_is_a_trace(adopting):
    world = adopting("peewee-moves")
    for name in APPLIED["peewee-moves"]:
        world.remove(f"migrations/{name}.py")
    assert world.run("adopt", "--json") == 0
    assert [each["name"] for each in world.json["applied"]] == APPLIED["peewee-moves"]


def test_a_revision_that_no_file_has(adopting):
    world = adopting("alembic")
    world.sql("UPDATE alembic_version SET version_num = 'ffff'")
    assert world.run("adopt", "--yes") == 5
    assert "alembic_version says ffff, a revision that no file has" in world.out


def test_one_number_says_what_golang_migrate_has_applied(adopting):
    world = adopting("sql")
    world.sql(
        "DROP TABLE schema_migrations;"
        "CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, dirty BOOL NOT NULL);"
        "INSERT INTO schema_migrations VALUES (20260502093000, 0)"
    )
    assert world.run("adopt", "--json") == 0
    assert [each["name"] for each in world.json["applied"]] == APPLIED["sql"]


def test_sql_files_without_a_table_of_versions(adopting):
    world = adopting("sql")
    world.sql("DROP TABLE schema_migrations")
    assert world.run("adopt", "--json") == 0
    assert world.json["applied"] == []


def test_how_to_leave_names_the_lines(adopting):
    world = adopting("peewee-db-evolve")
    start = "from models import Author, db\n\nAuthor.create_table()\nop.create_table(1)\n"
    world.write(**{"start.py": start})
    assert world.run("adopt", "--json") == 0
    leave = "\n".join(world.json["leave"])
    for words in (
        "take peeweedbevolve out of the source: app.py:2",
        "remove the calls of evolve(): app.py:8",
        "make tables at start-up: start.py:3.",
        "take peewee-db-evolve out of requirements.txt:2",
    ):
        assert words in leave


def test_the_tables_of_the_other_tool_are_told_and_stay(adopting):
    world = adopting("yoyo")
    assert world.run("adopt", "--yes", "--json") == 0
    assert world.json["leave"][-1].endswith(
        'DROP TABLE "_yoyo_migration"; DROP TABLE "_yoyo_log"; DROP TABLE "_yoyo_version";'
        ' DROP TABLE "yoyo_lock";'
    )
    assert world.rows("SELECT count(*) FROM _yoyo_migration") == [(2,)]


def test_a_database_of_another_checkout_is_told(adopting):
    world = adopting("create_tables")
    world.run("adopt")
    (world.folder / "migrations").rename(world.folder / "elsewhere")
    assert world.run("adopt") == 5
    assert "has migrations of peewee-mig already (0001_initial)" in world.out


def test_what_is_written_is_told_where_recording_fails(adopting, monkeypatch):
    def locked(*_, **__):
        raise LockedError("somebody else works here", hint="wait")

    world = adopting("pwmigrate")
    with monkeypatch.context() as patch:
        patch.setattr(adopt_module, "baseline", locked)
        assert world.run("adopt", "--yes") == 4
    assert "migrations is called migrations_pwmigrate; 0001_initial is written" in world.out
    assert world.run("adopt", "--json") == 0
    assert world.json["recorded"] == ["0001_initial"]
