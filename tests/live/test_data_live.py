"""Functions of migration files on each engine and driver: models, conversions, batches, resume."""

import signal
import threading
from pathlib import Path

import pytest
from data_world import DataWorld
from hypothesis import settings
from live_world import forks, wait_until

from peewee_mig.errors import FailedError, GuardError, RefusedError

FILL = """
def fill(models, database):
    assert models["people"] is models.Person
    for person in models.Person.select().order_by(models.Person.id):
        person.name = f"{person.name} of {person.age}"
        person.save()
    with database.atomic():
        models.Note.create(person=models.Person.get(name="Ann of 1"), text="50% off")
    ann = models.Person.get(name="Ann of 1")
    assert [note.text for note in ann.notes] == ["50% off"]
    assert ann.notes.get().person == ann


def empty(models):
    models.Note.delete().execute()
    models.Person.update(name="?").execute()
"""
ANN = "INSERT INTO people (name, age) VALUES ('Ann', 1), ('Bob', NULL)"


@pytest.fixture
def world(live, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return DataWorld(tmp_path, live)


@pytest.fixture
def server(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return DataWorld(tmp_path, databases(request.param))


on_servers = pytest.mark.parametrize("server", ["postgres", "mysql"], indirect=True)
on_mysql = pytest.mark.parametrize("server", ["mysql"], indirect=True)
on_postgres = pytest.mark.parametrize("server", ["postgres"], indirect=True)


def test_a_function_has_models_with_relations_there_and_back(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(FILL, "op.run_python(fill, empty)")
    world.migrate()
    assert world.column("SELECT name FROM people ORDER BY id") == ["Ann of 1", "Bob of None"]
    assert world.column("SELECT text FROM notes") == ["50% off"]
    world.rollback()
    assert world.column("SELECT name FROM people ORDER BY id") == ["?", "?"]
    assert world.applied() == ["0001_step"]


def test_models_are_those_of_the_place_among_the_operations(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(
        """
        def before(models):
            assert "town" not in models.Person._meta.fields
            models.Person.update(name="B").where(models.Person.age.is_null()).execute()


        def between(models):
            models.Person.update(town="here").execute()


        def after(models):
            assert models["persons"] is models.Person
            assert models.Person.select().where(models.Person.city == "here").count() == 2
        """,
        "op.run_python(before, [])",
        'op.add_column("people", op.column("town", "VARCHAR(20)", null=True))',
        "op.run_python(between, [])",
        """op.alter_column(
        "people",
        old=op.column("town", "VARCHAR(20)", null=True),
        new=op.column("town", "VARCHAR(20)"),
    )""",
        'op.rename_column("people", "town", "city")',
        'op.rename_table("people", "persons")',
        "op.run_python(after, [])",
    )
    world.write('op.drop_table("notes", ' + NOTES + ")")
    world.migrate()
    assert world.sql("SELECT name, city FROM persons ORDER BY id") == [
        ("Ann", "here"),
        ("B", "here"),
    ]
    world.rollback("0001_step", allow_data_loss=["all"])
    assert world.column("SELECT name FROM people ORDER BY id") == ["Ann", "B"]


NOTES = """
    op.column("id", "AUTO"),
    op.column("person_id", "INT"),
    op.column("text", "VARCHAR(200)"),
    op.column("spare", "INT", null=True),
    op.primary_key("id"),
    op.index("notes_person_id", "person_id"),
    op.foreign_key("person_id", "persons", "id", on_delete="CASCADE"),
"""


def test_a_guard_behind_a_function_is_asked_when_it_has_run(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(
        "def fill(models):\n    models.Person.update(age=0).where(LEFT).execute()".replace(
            "LEFT", "models.Person.age.is_null()"
        ),
        "op.run_python(fill, [])",
        """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "INT")
    )""",
    )
    world.migrate()
    assert world.column("SELECT age FROM people ORDER BY id") == [1, 0]


def test_a_guard_behind_a_function_that_leaves_rows_stops_it(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(
        "def fill(models):\n    models.Person.update(name='x').execute()",
        "op.run_python(fill, [])",
        """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "INT")
    )""",
    )
    with pytest.raises(GuardError, match="rows without age") as raised:
        world.migrate()
    if world.database.engine != "mysql":
        assert world.column("SELECT name FROM people ORDER BY id") == ["Ann", "Bob"]
        return
    assert raised.value.committed == "1 statement of 0002_step"
    world.sql("UPDATE people SET age = 2 WHERE age IS NULL")
    world.migrate()
    assert world.column("SELECT name FROM people ORDER BY id") == ["x", "x"]


TYPES = """op.create_table(
    "thing",
    op.column("id", "UUID"),
    op.column("price", "DECIMAL(10, 2)"),
    op.column("day", "DATE"),
    op.column("at", "DATETIME"),
    op.column("on", "BOOL"),
    op.column("octets", "BLOB"),
    op.column("data", "JSON", null=True),
    op.column("half", "DOUBLE"),
    op.primary_key("id"),
)"""


def test_values_are_converted_as_fields_do(world):
    world.write(TYPES)
    world.write_code(
        """
        import datetime as dt
        import decimal
        import uuid


        def fill(models):
            thing = models.Thing.create(
                id=uuid.UUID(int=7),
                price=decimal.Decimal("1.50"),
                day=dt.date(2020, 2, 29),
                at=dt.datetime(2020, 2, 29, 1, 2, 3),
                on=True,
                octets=b"\\x00%s",
                data={"a": ["%", None]},
                half=0.5,
            )


        def check(models):
            thing = models.Thing.get(models.Thing.id == uuid.UUID(int=7))
            assert (thing.id, thing.price) == (uuid.UUID(int=7), decimal.Decimal("1.50"))
            assert thing.day == dt.date(2020, 2, 29)
            assert thing.at == dt.datetime(2020, 2, 29, 1, 2, 3)
            assert (thing.on, bytes(thing.octets), thing.half) == (True, b"\\x00%s", 0.5)
            assert thing.data == {"a": ["%", None]}
            assert models.Thing.select().where(models.Thing.day.year == 2020).count() == 1
        """,
        "op.run_python(fill, [])",
        "op.run_python(check, [])",
    )
    world.migrate()
    assert world.applied() == ["0001_step", "0002_step"]


BATCHES = """
def fill(models):
    done = models.update_in_batches(
        models.Person, {"age": models.Person.age + 1}, where=models.Person.age > 2, size=4
    )
    for people in models.batches(models.Person.select().where(models.Person.age > 2), size=5):
        for person in people:
            person.name = f"{person.name}!"
            person.save()
"""


@pytest.mark.parametrize("atomic", [None, False])
def test_batches_reach_every_row_once(world, atomic):
    world.write_base()
    world.people(23)
    world.write_code(BATCHES, "op.run_python(fill, [])", atomic=atomic)
    world.migrate()
    expected = [(f"p{n:05}" + "!" * (n > 2), n + (n > 2)) for n in range(1, 24)]
    assert world.sql("SELECT name, age FROM people ORDER BY id") == expected
    assert world.told("progress")[-2:] == ["fill: 20 rows of people", "fill: 21 rows of people"]
    assert world.applied()[-1] == "0002_step"


FAILING = """
def fill(models):
    models.update_in_batches(models.Person, {"age": models.Person.age + 100}, size=4)
    for people in models.batches(models.Person, size=4):
        for person in people:
            if person.name == "p00010":
                raise ValueError("no tenth")
            person.name = f"{person.name}!"
            person.save()
"""


@on_servers
def test_a_run_that_stops_goes_on_behind_the_last_batch(server):
    server.write_base()
    server.people(14)
    server.write_code(FAILING, "op.run_python(fill, [])", atomic=False)
    with pytest.raises(FailedError, match=r"fill\(\) of the migration failed: ValueError") as e:
        server.migrate()
    assert e.value.committed == "22 rows in batches of 0002_step"
    assert e.value.where.endswith("0002_step.py:17")
    names = [f"p{n:05}" + "!" * (n < 9) for n in range(1, 15)]
    assert server.column("SELECT name FROM people ORDER BY id") == names
    server.edit("0002_step", '"p00010"', '"nobody"')
    server.migrate()
    assert server.sql("SELECT name, age FROM people ORDER BY id") == [
        (f"p{n:05}!", n + 100) for n in range(1, 15)
    ]
    assert server.sql("SELECT count(*) FROM peewee_mig_journal") == [(0,)]


READING = """
import time


def fill(models):
    for people in models.batches(models.Person, size=10):
        open("reading", "w").close()
        time.sleep(1)
        for person in people:
            person.name = f"{person.name}!"
            person.save()
"""


@on_servers
def test_what_others_change_while_a_batch_is_read_is_not_lost(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    server.write_base()
    server.people(3)
    server.write_code(READING, "op.run_python(fill, [])", atomic=False)
    run = threading.Thread(target=server.migrate)
    run.start()
    wait_until(lambda: Path("reading").exists())
    server.sql("UPDATE people SET age = 77 WHERE name LIKE 'p00002%'")
    run.join()
    assert server.sql("SELECT name, age FROM people ORDER BY id") == [
        ("p00001!", 1),
        ("p00002!", 77),
        ("p00003!", 3),
    ]


LEFT = """
def fill(models):
    for people in models.batches(models.Person, size=4):
        for person in people:
            person.age = person.age + 100
            person.save()
        break
    for people in models.batches(models.Person, size=4):
        for person in people:
            if person.name == "p00010":
                raise ValueError("no tenth")
            person.name = f"{person.name}!"
            person.save()
"""


@on_servers
def test_a_loop_that_was_left_in_its_first_batch_is_over(server):
    server.write_base()
    server.people(14)
    server.write_code(LEFT, "op.run_python(fill, [])", atomic=False)
    with pytest.raises(FailedError):
        server.migrate()
    server.edit("0002_step", '"p00010"', '"nobody"')
    server.migrate()
    ages = [n + 100 * (n < 5) for n in range(1, 15)]
    assert server.column("SELECT age FROM people ORDER BY id") == ages


CONDITIONAL = """
def fill(models):
    Person = models.Person
    if Person.select().where(Person.age < 100).exists():
        models.update_in_batches(Person, {"age": Person.age + 100}, size=4)
    for people in models.batches(Person, size=4):
        for person in people:
            if person.name == "p00001":
                raise ValueError("no first")
            person.name = f"{person.name}!"
            person.save()
"""


@on_servers
def test_a_loop_is_not_passed_over_in_place_of_another_one(server):
    server.write_base()
    server.people(14)
    server.write_code(CONDITIONAL, "op.run_python(fill, [])", atomic=False)
    with pytest.raises(FailedError):
        server.migrate()
    server.edit("0002_step", '"p00001"', '"nobody"')
    with pytest.raises(FailedError, match="another one, of people, which is over") as raised:
        server.migrate()
    assert raised.value.committed == "14 rows in batches of 0002_step"
    assert server.column("SELECT count(*) FROM people WHERE name LIKE '%!'") == [0]
    server.edit("0002_step", "Person.select().where(Person.age < 100).exists()", "True")
    server.migrate()
    assert server.sql("SELECT name, age FROM people ORDER BY id") == [
        (f"p{n:05}!", n + 100) for n in range(1, 15)
    ]


def test_in_one_transaction_a_run_that_stops_leaves_nothing(world):
    world.write_base()
    world.people(14)
    world.write_code(FAILING, "op.run_python(fill, [])")
    with pytest.raises(FailedError) as raised:
        world.migrate()
    assert raised.value.committed == "nothing was changed"
    assert world.sql("SELECT max(age), max(name) FROM people") == [(14, "p00014")]


ROWS = 200 if settings.get_current_profile_name() == "thorough" else 14
SLOW = """
import time


def fill(models):
    for people in models.batches(models.Person, size=2):
        for person in people:
            person.age = person.age + 1
            person.save()
            time.sleep(0.02)
"""


@on_servers
def test_a_killed_run_goes_on_and_no_row_changes_twice(server):
    server.write_base()
    server.people(ROWS)
    server.write_code(SLOW, "op.run_python(fill, [])", atomic=False)
    kills = 0
    while server.applied()[-1] != "0002_step" or running(server):
        process = server.process("migrate")
        since = changed(server)
        try:
            wait_until(lambda p=process, s=since: p.poll() is not None or changed(server) >= s + 4)
        finally:
            process.send_signal(signal.SIGKILL)
            _, said = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), said
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 2
    assert server.column("SELECT age FROM people ORDER BY id") == list(range(2, ROWS + 2))


EVERY = 1 if settings.get_current_profile_name() == "thorough" else 9


@pytest.mark.parametrize("how", ["kill", "lost"])
@on_servers
def test_a_run_disturbed_at_any_statement_is_finished_by_the_next(server, how):
    server.write_base()
    server.people(5)
    server.write_code(
        BATCHES.replace("> 2", "> 0"), "op.run_python(fill, [])", 'op.run_sql("SELECT 1", [])',
        atomic=False,
    )  # fmt: skip
    first = (2 * (how == "lost") + server.is_postgres) % EVERY
    argument = {"target": None, "every": EVERY, "first": first, "how": how}
    points, bad = forks(server, "crash", argument)
    assert bad == []
    assert points > 20


def changed(world):
    return world.sql("SELECT count(*) FROM people WHERE age <> id")[0][0]


def running(world):
    return world.column("SELECT state FROM peewee_mig_history WHERE name = '0002_step'") != [
        "applied"
    ]


@on_servers
def test_a_lock_of_somebody_is_waited_for_and_the_batch_is_done_once(server):
    server.write_base()
    server.people(6)
    server.write_code(BATCHES.replace("> 2", "> 0"), "op.run_python(fill, [])", atomic=False)
    with server.database.connect() as other:
        cursor = other.cursor()
        cursor.execute("BEGIN")
        cursor.execute("UPDATE people SET name = name WHERE id = 6")
        timer = threading.Timer(1.5, other.rollback)
        timer.start()
        server.migrate()
        timer.join()
    assert server.column("SELECT age FROM people ORDER BY id") == [2, 3, 4, 5, 6, 7]


@on_mysql
def test_ddl_in_a_function_is_refused_where_it_would_commit(server):
    server.write_base()
    server.sql(ANN)
    server.write_code(
        """
        def fill(models, database):
            models.Person.update(name="x").execute()
            database.execute_sql("CREATE TABLE t (x INT)")
        """,
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError, match="CREATE would end the transaction"):
        server.migrate()
    assert server.column("SELECT name FROM people ORDER BY id") == ["Ann", "Bob"]


@on_mysql
def test_ddl_behind_our_back_is_noticed(server):
    server.write_base()
    server.sql(ANN)
    server.write_code(
        """
        def fill(models, database):
            database.connection().cursor().execute("CREATE TABLE t (x INT)")
        """,
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError, match=r"a statement of fill\(\) committed") as raised:
        server.migrate()
    assert raised.value.committed == "what fill() did until then"
    assert server.applied() == ["0001_step"]


@on_servers
@pytest.mark.parametrize("atomic", [None, False])
def test_a_commit_behind_our_back_is_noticed(server, atomic):
    server.write_base()
    server.sql(ANN)
    server.write_code(
        """
        def fill(models, database):
            models.Person.update(name="x").execute()
            database.connection().cursor().execute("COMMIT")
            raise ValueError
        """,
        "op.run_python(fill, [])",
        atomic=atomic,
    )
    with pytest.raises(FailedError) as raised:
        server.migrate()
    assert raised.value.committed == "perhaps what fill() did until then: look at the rows"
    server.edit("0002_step", "raise ValueError", "pass")
    with pytest.raises(FailedError, match=r"a statement of fill\(\) committed") as raised:
        server.migrate()
    assert raised.value.committed == "what fill() did until then"
    assert server.applied() == ["0001_step"]
    assert server.column("SELECT name FROM people ORDER BY id") == ["x", "x"]


def test_a_function_may_not_end_the_transaction(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(
        """
        def fill(models, database):
            models.Person.update(name="x").execute()
            database.execute_sql("COMMIT")
        """,
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError, match="COMMIT would end the transaction"):
        world.migrate()
    assert world.column("SELECT name FROM people ORDER BY id") == ["Ann", "Bob"]
    world.edit("0002_step", 'database.execute_sql("COMMIT")', "database.commit()")
    with pytest.raises(FailedError, match="may neither begin nor end"):
        world.migrate()


def test_an_error_of_the_database_names_the_line_and_the_statement(world):
    world.write_base()
    world.sql(ANN)
    world.write_code(
        "def fill(models):\n    models.Person.update(name=None).execute()",
        "op.run_python(fill, [])",
    )
    with pytest.raises(FailedError, match=r"fill\(\) of the migration failed: Integrity") as raised:
        world.migrate()
    assert raised.value.where.endswith("0002_step.py:11")
    assert raised.value.statement.startswith("UPDATE")
    assert world.column("SELECT name FROM people ORDER BY id") == ["Ann", "Bob"]


def test_foreign_keys_act_where_only_rows_change(world):
    world.write_base()
    world.sql(ANN, "INSERT INTO notes (person_id, text) VALUES (1, 'a')")
    world.write_code(
        "def clear(models):\n    models.Person.get(name='Ann').delete_instance()",
        "op.run_python(clear, [])",
    )
    world.migrate()
    assert world.sql("SELECT count(*) FROM notes") == [(0,)]


def test_each_engine_runs_its_own(world):
    world.write_base()
    world.sql(ANN)
    engine = world.database.engine
    world.write_code(
        """
        def all_(models):
            models.Person.update(age=1).execute()


        def one(models):
            models.Person.update(age=2).execute()
        """,
        f'op.run_python({{"{engine}": one, "": all_}}, [])',
        f"""op.run_sql({{"{engine}": ["UPDATE people SET name = 'mine'"], "": "NONSENSE"}}, [])""",
        'op.run_sql({"' + ("sqlite" if engine != "sqlite" else "mysql") + '": "NONSENSE"}, [])',
    )
    world.migrate()
    assert world.sql("SELECT name, age FROM people") == [("mine", 2), ("mine", 2)]
    world.rollback()


def test_what_is_there_is_taken_over_and_tracked(world):
    world.write_base()
    world.sql(
        "CREATE TABLE old (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO old VALUES (1, 'x')",
    )
    world.write(
        """op.state_only(
        op.create_table(
            "old", op.column("id", "INT"), op.column("name", "VARCHAR(20)", null=True),
            op.primary_key("id"),
        )
    )""",
        'op.rename_column("old", "name", "title")',
    )
    world.migrate()
    assert world.sql("SELECT id, title FROM old") == [(1, "x")]
    world.rollback("0001_step")
    assert world.sql("SELECT id, name FROM old") == [(1, "x")]


def test_sql_with_an_effect_and_changes_of_the_database_alone(world):
    world.write_base()
    world.sql(ANN)
    world.write(
        (
            """op.run_sql(
        "ALTER TABLE people ADD COLUMN town VARCHAR(20)",
        "ALTER TABLE people DROP COLUMN town",
        effect=[op.add_column("people", op.column("town", "VARCHAR(20)", null=True))],
    )""",
            'op.database_only(op.create_index("people", op.index("by_hand", "town")))',
            'op.create_index("people", op.index("tracked", "town"))',
        ),
        'op.alter_column("people", old=op.column("age", "INT", null=True),'
        ' new=op.column("age", "TEXT", null=True))',
        'op.database_only(op.drop_index("people", op.index("by_hand", "town")))',
    )
    world.migrate("0003_step")
    names = {each.name for each in world.schema().table("people").indexes}
    assert {"by_hand", "tracked"} <= names
    world.migrate()
    assert "by_hand" not in {each.name for each in world.schema().table("people").indexes}
    world.rollback("0001_step")
    assert {each.name for each in world.schema().table("people").columns} == {"id", "name", "age"}


@on_postgres
def test_deferred_keys_are_checked_before_tables_change(server):
    server.write(
        'op.create_table("a", op.column("id", "AUTO"), op.primary_key("id"))',
        """op.create_table(
        "b", op.column("id", "AUTO"), op.column("a_id", "INT"), op.primary_key("id"),
        op.foreign_key("a_id", "a", "id", deferrable="INITIALLY DEFERRED"),
    )""",
    )
    server.write_code(
        "def fill(models):\n    models.B.create(a=models.A.create())",
        "op.run_python(fill, [])",
        'op.add_column("b", op.column("x", "INT", null=True))',
    )
    server.migrate()
    assert server.sql("SELECT count(*) FROM b") == [(1,)]


def test_two_runs_in_two_threads_do_not_meet(databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    worlds = []
    for name, table in (("postgres", "person"), ("mysql", "person")):
        (tmp_path / name).mkdir()
        world = DataWorld(tmp_path / name, databases(name))
        world.write(
            f'op.create_table("{table}", op.column("id", "AUTO"), op.column("boss_id", "INT",'
            f' null=True), op.primary_key("id"), op.foreign_key("boss_id", "team", "id"))'.replace(
                '"team"', '"person"'
            )
        )
        world.write_code(
            """
            import time


            def fill(models):
                for _ in range(5):
                    boss = models.Person.create()
                    models.Person.create(boss=boss)
                    time.sleep(0.01)
            """,
            "op.run_python(fill, [])",
        )
        worlds.append(world)
    threads = [threading.Thread(target=world.migrate) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [w.sql("SELECT count(*), count(boss_id) FROM person") for w in worlds] == [[(10, 5)]] * 2


def test_batches_inside_of_a_savepoint_are_refused_where_they_are_committed(databases, tmp_path):
    world = DataWorld(tmp_path, databases("postgres"))
    world.write_base()
    world.people(3)
    world.write_code(
        """
        def fill(models, database):
            with database.atomic():
                models.Person.update(age=0).execute()
            try:
                with database.atomic():
                    raise ValueError("undone")
            except ValueError:
                pass
            with database.atomic():
                models.update_in_batches(models.Person, {"age": 1})
        """,
        "op.run_python(fill, [])",
        atomic=False,
    )
    with pytest.raises(FailedError, match=r"inside of database\.atomic\(\)"):
        world.migrate()
    assert world.column("SELECT age FROM people ORDER BY id") == [1, 2, 3]
    start = "    with database.atomic():\n        models.update"
    world.edit("0002_step", start, "    if database:\n        models.update")
    world.migrate()


def test_a_dry_run_calls_nothing(world, capsys):
    world.write_base()
    world.sql(ANN)
    world.write_code("def fill(models):\n    raise ValueError('called')", "op.run_python(fill, [])")
    assert world.cli("migrate", "--dry-run") == 0
    assert "-- calls fill() of the migration file" in capsys.readouterr().out


def test_what_has_no_file_any_more_is_not_undone(world):
    world.write_base()
    world.write_code("def fill(models):\n    pass", "op.run_python(fill, fill)")
    world.migrate()
    world.remove("0002_step")
    with pytest.raises(RefusedError, match=r"fill\(\) is a function of the file") as raised:
        world.rollback(unknown=True)
    assert "bring the file back" in raised.value.hint
    assert world.applied() == ["0001_step", "0002_step"]
