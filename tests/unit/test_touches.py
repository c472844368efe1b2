"""What operations touch: which pairs commute, and what is named where they do not."""

import pytest

from peewee_mig import op
from peewee_mig.operations.touches import commute, conflicts
from peewee_mig.operations.verbs import Add, Alter, Apart, Drop
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.standalone import EnumType, RawObject, Sequence, View, VirtualTable


def table(name, *parts):
    return op.create_table(name, op.column("id", "AUTO"), *parts, op.primary_key("id"))


def column(name, type_="INT", **more):
    return op.column(name, type_, null=True, **more)


def view(name, select, *needs, materialized=False):
    return Add(name, View(name, Expression(select), materialized, needs))


def raw(kind, name, create, on="", needs=()):
    thing = RawObject(kind, name, (("", create),), (("", f"DROP {kind} {name}"),), on, needs)
    return Add(name, thing)


def alter(name, old, new):
    return op.alter_column("person", old=column(name, old), new=column(name, new))


def first(one, other):
    """Return what tells most of what two lists of operations both touch."""
    found = min(conflicts(one, other), key=lambda each: each.vagueness, default=None)
    return found.why if found else ""


ADD_AGE = op.add_column("person", column("age"))
DROP_AGE = op.drop_column("person", column("age"))
INDEX_AGE = op.create_index("person", op.index("person_age", "age"))
UNIQUE_AGE = op.create_index("person", op.index("person_age", "age", unique=True))
TYPE_AGE = alter("age", "INT", "BIGINT")
PET = table("pet", column("owner_id"), op.foreign_key("owner_id", "person", "id"))
CAR = table("car", column("owner_id"), op.foreign_key("owner_id", "person", "id", name="owns"))
KEY = op.add_foreign_key("note", op.foreign_key("person_id", "person", "id"))
TRIGGER = raw("trigger", "t", "CREATE TRIGGER t BEFORE UPDATE ON person DELETE FROM log", "person")
FUNCTION = raw("function", "f", "CREATE FUNCTION f() AS 'SELECT age FROM person'")
COPY = op.copy_values("note", "town", source="person", source_column="town", on={"person_id": "id"})
NAMES = op.run_sql("UPDATE person SET name = ''", touches=["person.name"])
PEOPLE = op.run_sql("UPDATE person SET name = ''", touches=["person"])
UNKNOWN = op.run_sql("UPDATE person SET name = ''")
VIEW = view("grown", 'SELECT "id", "age" FROM "person" WHERE count(*) > 1', "person")
ALL_OF_IT = view("everybody", 'SELECT "p".* FROM "person" AS "p"', "person")
STORED = view("stored", 'SELECT "name" FROM "person"', "person", materialized=True)
MOOD = EnumType("mood", ("good", "bad"))
SEARCH = VirtualTable("search", "fts5", ('"name"', "content = 'person'"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADD_AGE, op.add_column("person", column("nick"))),
        (ADD_AGE, op.add_column("pet", column("age"))),
        (PET, CAR),
        (PET, op.add_column("person", column("nick"))),
        (PET, PEOPLE),
        (DROP_AGE, op.rename_column("person", "name", "called")),
        (INDEX_AGE, op.create_index("person", op.index("person_name", "name"))),
        (INDEX_AGE, alter("name", "INT", "BIGINT")),
        (INDEX_AGE, op.run_sql("UPDATE person SET age = 1", touches=["person.age"])),
        (KEY, op.add_column("person", column("nick"))),
        (KEY, DROP_AGE),
        (VIEW, op.add_column("person", column("nick"))),
        (VIEW, NAMES),
        (VIEW, ALL_OF_IT),
        (NAMES, op.run_sql("UPDATE person SET age = 1", touches=["person.age"])),
        (NAMES, op.run_sql("SELECT 1", touches=[])),
        (FUNCTION, op.add_column("note", column("nick"))),
        (FUNCTION, TRIGGER),
        (FUNCTION, NAMES),
        (UNKNOWN, PET),
        (UNKNOWN, [PET, op.create_index("pet", op.index("pet_owner", "owner_id", unique=True))]),
        (UNKNOWN, [PET, op.rename_table("pet", "animal"), op.add_column("animal", column("x"))]),
        (UNKNOWN, Add("mood", MOOD)),
        (UNKNOWN, op.run_sql("SELECT 1", touches=[])),
        (Add("numbers", Sequence("numbers")), Add("mood", MOOD)),
        (op.add_check("person", op.check('"age" > 0', name="a")), NAMES),
        (op.state_only(ADD_AGE), op.database_only(NAMES)),
        (table("a.pet"), table("b.pet")),
    ],
)
def test_commuting(one, other):
    one, other = ([each] if not isinstance(each, list) else each for each in (one, other))
    assert first(one, other) == ""
    assert commute(one, other)
    assert commute(other, one)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (ADD_AGE, op.add_column("person", column("age", "TEXT")), "column person.age"),
        (ADD_AGE, PEOPLE, "column person.age"),
        (TYPE_AGE, DROP_AGE, "column person.age"),
        (TYPE_AGE, INDEX_AGE, "column person.age"),
        (TYPE_AGE, VIEW, "column person.age"),
        (TYPE_AGE, FUNCTION, "column person.age"),
        (op.rename_column("person", "age", "years"), INDEX_AGE, "column person.age"),
        (op.rename_column("person", "name", "age"), ADD_AGE, "column person.age"),
        (op.rename_table("person", "people"), ADD_AGE, "column person.age"),
        (op.rename_table("person", "people"), PET, "column person.id"),
        (Drop("pet", PET.object), op.add_column("pet", column("x")), "column pet.x"),
        (PET, table("pet"), "table pet"),
        (PET, view("pet", "SELECT 1"), "table pet"),
        (ADD_AGE, ALL_OF_IT, "column person.age"),
        (
            op.create_index("person", op.index("taken", "name")),
            op.create_index("pet", op.index("taken", "name")),
            "the name taken",
        ),
        (
            op.create_index("person", op.index("one", "name")),
            op.rename_index("person", "two", "one"),
            "the index one of person",
        ),
        (UNIQUE_AGE, op.run_sql("", touches=["person.age"]), "the rows of person (age)"),
        (
            op.create_index("person", op.index("part", "name", where='"age" > 1')),
            op.run_sql("", touches=["person.age"]),
            "the rows of person (age)",
        ),
        (
            op.drop_index("person", op.index("one_mail", "mail", unique=True)),
            op.add_foreign_key("note", op.foreign_key("mail", "person", "mail")),
            "the key mail of person",
        ),
        (
            op.drop_primary_key("person", op.primary_key("id")),
            op.add_foreign_key("note", op.foreign_key("person_id", "person", "id")),
            "the key id of person",
        ),
        (
            op.add_unique("person", op.unique("name")),
            op.drop_unique("person", op.unique("name")),
            "the key name of person",
        ),
        (KEY, op.run_sql("", touches=["person"]), "the rows of person (id)"),
        (KEY, op.drop_foreign_key("note", KEY.object), "the foreign key person_id of note"),
        (CAR, table("boat", column("x"), op.unique("x", name="owns")), "the name owns"),
        (
            op.add_check("person", op.check('"age" > 0')),
            op.run_sql("", touches=["person.age"]),
            "the rows of person (age)",
        ),
        (
            op.alter_options("person", old=op.options(), new=op.options("STRICT")),
            op.alter_options("person", old=op.options(), new=op.options(comment="x")),
            "the options of person",
        ),
        (
            op.alter_options("log", old=op.options(), new=op.options('PARTITION BY RANGE("at")')),
            op.drop_column("log", column("at")),
            "column log.at",
        ),
        (
            op.add_column("person", column("twice", computed='"age" * 2')),
            TYPE_AGE,
            "column person.age",
        ),
        (Add("mood", MOOD), op.add_column("person", column("mood", "mood")), "mood"),
        (op.rename_value("mood", "good", "fine"), op.add_column("p", column("m", "mood")), "mood"),
        (
            Drop("numbers", Sequence("numbers")),
            op.add_column("person", column("n", sequence="numbers")),
            "numbers",
        ),
        (
            raw("function", "lower2", "CREATE FUNCTION lower2()"),
            op.create_index("person", op.index("low", parts=['lower2("name")'])),
            "lower2",
        ),
        (
            op.alter_column(
                "person", old=column("a", "TEXT"), new=column("a", "INT"), using="age + 1"
            ),
            TYPE_AGE,
            "column person.age",
        ),
        (COPY, op.run_sql("", touches=["person.town"]), "the rows of person (town)"),
        (COPY, op.drop_column("note", column("town")), "column note.town"),
        (TRIGGER, NAMES, "the rows of person"),
        (TRIGGER, raw("trigger", "u", "CREATE TRIGGER u", "person"), "the rows of person"),
        (TRIGGER, Drop("log", table("log").object), "table log"),
        (
            raw("function", "g", "CREATE FUNCTION g()", needs=("person",)),
            ADD_AGE,
            "column person.age",
        ),
        (
            raw("object", "copy", "CREATE TABLE copy AS SELECT name FROM person"),
            NAMES,
            "the rows of person (name)",
        ),
        (STORED, NAMES, "the rows of person (name)"),
        (Add("search", SEARCH), NAMES, "the rows of person (name)"),
        (Add("search", VirtualTable("search", "fts5", ("name",))), table("search"), "table search"),
        (
            Alter("mood", MOOD, EnumType("mood", ("good", "bad", "so"))),
            Drop("mood", MOOD),
            "mood",
        ),
        (op.run_sql("", touches=["shop.person"]), op.add_column("shop.person", column("x")),
         "column shop.person.x"),
        (UNKNOWN, ADD_AGE, "column person.age"),
        (UNKNOWN, op.run_sql("INSERT INTO pet VALUES (1)", touches=["pet"]), "the rows of pet"),
        (UNKNOWN, table("person"), "table person"),
        (UNKNOWN, STORED, "the rows of person"),
        (op.run_sql("SELECT 'Pet'"), PET, "table pet"),
        (Apart((ADD_AGE,), ()), TYPE_AGE, "column person.age"),
    ],
)  # fmt: skip
def test_conflicting(one, other, both):
    assert first([one], [other]) == f"both touch {both}"
    assert first([other], [one]) == f"both touch {both}"
    assert not commute([one], [other])


def test_names_that_some_engines_do_not_tell_apart_are_said_as_they_are_written():
    big = op.add_column("Person", column("Age"))
    assert first([ADD_AGE], [big]) == first([big], [ADD_AGE]) == "both touch column Person.Age"
    assert first([big], [op.run_sql("UPDATE Person SET x = 1")]) == "both touch column Person.Age"


def test_nobody_knows_what_two_unknown_ones_do():
    (found,) = conflicts([PET, UNKNOWN], [UNKNOWN])
    assert found.why == "nobody says which rows they change"
    assert (found.one, found.other, found.is_unknown) == (1, 0, True)


def test_what_one_operation_made_is_known_to_those_after_it_only():
    made = [PET, op.add_column("pet", column("x"))]
    assert commute([UNKNOWN], made)
    assert not commute([UNKNOWN], made[1:])


def forward(models):
    """Do nothing."""


def test_a_function_of_python_is_unknown_unless_it_says_what_it_touches():
    unknown = op.run_python(forward, [])
    known = op.run_python(forward, [], touches=["person.name"])
    assert not commute([unknown], [ADD_AGE])
    assert commute([known], [ADD_AGE])
    assert commute([unknown], [PET])
