"""Closed streams, foreign words and foreign files: what is said, and no bug of ours."""

import json
import os
import subprocess
import sys

import pytest
from peewee import SqliteDatabase

from peewee_mig.cli.main import call
from peewee_mig.dialects.sqlite.peewee_session import open_database

NOWHERE = "postgresql://127.0.0.1:1/app"


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "migrations").mkdir()
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes streams")
def test_a_closed_stream_is_no_bug(project):
    tool = f"{sys.executable} -m peewee_mig"
    database = "--database sqlite:///app.db"
    assert shell(f"{tool} reset {database} <&-") == (
        0,
        "Reset: app.db, nothing to apply.\n",
        "",
    )
    code, _, said = shell(f"{tool} explain <&-")
    assert (code, said.partition("\n")[0]) == (2, "error: there is no error to explain")
    assert shell(f"{tool} status {database} >&-") == (0, "", "")
    code, answer, _ = shell(f"{tool} migrate 99 --json {database} 2>&-")
    assert (code, json.loads(answer)["exit_code"]) == (2, 2)


def shell(command):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    return said.returncode, said.stdout, said.stderr


def test_colours_in_a_pasted_error_are_no_part_of_a_name(capsys):
    assert call(["explain", "\x1b[31mUNIQUE constraint failed: a.b\x1b[0m", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == [{"label": "column", "words": "a.b"}]


@pytest.mark.parametrize(
    ("option", "way"),
    [
        ("--nope", "next: see `peewee-mig repair --help`"),
        ("--dryrun", "next: peewee-mig repair --dry-run"),
    ],
)
def test_only_an_option_that_is_near_is_offered_to_paste(capsys, option, way):
    assert call(["repair", option]) == 2
    assert way in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("words", "way"),
    [
        (["pull"], f"peewee-mig pull --database {NOWHERE}"),
        (["reset"], f"peewee-mig reset --database {NOWHERE}"),
        (
            ["migrate"],
            "{0}; or wait for the server: {0} --wait 60".format(
                f"peewee-mig migrate --database {NOWHERE}"
            ),
        ),
    ],
)
def test_only_migrate_offers_to_migrate_once_the_server_answers(capsys, words, way):
    pytest.importorskip("psycopg2")
    assert call([*words, "--database", NOWHERE]) == 3
    hint = capsys.readouterr().err.splitlines()[-1]
    assert hint == f"next: start the server, or check host and port; then: {way}"


@pytest.mark.parametrize("name", ["0001_initial", "001_initial"])
@pytest.mark.parametrize(
    "body", ["def up(migrator, db):", "def migrate(migrator: Migrator, database, *, fake=False):"]
)
def test_a_migration_of_another_tool_is_taken_over_not_mended(project, capsys, name, body):
    (project / "migrations" / f"{name}.py").write_text(
        f"from peewee import *\n\n\n{body}\n    pass\n"
    )
    assert call(["status", "--database", "sqlite:///app.db"]) == 5
    said = capsys.readouterr().err
    assert f"error: {name}.py is a migration of another tool" in said
    assert "next: take over from it: peewee-mig adopt" in said


def test_a_file_that_is_missing_keeps_its_name(project):
    path = project / "shop.db"
    session = open_database(SqliteDatabase(str(path)), "app:db (shop.db)", create=False)
    assert session.label == "app:db (shop.db)"
    session.close()
    assert not path.exists()
