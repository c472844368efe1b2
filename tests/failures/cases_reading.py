"""What is told of a history, and cannot be."""

from cases_usage import SQLITE, heads, one, two
from induced import Case


def with_a_file(project):
    two(project)
    project.write("notes.md", "Mine.\n")


READING = (
    Case("show misspelt", SQLITE, two, "peewee-mig show 0002_nik", 2, ("0002_nik",)),
    Case("erd misspelt", SQLITE, two, "peewee-mig erd 0002_nik", 2, ("0002_nik",)),
    Case(
        "erd of a table misspelt",
        SQLITE,
        one,
        "peewee-mig erd --table persn --format dbml",
        2,
        ("no table is called persn",),
    ),
    Case("erd to nothing", SQLITE, two, "peewee-mig erd --to 0001", 2, ("the other side",)),
    Case(
        "erd of one and two",
        SQLITE,
        two,
        "peewee-mig erd 0002 --from 0001 --format svg",
        2,
        ("exclude each other",),
    ),
    Case(
        "erd over a file",
        SQLITE,
        with_a_file,
        "peewee-mig erd --output notes.md",
        5,
        ("notes.md is there already", "nothing was written"),
        values={"FILE": "schema.md"},
        check=lambda project: (project.folder / "notes.md").read_text() == "Mine.\n",
    ),
    Case(
        "erd into a folder",
        SQLITE,
        two,
        "peewee-mig erd --output migrations",
        3,
        ("cannot be written",),
    ),
    Case("erd of two heads", SQLITE, heads, "peewee-mig erd", 5, ("0002_nick and 0002_pet",)),
    Case(
        "erd of two heads, what differs",
        SQLITE,
        heads,
        "peewee-mig erd",
        5,
        ("2 newest migrations",),
        take=2,
    ),
)
