"""adopt on layouts that differ from those of tests/adopting."""

import pytest
from adopting_world import Adopted, files_of

from peewee_mig.commands import adopt as adopt_module
from peewee_mig.errors import DriftError

READING = "from yoyo import get_backend, read_migrations\n\n\ndef upgrade():\n    pass\n"


@pytest.fixture
def adopting(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return lambda tool: Adopted.of(tool, tmp_path, capsys)


def moved_files(world, old, new):
    (world.folder / new).parent.mkdir(parents=True, exist_ok=True)
    (world.folder / old).rename(world.folder / new)


def test_an_application_that_runs_yoyo_has_no_migrations(adopting):
    world = adopting("yoyo")
    world.remove("yoyo.ini")
    moved_files(world, "migrations", "app/steps")
    world.write(**{"app/db.py": READING, "app/web.py": "PORT = 80\n"})
    assert world.run("adopt", "--json") == 0
    assert world.json["evidence"][0] == "app/steps: 2 files"
    assert len(world.json["applied"]) == 2
    assert "take yoyo out of the source: app/db.py:1" in world.json["leave"]


def test_every_source_of_yoyo_counts(adopting):
    world = adopting("yoyo")
    world.write(**{"yoyo.ini": "[DEFAULT]\nsources = migrations more\n", "more/a.sql": "SELECT 1;"})
    assert world.run("adopt", "--yes") == 5
    assert "1 migration of yoyo is pending in this database: a" in world.out
    world.sql("INSERT INTO _yoyo_migration VALUES ('ffff', 'a', '2026-05-03')")
    assert world.run("adopt", "--yes", "--json") == 0


def test_sources_of_yoyo_are_found_after_they_have_made_room(adopting):
    world = adopting("yoyo")
    moved_files(world, "migrations/0001.create-authors.sql", "migrations/authors.sql")
    world.remove("migrations/0001.create-authors.rollback.sql")
    world.remove("migrations/0002.create-books.py")
    world.sql(
        "DELETE FROM _yoyo_migration; INSERT INTO _yoyo_migration VALUES ('a', 'authors', '2026')"
    )
    assert world.run("adopt", "--yes") == 0
    world.sql("DROP TABLE peewee_mig_history; DELETE FROM _yoyo_migration")
    assert world.run("adopt", "--yes") == 5
    assert "1 migration of yoyo is pending in this database: authors" in world.out


def test_what_is_pending_after_the_move_is_for_the_code_of_before(adopting):
    world = adopting("pwmigrate")
    world.run("adopt", "--yes")
    world.sql("DROP TABLE peewee_mig_history; DELETE FROM schema_migration WHERE id = 2")
    assert world.run("adopt") == 5
    assert "with the code from before peewee-mig took over: pwmigrate up. Then," in world.out


def test_records_that_are_elsewhere_are_no_reason_to_run_everything_again(adopting):
    world = adopting("peewee-moves")
    world.sql("ALTER TABLE migration_history RENAME TO migrated")
    assert world.run("adopt", "--yes") == 5
    assert "there is no table migration_history here." in world.out
    assert "then: peewee-mig generate" in world.out
    assert world.run("generate", "--directory", "ours") == 0
    assert world.run("baseline", "--directory", "ours") == 0


def test_a_failed_migration_of_golang_migrate_is_refused(adopting):
    world = adopting("sql")
    world.sql(
        "DROP TABLE schema_migrations;"
        "CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, dirty BOOL NOT NULL);"
        "INSERT INTO schema_migrations VALUES (20260502093000, 1)"
    )
    before = world.state()
    assert world.run("adopt", "--yes") == 5
    assert "schema_migrations says that version 20260502093000 has failed (dirty)" in world.out
    assert "migrate force VERSION, then: peewee-mig adopt" in world.out
    assert world.state() == before


def test_the_table_tells_sql_files_from_dumps(adopting):
    world = adopting("sql")
    world.write(**{"backups/2026-01-01.sql": "SELECT 1;", "backups/2026-02-01.sql": "SELECT 1;"})
    assert world.run("adopt", "--json") == 0
    assert len(world.json["applied"]) == 2
    assert "delete db/migrations/" in world.json["leave"][0]


def test_folders_of_several_databases_are_told_apart(adopting):
    world = adopting("peewee_migrate")
    moved_files(world, "migrations", "library/migrations")
    text = files_of("peewee_migrate")["migrations/001_initial.py"]
    world.write(**{"billing/migrations/001_bills.py": text, "billing/migrations/002_x.py": text})
    assert world.run("adopt", "--json") == 0
    assert "library/migrations: 2 files" in world.json["evidence"]


def test_a_revision_of_alembic_implies_what_it_depends_on(adopting):
    world = adopting("alembic")
    world.write(
        **{
            "migrations/versions/aaaa.py": "revision = 'aaaa'\ndown_revision = None\n",
            "migrations/versions/bbbb.py": "revision = 'bbbb'\ndown_revision = '0a1b2c3d4e5f'\n"
            "depends_on = 'aaaa'\n",
        }
    )
    world.sql("UPDATE alembic_version SET version_num = 'bbbb'")
    assert world.run("adopt", "--yes", "--json") == 0
    assert {each["name"] for each in world.json["applied"]} >= {"aaaa", "bbbb"}


def test_a_folder_with_the_database_is_not_to_be_deleted(adopting):
    world = adopting("peewee-moves")
    moved_files(world, "migrations", "db")
    world.write(**{"db/other.db": "rows"})
    assert world.run("adopt", "--json") == 0
    assert "delete the migrations of peewee-moves in db/" in world.json["leave"][0]


def test_a_pushed_database_has_no_migrations_of_another_checkout(adopting):
    world = adopting("create_tables")
    world.sql("DROP TABLE book; DROP TABLE author")
    world.run("push")
    assert world.run("adopt") == 5
    assert "this database was pushed at" in world.out
    assert world.run("generate") == 0
    assert world.run("baseline") == 0


def test_the_tree_of_alembic_is_the_one_that_the_database_is_at(adopting):
    world = adopting("alembic")
    world.write(
        **{
            "a/env.py": "",
            "a/versions/x.py": "revision = 'x'\ndown_revision = None\n",
            "alembic.ini": "[alembic]\nscript_location = a\n",
        }
    )
    assert world.run("adopt", "--yes", "--json") == 0
    assert world.json["evidence"][1] == "migrations/versions: 2 revisions"


def test_a_dry_run_in_another_environment_says_what_it_would_record(adopting):
    world = adopting("create_tables")
    world.run("adopt")
    world.sql("DROP TABLE peewee_mig_history")
    before = world.state()
    assert world.run("adopt", "--dry-run", "--json") == 0
    assert (world.json["would_record"], world.json["recorded"]) == (["0001_initial"], [])
    world.sql("DROP INDEX book_title")
    for options in (["--dry-run"], []):
        assert world.run("adopt", *options) == 5
        assert "index book_title of book is missing" in world.out
    world.sql("CREATE INDEX book_title ON book (title)")
    assert sorted(world.state()[1]) == sorted(
        line.replace('"book_title" ON "book" ("title")', "book_title ON book (title)")
        for line in before[1]
    )


def test_a_database_that_changes_meanwhile_does_not_hide_what_is_on_disk(adopting, monkeypatch):
    def differs(*_, **__):
        raise DriftError("it differs", lines=["a line"], committed="nothing was changed")

    world = adopting("pwmigrate")
    monkeypatch.setattr(adopt_module, "baseline", differs)
    assert world.run("adopt", "--yes") == 5
    assert "0001_initial is written, and not recorded" in world.out
    assert "a line" in world.out
    assert "nothing was changed" not in world.out
