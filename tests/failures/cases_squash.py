"""Squashes: databases that lack a part whose files are gone, and what no range is."""

import json

from cases_folder import commit, edit, then
from cases_usage import PERSON, PET, two
from induced import Case

SQLITE = ("sqlite",)


def three(project):
    two(project)
    project.models(PERSON, PET)
    project.done("peewee-mig generate --name pets --no-renames")


def squashed(reached):
    """Three migrations in one, while a database has a part of them."""

    def setup(project):
        three(project)
        if reached:
            project.done(f"peewee-mig migrate {reached}")
        project.done("peewee-mig squash --all")

    return setup


def old_files_removed(project):
    project.done("peewee-mig squash --remove 3 --database other.db")
    commit(project)


def made_in_the_middle(project):
    """A migration on the second one of three comes from another branch, after a squash."""
    squashed("")(project)
    project.write(
        "migrations/0009_late.py",
        '"""Late."""\n\nfrom peewee_mig import op\n\nformat = 1\n\ndepends_on = ["0002_nick"]\n\n'
        "operations: list[op.Operation] = []\n",
    )
    folder = project.folder / "migrations" / "snapshots"
    before = json.loads((folder / "0002_nick.json").read_text(encoding="utf-8"))
    made = before | {"parents": {"0002_nick": before["schema"]}, "tables": {}}
    project.write("migrations/snapshots/0009_late.json", json.dumps(made))


SQUASH = (
    Case(
        "git: a part is applied, and the old files are removed",
        SQLITE,
        then(squashed("2"), old_files_removed),
        "peewee-mig migrate",
        5,
        ("has 2 of the migrations that 0003_initial replaces, not 0003_pets",),
        check=lambda p: p.sql("SELECT name FROM peewee_mig_history") == [("0003_initial",)],
    ),
    Case(
        "git: status says what is lacking",
        SQLITE,
        then(squashed("1"), old_files_removed),
        "peewee-mig status --check",
        1,
        ("has 1 of the migrations that 0003_initial replaces, not 0002_nick",),
        aim="peewee-mig status --check",
    ),
    Case(
        "git: an applied part was edited",
        SQLITE,
        then(squashed("3"), edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)")),
        "peewee-mig migrate",
        5,
        ("0001_initial, which 0003_initial replaces, was edited after it was applied",),
    ),
    Case(
        "old files are removed while they are needed",
        SQLITE,
        squashed("2"),
        "peewee-mig squash --remove 3",
        5,
        ("this database has 0002_nick, and not 0003_initial yet",),
    ),
    Case(
        "baseline while a squash is due",
        SQLITE,
        squashed("3"),
        "peewee-mig baseline",
        5,
        ("0003_initial is applied, by the migrations that it replaces, and not recorded yet",),
    ),
    Case(
        "rolling back to what is replaced",
        SQLITE,
        squashed("3"),
        "peewee-mig migrate 0002_nick",
        2,
        ("0002_nick does not count any more: 0003_initial replaces it",),
    ),
    Case(
        "a migration made in the middle of what is replaced",
        SQLITE,
        made_in_the_middle,
        "peewee-mig check",
        1,
        ("0009_late depends on 0002_nick, which 0003_initial replaces",),
    ),
    Case(
        "squash of a range that ends before it begins",
        SQLITE,
        three,
        "peewee-mig squash 3 1",
        2,
        ("0003_pets is not before 0001_initial",),
    ),
    Case(
        "squash of one",
        SQLITE,
        three,
        "peewee-mig squash 1 1",
        2,
        ("0001_initial is only one migration",),
    ),
    Case(
        "squash of nothing said",
        SQLITE,
        three,
        "peewee-mig squash",
        2,
        ("are not both named",),
    ),
    Case(
        "squash of all and of a range",
        SQLITE,
        three,
        "peewee-mig squash 1 2 --all",
        2,
        ("--all is about all migrations",),
    ),
    Case(
        "remove with a range",
        SQLITE,
        squashed(""),
        "peewee-mig squash 1 2 --remove 3 --dry-run",
        2,
        ("--remove goes with --dry-run only",),
    ),
    Case(
        "remove of what replaces nothing",
        SQLITE,
        three,
        "peewee-mig squash --remove 1",
        2,
        ("0001_initial replaces no other migration",),
        aim="",
    ),
)
