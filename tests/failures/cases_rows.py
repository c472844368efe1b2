"""Rows in the way, and rows that would be lost."""

from cases_usage import PERSON, PET, WITH_FAMILY_NAME, WITH_NICK, WITH_SURNAME
from induced import Case

SQLITE = ("sqlite",)
ALL = ("sqlite", "postgres", "mysql")
SERVERS = ("postgres", "mysql")

OPTIONAL = """class Person(Model):
    name = CharField(max_length=100)
    email = CharField(max_length=100, null=True)
    age = IntegerField(null=True)
    about = CharField(max_length=200, null=True)"""
OWNED = """class Pet(Model):
    name = CharField(max_length=50)
    owner = IntegerField(null=True)"""

PEOPLE = (
    "INSERT INTO person (name, email, age, about) VALUES ('Ada', 'a@x.org', -5, 'twelve')",
    "INSERT INTO person (name, email, age, about) VALUES ('Bob', 'a@x.org', 7, 'a long text')",
    "INSERT INTO person (name, email, age, about) VALUES ('Eve', NULL, NULL, NULL)",
)
PETS = ("INSERT INTO pet (name, owner) VALUES ('Rex', 1), ('Tom', 77)",)


def change(old, new, *rows, options=""):
    """Rows of the old models, and a migration to the new ones that is pending."""

    def setup(project):
        project.models(*old)
        project.done("peewee-mig generate --name initial --apply")
        project.sql(*rows)
        project.models(*new)
        project.done(f"peewee-mig generate --name change --no-renames {options}")

    return setup


def person(old, new, *, options=""):
    """A migration that changes one line of the model of a person with rows."""
    assert old in OPTIONAL
    return change([OPTIONAL], [OPTIONAL.replace(old, new)], *PEOPLE, options=options)


def applied_rows(*rows):
    """A migration that added columns and a table, applied, with rows."""

    def setup(project):
        project.models(PERSON)
        project.done("peewee-mig generate --name initial --apply")
        project.models(WITH_NICK, PET)
        project.done("peewee-mig generate --name more --apply")
        project.sql(*rows)

    return setup


def pushed(old, new, *rows):
    def setup(project):
        project.models(*old)
        project.done("peewee-mig push")
        project.sql(*rows)
        project.models(*new)

    return setup


NICK = "INSERT INTO person (name, nickname) VALUES ('Ada', 'Countess')"
ADA = "INSERT INTO person (name) VALUES ('Ada')"
A_PET = "INSERT INTO pet (name) VALUES ('Rex')"
CHECKED = (
    "    about = CharField(max_length=200, null=True)",
    """    about = CharField(max_length=200, null=True)
    class Meta:
        constraints = [Check('age >= 0')]""",
)
KEYED = OWNED.replace(
    "IntegerField(null=True)", "ForeignKeyField(Person, null=True, column_name='owner')"
)

ROWS = (
    Case(
        "new column without value",
        ALL,
        change([PERSON], [PERSON + "\n    locale = CharField(max_length=10)"], ADA),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "locale"),
        values={"VALUE": "en"},
        check=lambda p: p.sql("SELECT locale FROM person") == [("en",)],
    ),
    Case(
        "two new columns without value",
        ALL,
        change(
            [PERSON],
            [PERSON + "\n    locale = CharField(max_length=10)\n    level = IntegerField()"],
            ADA,
        ),
        "peewee-mig migrate",
        5,
        ("in the way", "locale", "level"),
        values={"VALUE": "1"},
    ),
    Case(
        "null in the way",
        ALL,
        person("age = IntegerField(null=True)", "age = IntegerField()"),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "person.age"),
        values={"VALUE": "0"},
    ),
    Case(
        "duplicates in the way",
        ALL,
        person(
            "email = CharField(max_length=100, null=True)",
            "email = CharField(max_length=100, null=True, unique=True)",
        ),
        "peewee-mig migrate",
        5,
        ("in the way", "email", "a@x.org"),
        check=lambda p: p.sql("SELECT count(*) FROM person") == [(2,)],
    ),
    Case(
        "rows that refer to nothing",
        ALL,
        change([PERSON, OWNED], [PERSON, KEYED], ADA, *PETS),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "pet.owner", "77"),
        values={"VALUE": "NULL"},
        check=lambda p: p.sql("SELECT owner FROM pet ORDER BY id") == [(1,), (None,)],
    ),
    Case(
        "rows that refer to nothing, deleted",
        ALL,
        change([PERSON, OWNED], [PERSON, KEYED], ADA, *PETS),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "pet.owner", "77"),
        take=1,
        check=lambda p: p.sql("SELECT name FROM pet") == [("Rex",)],
    ),
    Case(
        "check in the way",
        ALL,
        person(*CHECKED),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "age"),
        values={"VALUE": "5"},
        check=lambda p: p.sql("SELECT age FROM person WHERE name = 'Ada'") == [(5,)],
    ),
    Case(
        "cast in the way",
        ALL,
        person("about = CharField(max_length=200, null=True)", "about = IntegerField(null=True)"),
        "peewee-mig migrate",
        5,
        ("2 rows are in the way", "person.about", "twelve"),
        values={"VALUE": "'12'"},
        check=lambda p: p.sql("SELECT about FROM person ORDER BY id")[0] == (12,),
    ),
    Case(
        "long values in the way",
        ALL,
        person(
            "about = CharField(max_length=200, null=True)",
            "about = CharField(max_length=8, null=True)",
        ),
        "peewee-mig migrate",
        5,
        ("1 row is in the way", "person.about"),
        values={"VALUE": "'short'"},
    ),
    Case(
        "many rows in the way",
        ("sqlite", "postgres"),
        change(
            [PERSON, OWNED],
            [PERSON, KEYED],
            *(f"INSERT INTO pet (name, owner) VALUES ('x', {number})" for number in range(9)),
        ),
        "peewee-mig migrate",
        5,
        ("9 rows are in the way",),
        take=1,
    ),
    Case(
        "null in the way of the way back",
        ALL,
        lambda p: (
            change(
                [OPTIONAL.replace("age = IntegerField(null=True)", "age = IntegerField()")],
                [OPTIONAL],
            )(p),
            p.done("peewee-mig migrate"),
            p.sql(*PEOPLE),
        ),
        "peewee-mig rollback",
        5,
        ("person.age",),
        values={"VALUE": "0"},
    ),
    # consent
    Case(
        "values lost by a rollback",
        ALL,
        applied_rows(NICK),
        "peewee-mig rollback",
        5,
        ("would lose data", "person.nickname"),
    ),
    Case(
        "rows lost by a rollback",
        ALL,
        applied_rows(A_PET),
        "peewee-mig rollback 1",
        5,
        ("would lose data", "pet"),
    ),
    Case(
        "all lost by a way to zero",
        ALL,
        applied_rows(NICK, A_PET),
        "peewee-mig migrate zero",
        5,
        ("would lose data", "person", "pet"),
        aim="peewee-mig status",
    ),
    Case(
        "values lost by a push",
        ALL,
        pushed([WITH_NICK], [PERSON], NICK),
        "peewee-mig push",
        5,
        ("would lose data", "person.nickname"),
    ),
    Case(
        "table lost by a push",
        SQLITE,
        pushed([PERSON, PET], [PERSON], A_PET),
        "peewee-mig push",
        5,
        ("would lose data", "pet"),
    ),
    Case(
        "rows in the way of a push",
        ALL,
        pushed([PERSON], [PERSON + "\n    locale = CharField(max_length=10)"], ADA),
        "peewee-mig push",
        5,
        ("locale",),
        values={"VALUE": "en"},
    ),
    Case(
        "duplicates in the way of a push",
        ALL,
        pushed(
            [OPTIONAL],
            [
                OPTIONAL.replace(
                    "email = CharField(max_length=100, null=True)",
                    "email = CharField(max_length=100, null=True, unique=True)",
                )
            ],
            *PEOPLE,
        ),
        "peewee-mig push",
        5,
        ("email",),
    ),
    Case(
        "rename question of a push",
        ALL,
        pushed(
            [WITH_SURNAME], [WITH_FAMILY_NAME], "INSERT INTO person (surname) VALUES ('Lovelace')"
        ),
        "peewee-mig push",
        5,
        ("person.surname:person.family_name",),
        check=lambda p: p.sql("SELECT family_name FROM person") == [("Lovelace",)],
    ),
)
