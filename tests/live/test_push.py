"""push on a live database of every engine."""

import json
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from peewee import (
    CharField,
    Check,
    CompositeKey,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    Model,
)
from push_world import PushWorld, many_models

from peewee_mig.dialects.recognize import settle
from peewee_mig.errors import ConsentError, FailedError, GuardError, QuestionError, RefusedError
from peewee_mig.operations import describe
from peewee_mig.sources.read import read_models

DYING = str(Path(__file__).with_name("push_dying.py"))


@pytest.fixture
def world(tmp_path, live, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return PushWorld(tmp_path, live, monkeypatch)


def model(class_name, /, **fields):
    return type(class_name, (Model,), fields)


def person(**fields):
    return model("Person", name=CharField(max_length=50), **fields)


def words(pushed):
    return [describe(operation) for operation in pushed.proposal.operations]


def test_an_empty_database_gets_the_tables_and_a_mark(world):
    pushed = world.push(person(age=IntegerField(null=True)))
    assert pushed.done
    assert words(pushed) == ["create table person (id, age, name)"]
    assert world.catalog().schema.names == {"person"}
    assert world.mark() == ["person"]


def test_a_second_push_is_empty(world):
    models = many_models(1, longest=55 if world.database.engine == "mysql" else 70)
    schema = read_models(models).schema
    assert (len(schema.tables), sum(len(t.foreign_keys) for t in schema)) == (60, 130)
    assert max(len(name.encode()) for t in schema for name in t.column_names) > 64
    world.push(*models)
    found = world.catalog().schema
    assert (len(found.tables), sum(len(t.foreign_keys) for t in found)) == (60, 130)
    before = world.catalog(), world.table.read(world.query)
    assert world.push(*models).up_to_date
    assert (world.catalog(), world.table.read(world.query)) == before


def test_from_one_large_set_of_models_to_another_and_the_next_push_is_empty(world):
    longest = 55 if world.database.engine == "mysql" else 70
    first, second = many_models(3, longest=longest), many_models(4, longest=longest)
    world.push(*first)
    assert world.push(*second, no_renames=True).done
    assert world.push(*second).up_to_date


def test_what_peewee_created_needs_no_push_but_for_keys_that_it_leaves_out(world):
    one = model("One", code=CharField(max_length=20, unique=True), two=DeferredForeignKey("Two"))
    two = model("Two", code=ForeignKeyField(one, field="code", on_delete="CASCADE"))
    three = model("Three", text=CharField(index=True), me=ForeignKeyField("self", null=True))
    database = world.database.peewee()
    with database.bind_ctx([one, two, three]), database:
        database.create_tables([one, two, three])
    assert words(world.push(one, two, three)) == ["add foreign key one (two_id) to two (id)"]
    assert world.push(one, two, three).up_to_date


def test_keys_of_every_form(world):
    node = model("Node", parent=ForeignKeyField("self", null=True), code=CharField(40, unique=True))
    team = model("Team", lead=DeferredForeignKey("Member", null=True))
    member = model("Member", team=ForeignKeyField(team), node=ForeignKeyField(node, field="code"))

    both = model(
        "Both",
        node=ForeignKeyField(node),
        team=ForeignKeyField(team, constraint_name="a_name_of_ours"),
        Meta=type("Meta", (), {"primary_key": CompositeKey("node", "team")}),
    )
    models = node, team, member, both
    world.push(*models)
    found = world.catalog().schema
    assert sum(len(table.foreign_keys) for table in found) == 6
    assert world.dialect.name == "sqlite" or "a_name_of_ours" in {
        key.name for key in found.table("both").foreign_keys
    }
    assert found.table("both").primary_key.columns == ("node_id", "team_id")
    assert world.push(*models).up_to_date


def test_tables_that_the_database_would_take_for_one_are_refused(world):
    name = "x" * 63
    models = [
        type(f"M{end}", (Model,), {"Meta": type("Meta", (), {"table_name": name + end})})
        for end in "ab"
    ]
    if world.database.engine == "sqlite":
        assert world.push(*models).done
        assert world.push(*models).up_to_date
        return
    if world.database.engine == "mysql":
        assert world.push(*models).done  # 64 characters are allowed there
        return
    with pytest.raises(RefusedError, match=f"{name}a and {name}b"):
        world.push(*models)
    assert world.catalog().schema.names == set()


def test_a_key_whose_name_would_be_too_long_is_refused(tmp_path, mysql, monkeypatch):
    world = PushWorld(tmp_path, mysql, monkeypatch)
    meta = {"table_name": "x" * 57}  # and _ibfk_1
    loop = model("Loop", me=ForeignKeyField("self"), Meta=type("Meta", (), meta))
    with pytest.raises(RefusedError, match="no names over 63 characters"):
        world.push(loop)
    assert world.mark() is None


def test_a_rename_is_asked_and_keeps_the_rows(world):
    world.push(person())
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    renamed = model("Person", full_name=CharField(max_length=50))
    with pytest.raises(QuestionError, match=r"person\.name:person\.full_name") as caught:
        world.push(renamed)
    assert caught.value.exit_code == 5
    world.push(renamed, renames=["person.name:person.full_name"])
    assert world.sql("SELECT full_name FROM person") == [("Ada",)]
    assert world.push(renamed, renames=["person.name:person.full_name"]).up_to_date


def test_a_table_is_renamed_and_the_mark_follows(world):
    world.push(person())
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    human = model("Human", name=CharField(max_length=50))
    world.push(human, renames=["person:human"])
    assert world.sql("SELECT name FROM human") == [("Ada",)]
    assert world.mark() == ["human"]
    assert world.push(human).up_to_date


def test_a_table_with_a_key_is_renamed_and_nothing_else_is_done(world):
    def legs():
        return IntegerField(constraints=[Check("legs < 9")])

    owner = person()
    world.push(owner, model("Pet", owner=ForeignKeyField(owner), legs=legs()))
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    world.sql("INSERT INTO pet (owner_id, legs) VALUES (1, 4)")
    owner = model("Human", name=CharField(max_length=50))
    animal = model("Animal", owner=ForeignKeyField(owner), legs=legs())
    pushed = world.push(owner, animal, renames=["pet:animal", "person:human"])
    assert sorted(words(pushed)) == [
        "rename index animal.pet_owner_id to animal_owner_id",
        "rename table person to human",
        "rename table pet to animal",
    ]
    assert world.sql("SELECT owner_id, legs FROM animal") == [(1, 4)]
    assert world.push(owner, animal).up_to_date


def test_the_key_of_a_renamed_table_changes(world):
    owner = person()
    world.push(owner, model("Pet", owner=ForeignKeyField(owner)))
    animal = model("Animal", keeper=ForeignKeyField(owner, on_delete="CASCADE"))
    renames = ["pet:animal", "animal.owner_id:animal.keeper_id"]
    pushed = world.push(owner, animal, renames=renames)
    assert words(pushed)[:2] == [
        "rename table pet to animal",
        "rename column animal.owner_id to keeper_id",
    ]
    assert world.push(owner, animal).up_to_date


def test_tables_and_columns_change_their_names_and_others_take_the_former_ones(world):
    def short():
        return CharField(max_length=50)

    def long():
        return CharField(max_length=60, null=True)

    world.push(model("Cat", name=short(), note=long()), model("Dog", name=long()))
    world.sql("INSERT INTO cat (name, note) VALUES ('Tom', 'grey')")
    now = [
        model("Dog", note=short(), name=long()),
        model("Wolf", name=long()),
        model("Cat", size=IntegerField(null=True)),
    ]
    renames = ["dog:wolf", "cat:dog", "dog.name:dog.note", "dog.note:dog.name"]
    pushed = world.push(*now, renames=renames)
    assert not [each for each in words(pushed) if not each.startswith(("rename", "create table"))]
    assert world.sql("SELECT note, name FROM dog") == [("Tom", "grey")]
    assert world.push(*now).up_to_date


def test_a_table_of_nobody_can_be_renamed_by_name(world):
    world.sql("CREATE TABLE old (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL)")
    world.sql("INSERT INTO old (id, name) VALUES (1, 'Ada')")
    new = model("New", id=IntegerField(primary_key=True), name=CharField(max_length=50))
    world.push(new, renames=["old:new"])
    assert world.sql("SELECT name FROM new") == [("Ada",)]


def test_rows_are_lost_only_by_name(world):
    pet = model("Pet", name=CharField(max_length=50))
    world.push(person(age=IntegerField(null=True), height=IntegerField(null=True)), pet)
    world.sql("INSERT INTO person (name, age) VALUES ('Ada', 36), ('Grace', NULL)")
    world.sql("INSERT INTO pet (name) VALUES ('Rex')")
    before = world.catalog()
    with pytest.raises(ConsentError) as caught:
        world.push(person(), allow_data_loss=["pet"])
    assert caught.value.message == "this would lose data: person.age (1 row)"
    assert "--allow-data-loss pet --allow-data-loss person.age" in caught.value.hint
    assert world.catalog() == before
    pushed = world.push(person(), allow_data_loss=["pet", "person.age"])
    assert "drop column person.height INT NULL: no rows have a value" in pushed.proposal.lines
    assert "drop column person.age INT NULL: 1 row has a value" in pushed.proposal.lines
    assert "drop table pet (id, name): 1 row" in pushed.proposal.lines
    assert world.catalog().schema.table("person").column_names == ("id", "name")
    assert world.count("person") == 2


def test_a_yes_on_a_terminal_is_consent(world):
    world.push(person(age=IntegerField(null=True)))
    world.sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    asked = []
    world.push(person(), confirm=lambda lost: asked.append(lost) or True)
    assert [(loss.name, loss.rows) for loss in asked[0]] == [("person.age", 1)]
    assert world.push(person()).up_to_date


def test_a_table_of_nobody_is_left_alone_until_it_is_pruned(world):
    world.sql("CREATE TABLE others (id INTEGER)", "INSERT INTO others VALUES (1)")
    pushed = world.push(person())
    assert pushed.proposal.strangers == ("others",)
    assert world.push(person()).up_to_date
    with pytest.raises(ConsentError, match=r"others \(1 row\)"):
        world.push(person(), prune=True)
    world.push(person(), prune=True, allow_data_loss=["others"])
    assert world.catalog().schema.names == {"person"}
    assert world.push(person(), prune=True).up_to_date
    assert world.mark() == ["person"]


def test_a_table_that_was_pushed_is_dropped_with_its_model(world):
    world.push(person(), model("Pet", owner=IntegerField()))
    assert words(world.push(person())) == ["drop table pet (id, owner)"]
    assert world.catalog().schema.names == {"person"}


def test_a_table_to_which_one_refers_that_is_left_alone_is_not_dropped(world):
    world.push(person(), model("Pet", owner=IntegerField()))
    world.sql("CREATE TABLE others (pet_id INTEGER, FOREIGN KEY (pet_id) REFERENCES pet (id))")
    with pytest.raises(RefusedError, match="a foreign key of others, which is left alone"):
        world.push(person())
    world.push(person(), prune=True)
    assert world.catalog().schema.names == {"person"}


def test_what_no_model_describes_is_named_and_left_alone(world):
    world.push(person())
    world.sql(
        {
            "sqlite": "CREATE TRIGGER odd AFTER DELETE ON person BEGIN SELECT 1; END",
            "postgres": "CREATE RULE odd AS ON DELETE TO person DO ALSO NOTHING",
            "mysql": "CREATE TRIGGER odd AFTER DELETE ON person FOR EACH ROW SET @odd = 1",
        }[world.database.engine]
    )
    pushed = world.push(person(age=IntegerField(null=True)))
    assert any(text.endswith("odd") for text in pushed.proposal.left)
    assert any(each.name == "odd" for each in world.catalog().unmanaged)
    assert world.push(person(age=IntegerField(null=True))).up_to_date


def test_rows_without_a_value_stop_it_until_they_get_one(world):
    world.push(person())
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    with pytest.raises(GuardError, match="1 row is in the way") as caught:
        world.push(person(age=IntegerField()))
    assert caught.value.hint == "peewee-mig push --fill person.age=VALUE"
    assert caught.value.committed == "nothing was changed"
    assert "age" not in world.catalog().schema.table("person").column_names
    world.push(person(age=IntegerField()), fills={"person.age": "36"})
    assert world.sql("SELECT age FROM person") == [(36,)]
    assert world.push(person(age=IntegerField())).up_to_date


def test_a_default_of_python_is_the_value_of_rows_and_of_no_column(world):
    world.push(person())
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    world.push(person(state=CharField(max_length=10, default="new")))
    assert world.sql("SELECT state FROM person") == [("new",)]
    assert not [each for each in world.catalog().unmanaged if each.kind == "default"]


class Answer:
    """Somebody at a terminal who gives one value, and notes what was asked."""

    def __init__(self, text):
        self.text, self.asked = text, []

    def rename(self, candidate):
        self.asked.append(candidate.option)
        return True

    def fill(self, question):
        self.asked.append(f"{question.table}.{question.column}")
        return self.text


def test_a_value_is_asked_only_where_rows_lack_one(world):
    empty = model("Empty", x=IntegerField(null=True))
    world.push(person(), empty)
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    answer = Answer("36")
    models = person(age=IntegerField()), model("Empty", x=IntegerField(), y=IntegerField())
    world.push(*models, ask=answer)
    assert answer.asked == ["person.age"]
    assert world.sql("SELECT age FROM person") == [(36,)]


def test_no_answer_stops_it(world):
    world.push(person())
    world.sql("INSERT INTO person (name) VALUES ('Ada')")
    with pytest.raises(GuardError):
        world.push(person(age=IntegerField()), ask=Answer(None))


def test_a_rename_is_asked_on_a_terminal(world):
    world.push(person())
    answer = Answer(None)
    world.push(model("Person", full_name=CharField(max_length=50)), ask=answer)
    assert answer.asked == ["person.name:person.full_name"]


def test_a_dry_run_changes_nothing_and_has_the_statements(world):
    pushed = world.push(person(), dry_run=True)
    assert not pushed.done
    assert any(sql.startswith("CREATE TABLE") for sql in pushed.statements)
    assert world.catalog().schema.names == set()
    assert not world.has_history()
    assert not world.dialect.has_table(world.query, "peewee_mig_lock")
    operations = json.loads(json.dumps(pushed.to_json()))["operations"]
    assert [(each["op"], each["table"]) for each in operations] == [("create_table", "person")]


def test_nothing_to_push_leaves_no_mark(world):
    database = world.database.peewee()
    models = person(), model("Pet", name=CharField(max_length=50))
    with database.bind_ctx(models), database:
        database.create_tables(models)
    assert world.push(*models).up_to_date
    assert not world.has_history()
    assert not world.dialect.has_table(world.query, "peewee_mig_lock")


def test_nothing_is_done_to_a_database_that_changed_while_it_was_looked_at(world):
    world.push(person())

    def meanwhile(*_):
        world.sql("ALTER TABLE person ADD COLUMN hand_made INTEGER")

    with pytest.raises(RefusedError, match="changed while") as caught:
        world.push(person(age=IntegerField(null=True)), show=meanwhile)
    assert caught.value.hint == "run peewee-mig push again"
    assert world.catalog().schema.table("person").column_names == ("id", "name", "hand_made")


def test_rows_that_came_after_the_question_are_not_lost(world):
    world.push(person(age=IntegerField(null=True)))

    def meanwhile(*_):
        world.sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")

    with pytest.raises(RefusedError, match="changed while"):
        world.push(person(), show=meanwhile)
    assert world.sql("SELECT age FROM person") == [(36,)]


def test_a_statement_that_fails_leaves_all_or_says_how_far_it_came(world):
    world.push(person(), model("Pet", name=CharField(max_length=50)))
    models = (
        person(age=IntegerField(null=True)),
        model("Pet", name=CharField(max_length=50), age=IntegerField(null=True)),
    )
    world.sql("CREATE VIEW zzz AS SELECT 1")
    taken = type("Zzz", (Model,), {"x": IntegerField()})  # a view has that name
    with pytest.raises(FailedError) as caught:
        world.push(*models, taken)
    names = world.catalog().schema.table("person").column_names
    if world.dialect.transactional:
        assert names == ("id", "name")
        assert caught.value.committed == "nothing was changed"
        assert world.mark() == ["person", "pet"]
    else:
        assert world.mark() == ["person", "pet", "zzz"]
    world.sql("DROP VIEW zzz")
    assert world.push(*models, taken).done
    assert world.push(*models, taken).up_to_date


BEFORE = """
class Person(Model):
    name = CharField(max_length=50)
    age = IntegerField(null=True)
class Pet(Model):
    name = CharField(max_length=50)
class Gone(Model):
    name = CharField(max_length=50)
"""
AFTER = """
class Person(Model):
    full_name = CharField(max_length=50, index=True)
    age = BigIntegerField()
class Pet(Model):
    name = TextField()
    owner = ForeignKeyField(Person, null=True)
class Team(Model):
    lead = ForeignKeyField(Person)
"""
ANSWERS = {
    "renames": ["person.name:person.full_name"],
    "no_renames": True,
    "fills": {"person.age": "1"},
}
OPTIONS = (
    *("--rename", "person.name:person.full_name", "--no-renames", "--fill", "person.age=1"),
    *("--allow-data-loss", "gone"),
)


def ready(world):
    """Push the models of before, add rows, and return those of afterwards."""
    world.push(*world.write(BEFORE))
    world.sql("INSERT INTO person (name, age) VALUES ('Ada', 36), ('Grace', NULL)")
    world.sql("INSERT INTO pet (name) VALUES ('Rex')")
    world.sql("INSERT INTO gone (name) VALUES ('x')")
    return world.write(AFTER)


def state(world):
    """Return schema and rows; InnoDB may have given a key the index that was still to come."""
    found = settle(world.catalog().schema, read_models(world.write(AFTER)).schema)
    return (
        found,
        world.sql("SELECT full_name, age FROM person ORDER BY full_name"),
        world.sql("SELECT name, owner_id FROM pet"),
    )


#: Every how many statements a push is killed where each is committed, and elsewhere.
EVERY, SOME = (1, 3) if settings.get_current_profile_name() == "thorough" else (5, 7)


def test_a_push_that_is_killed_anywhere_is_finished_by_the_next_one(tmp_path, live, monkeypatch):
    undisturbed = PushWorld(tmp_path, live, monkeypatch)
    models = ready(undisturbed)
    undisturbed.push(*models, allow_data_loss=["gone"], **ANSWERS)
    expected = state(undisturbed)
    deaths, database, begun = [], live, False
    for at in range(1, 99, SOME if undisturbed.dialect.transactional else EVERY):
        database = database.another()
        world = PushWorld(tmp_path, database, monkeypatch)
        models = ready(world)
        code, text = world.run(*OPTIONS, script=(DYING, str(at)))
        if code == 0:
            break
        assert code == -signal.SIGKILL, text
        deaths.append(at)
        status = world.run(script=("-m", "peewee_mig", "status"))[1]
        assert ("a push was begun here" in status) == world.is_begun(), at
        assert not (world.is_begun() and "peewee-mig baseline" in status)
        begun |= world.is_begun()
        world.push(*models, allow_data_loss=["gone"], **ANSWERS)
        assert state(world) == expected, at
        assert world.mark() == ["person", "pet", "team"]
        assert not world.is_begun()
        assert world.push(*models).up_to_date
    assert deaths[-1] > 6
    assert begun == (not undisturbed.dialect.transactional)


def test_a_pushed_database_lands_on_migrations(world):
    world.write(AFTER)
    assert world.run()[0] == 0
    assert world.run(script=("-m", "peewee_mig", "generate"))[0] == 0
    code, text = world.run(script=("-m", "peewee_mig", "migrate"))
    assert code == 5
    assert "peewee-mig baseline" in text
    assert world.run(script=("-m", "peewee_mig", "baseline"))[0] == 0
    assert world.mark() is None
    assert "Nothing to do" in world.run(script=("-m", "peewee_mig", "migrate"))[1]
    code, text = world.run()
    assert code == 5
    assert "this database follows migrations" in text
    assert "Nothing to push" in world.run("--over-history")[1]


def test_pushes_at_the_same_time_do_it_once(world):
    world.write(AFTER)
    processes = [world.process() for _ in range(4)]
    done = [(process.wait(60), *process.communicate()) for process in processes]
    assert {code for code, *_ in done} <= {0, 5}, done
    assert all("changed while" in err for code, _, err in done if code), done
    assert sum("Pushed:" in out for _, out, _ in done) == 1, done
    assert "Nothing to push" in world.run()[1]
