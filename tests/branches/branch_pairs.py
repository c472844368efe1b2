"""Pairs of changes of two branches: those that commute, and those that do not."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Side:
    """A change of the models (old text, new text), or an operation that is written by hand."""

    edits: tuple[tuple[str, str], ...] = ()
    operation: str = ""
    options: tuple[str, ...] = ()

    def models(self, text):
        """Return the models after the change."""
        for old, new in self.edits:
            assert old in text, old
            text = text.replace(old, new)
        return text


@dataclass(frozen=True)
class Pair:
    """Two sides. ``clash``: what both touch; empty: they commute.

    ``misfit``: what ``rebase`` says that does not fit; empty: the one side fits behind the other.
    ``also``: edits that the merged models need besides.
    """

    name: str
    one: Side
    other: Side
    clash: str = ""
    misfit: str = ""
    also: tuple[tuple[str, str], ...] = field(default=())


def edit(*pairs, options=()):
    return Side(tuple(zip(pairs[::2], pairs[1::2], strict=True)), options=tuple(options))


def sql(statement, back, touches=None):
    said = "" if touches is None else f", touches={touches!r}"
    return Side(operation=f"op.run_sql({statement!r}, {back!r}{said})")


AGE = "    age = IntegerField(null=True)\n"
EMAIL = "    email = CharField(max_length=100, null=True, index=True)\n"
NAME = "    name = CharField(max_length=100)\n"
TOWN = "    town = CharField(max_length=50, null=True)\n"
LINE = "    line = TextField()\n"
SPARE = "    spare = IntegerField(null=True)\n"
TEXT = "    text = TextField()\n"
TEAM_KEY = "    team = ForeignKeyField(Team, null=True)\n"
LOG = "\n\nclass Log(Model):\n    line = TextField()\n"
NOTE = "\n\nclass Note(Model):"


def table(name, *fields):
    lines = "".join(f"    {each}\n" for each in fields)
    return edit(NOTE, f"\n\nclass {name}(Model):\n{lines}{NOTE}")


def person(line):
    return edit(AGE, f"{AGE}    {line}\n")


NEW_PET = table("Pet", "name = CharField(max_length=50)", "owner = ForeignKeyField(Person)")
NEW_CAR = table("Car", "plate = CharField(max_length=9)", "owner = ForeignKeyField(Person)")
NICK = person("nick = CharField(max_length=20, null=True)")
BORN = edit(EMAIL, f"{EMAIL}    born = DateField(null=True)\n")
NO_AGE = edit(AGE, "")
BIG_AGE = edit(AGE, "    age = BigIntegerField(null=True)\n")
WIDE_NAME = edit(NAME, "    name = CharField(max_length=200)\n")
YEARS = edit(
    AGE, "    years = IntegerField(null=True)\n", options=["--rename", "person.age:person.years"]
)
NO_LOG = edit(LOG, "")
INDEXED_AGE = edit(AGE, "    age = IntegerField(null=True, index=True)\n")
HIRED = edit("class Person(Model):\n", "class Person(Model):\n    hired = DateField(null=True)\n")
LOGBOOK = edit(
    "class Log(Model):\n",
    'class Log(Model):\n    class Meta:\n        table_name = "logbook"\n\n',
    options=["--rename", "log:logbook"],
)
LEVEL = edit(
    LINE, f"{LINE}    level = IntegerField(default=0)\n", options=["--fill", "log.level=0"]
)
ADULT = edit(AGE, '    age = IntegerField(null=True, constraints=[Check("age >= 0")])\n')
UNIQUE_MAIL = edit(EMAIL, "    email = CharField(max_length=100, null=True, unique=True)\n")
NOT_NULL_TOWN = edit(
    TOWN, "    town = CharField(max_length=50)\n", options=["--fill", "team.town=Rome"]
)
UPPER = ("UPDATE person SET name = upper(name)", "UPDATE person SET name = lower(name)")
OLDER = ("UPDATE person SET age = age + 1", "UPDATE person SET age = age - 1")

COMMUTING = (
    Pair("two new tables that refer to one", NEW_PET, NEW_CAR),
    Pair("a new table / a new column", NEW_PET, NICK),
    Pair("two new columns of one table", NICK, BORN),
    Pair("a new column / a rebuild of the same table", NICK, WIDE_NAME),
    Pair("two rebuilds of one table", BIG_AGE, WIDE_NAME),
    Pair("a new column / a dropped one", NICK, NO_AGE),
    Pair("a dropped column / a type of another", NO_AGE, WIDE_NAME),
    Pair("a renamed column / a new one", YEARS, BORN),
    Pair("a renamed column / a rebuild", YEARS, WIDE_NAME),
    Pair("a dropped table / a new column elsewhere", NO_LOG, NICK),
    Pair("a renamed table / a new table", LOGBOOK, NEW_PET),
    Pair("an index / a type of another column", INDEXED_AGE, WIDE_NAME),
    Pair("an index / a new column", INDEXED_AGE, BORN),
    Pair("a check / a new column", ADULT, BORN),
    Pair("a filled column / a column that takes no NULL", LEVEL, NOT_NULL_TOWN),
    Pair("a new table / SQL that does not know it", NEW_PET, sql(*UPPER)),
    Pair("SQL of one column / a new column", sql(*UPPER, ["person.name"]), NICK),
    Pair("SQL of two columns", sql(*UPPER, ["person.name"]), sql(*OLDER, ["person.age"])),
    Pair("SQL that touches nothing / a drop", sql("SELECT 1", "SELECT 1", []), NO_LOG),
    Pair(
        "several changes on each side",
        edit(NOTE, f"\n\nclass Pet(Model):\n    owner = ForeignKeyField(Person)\n{NOTE}", AGE, ""),
        edit(SPARE, "", LINE, f"{LINE}    at = DateTimeField(null=True)\n"),
    ),
    Pair(
        "a key to a table / a column of that table",
        edit(LINE, f"{LINE}    team = ForeignKeyField(Team, null=True)\n"),
        NOT_NULL_TOWN,
    ),
)

CONFLICTING = (
    Pair(
        "the same column twice",
        NICK,
        edit(EMAIL, f"{EMAIL}    nick = TextField(null=True)\n"),
        clash="both touch column person.nick",
        misfit="there is column person.nick",
    ),
    Pair(
        "a dropped column / its type",
        NO_AGE,
        BIG_AGE,
        clash="both touch column person.age",
        misfit="the schema has column person.age BIGINT NULL",
    ),
    Pair(
        "a dropped table / a new column of it",
        NO_LOG,
        LEVEL,
        clash="both touch column log.level",
        misfit="the schema has table log",
    ),
    Pair(
        "a renamed column / an index of it",
        INDEXED_AGE,
        YEARS,
        clash="both touch column person.age",
        misfit="has no column age",
    ),
    Pair(
        "a renamed table / a column of it",
        LEVEL,
        LOGBOOK,
        clash="both touch column log.level",
        misfit="there is no table log",
    ),
    Pair(
        "one column renamed twice",
        YEARS,
        edit(
            AGE,
            "    old = IntegerField(null=True)\n",
            options=["--rename", "person.age:person.old"],
        ),
        clash="both touch column person.age",
        misfit="has no column age",
    ),
    Pair(
        "the same table twice",
        NEW_PET,
        table("Pet", "kind = TextField()"),
        clash="both touch table pet",
        misfit="there is a table pet already",
    ),
    Pair(
        "an index made unique / dropped with its column",
        UNIQUE_MAIL,
        edit(EMAIL, ""),
        clash="both touch column person.email",
        misfit="the schema does not have index person_email",
    ),
    Pair(
        "the type of a column / an index of it",
        INDEXED_AGE,
        BIG_AGE,
        clash="both touch column person.age",
        also=((INDEXED_AGE.edits[0][1], "    age = BigIntegerField(null=True, index=True)\n"),),
    ),
    Pair(
        "SQL of a table / a new column of it",
        NICK,
        sql(*OLDER, ["person"]),
        clash="both touch column person.nick",
    ),
    Pair(
        "SQL of a column / a check of it",
        ADULT,
        sql(*OLDER, ["person.age"]),
        clash="both touch the rows of person (age)",
    ),
    Pair(
        "SQL of nobody knows what / a new column",
        NICK,
        sql(*OLDER),
        clash="both touch column person.nick",
    ),
    Pair(
        "two times SQL of nobody knows what",
        sql(*UPPER),
        sql(*OLDER),
        clash="nobody says which rows they change",
    ),
)
