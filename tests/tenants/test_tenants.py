"""One history over many SQLite files: progress, failures, the next run, one exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from tenants_world import BY_HAND, PEOPLE, TOWN, UNIQUE

from peewee_mig.cli.main import call
from peewee_mig.commands.tenancy.naming import Tenant
from peewee_mig.commands.tenancy.pool import run_each

ROOT = Path(__file__).parents[2]
NAMES = ("acme", "globex", "hooli", "initech", "umbrella")
BOTH = ["0001_step", "0002_step"]


@pytest.fixture
def many(project):
    """Five tenants that have the first migration."""
    project.files(*NAMES)
    project.write(PEOPLE)
    project.run("migrate")
    return project


@pytest.mark.parametrize("jobs", [1, 2])
def test_whatever_ends_one_is_its_failure(jobs):
    def work(tenant):
        raise SystemExit(tenant.name)

    outcomes = run_each([Tenant("acme", "a.db"), Tenant("hooli", "h.db")], work, jobs=jobs,
                        stops=False)  # fmt: skip
    errors = {each.tenant.name: str(each.error) for each in outcomes}
    assert errors.keys() == {"acme", "hooli"}
    assert "SystemExit: hooli" in errors["hooli"]


def test_every_tenant_is_migrated_and_the_next_run_has_nothing_to_do(many):
    many.write(TOWN)
    told = many.run("migrate")
    assert all(f"  {name}  1 migration applied" in told for name in NAMES)
    assert told.splitlines()[-1].endswith(": 5 migrated")
    assert all(many.columns(name) == ["id", "name", "town"] for name in NAMES)
    assert many.json("migrate")["counts"] == {"up_to_date": 5}


def test_an_answer_holds_for_all_and_those_that_are_done_do_not_need_it(many):
    many.write('op.add_column("people", op.column("size", "INT"))')
    for name in NAMES:
        many.sql(name, "INSERT INTO people (name) VALUES ('Ann')")
    many.run("migrate", "--tenant", "globex", "--fill", "people.size=3")
    fill = ("migrate", "--fill", "people.size=3", "--jobs", "1")
    assert many.json(*fill)["counts"] == {"migrated": 4, "up_to_date": 1}
    assert many.json(*fill)["counts"] == {"up_to_date": 5}
    assert [many.sql(name, "SELECT size FROM people") for name in NAMES] == [[(3,)]] * 5
    one = many.run("migrate", "--tenant", "acme", "--fill", "people.size=3", code=2)
    assert "no pending migration needs such a value" in one
    lose = ("--allow-data-loss", "people.size", "--jobs", "1")
    many.run("rollback", "0001_step", "--tenant", "globex", *lose[:2])
    assert many.json("rollback", "0001_step", *lose)["counts"] == {
        "rolled_back": 4,
        "up_to_date": 1,
    }
    assert many.json("rollback", "0001_step", *lose)["counts"] == {"up_to_date": 5}


def test_the_lines_are_in_the_order_of_the_source_with_one_job(many):
    many.write(TOWN)
    lines = many.run("migrate", "--jobs", "1").splitlines()
    assert [line.split()[0] for line in lines[:5]] == list(NAMES)


def test_v_shows_the_statements_of_each(many):
    many.write(TOWN)
    told = many.run("migrate", "-v", "--jobs", "2")
    for name in NAMES:
        assert f'  {name}  ALTER TABLE "people" ADD COLUMN' in told
        assert f"  {name}  0002_step\n" in told
    assert many.run("migrate", "-q") == ""


def test_each_line_of_the_log_names_its_tenant(many):
    many.sql("hooli", "INSERT INTO people (name) VALUES ('Ann'), ('Ann')")
    many.write(UNIQUE)
    assert call(["migrate", "--log", "json", "--on-failure", "continue", "--json"]) == 5
    events = [json.loads(line) for line in many.capsys.readouterr().err.splitlines()]
    done = {each["tenant"] for each in events if each["event"] == "done"}
    assert done == set(NAMES) - {"hooli"}
    (failed,) = (each for each in events if each["event"] == "error")
    assert (failed["tenant"], failed["exit_code"]) == ("hooli", 5)
    told = [each for each in events if each["event"] in ("statement", "executed", "migration")]
    assert told
    assert all(each["tenant"] in NAMES for each in told)
    assert events[-1]["event"] == "end"


def test_a_failure_stops_and_leaves_the_others_whole(many):
    many.sql("hooli", "INSERT INTO people (name) VALUES ('Ann'), ('Ann')")
    many.write(UNIQUE)
    answer = many.json("migrate", "--jobs", "1", code=5)
    states = [each["state"] for each in answer["tenants"]]
    assert states == ["migrated", "migrated", "failed", "not_begun", "not_begun"]
    assert answer["counts"] == {"migrated": 2, "failed": 1, "not_begun": 2}
    failed = answer["by"]["hooli"]
    assert failed["exit_code"] == 5
    assert "people" in failed["error"]
    assert "--tenant hooli" in failed["hint"]
    assert [len(many.applied(name)) for name in NAMES] == [2, 2, 1, 1, 1]
    many.sql("hooli", "DELETE FROM people WHERE id = 2")
    assert many.json("migrate")["counts"] == {"up_to_date": 2, "migrated": 3}


def test_the_others_go_on_where_that_is_wanted(many):
    for name in ("globex", "umbrella"):
        many.sql(name, "CREATE TABLE by_hand (name TEXT)")
    many.write(TOWN, BY_HAND)
    told = many.run("migrate", "--jobs", "2", "--on-failure", "continue", code=3)
    assert told.splitlines()[-1] != ""
    assert "2 migrated, 3 failed" in told
    assert told.count("(the same as ") == 2
    assert "warning: failed: acme, hooli, initech\n" in told
    for name in NAMES:
        done = name in ("globex", "umbrella")
        assert many.applied(name) == BOTH[: 1 + done]
        assert many.columns(name) == ["id", "name", "town"][: 2 + done]
    for name in ("acme", "hooli", "initech"):
        many.sql(name, "CREATE TABLE by_hand (name TEXT)")
    assert many.json("migrate")["counts"] == {"up_to_date": 2, "migrated": 3}


def test_the_worst_exit_code_counts(many):
    many.sql("globex", "INSERT INTO people (name) VALUES ('Ann'), ('Ann')")
    many.sql("acme", "CREATE TABLE by_hand (name TEXT)")
    many.sql("globex", "CREATE TABLE by_hand (name TEXT)")
    many.write(BY_HAND, UNIQUE)
    answer = many.json("migrate", "--on-failure", "continue", code=5)
    assert answer["by"]["acme"]["exit_code"] == 0
    assert answer["by"]["globex"]["exit_code"] == 5
    assert answer["by"]["hooli"]["exit_code"] == 3


def test_a_lock_that_another_holds_is_that_tenants_own_trouble(many):
    many.write(TOWN)
    with closing(connect(many.folder / "data" / "globex.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        words = ("migrate", "--wait-lock", "0.2", "--on-failure", "continue")
        answer = many.json(*words, code=4)
        other.execute("ROLLBACK")
    assert answer["counts"] == {"migrated": 4, "failed": 1}
    assert answer["by"]["globex"]["exit_code"] == 4
    assert many.json("migrate")["counts"] == {"up_to_date": 4, "migrated": 1}


SLOW = """op.run_sql(
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n"
    " WHERE x < (SELECT max(id) FROM people)) SELECT count(*) FROM n",
    [],
)"""


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_run_that_is_killed_leaves_each_tenant_whole(many, jobs):
    many.sql("hooli", "INSERT INTO people (id, name) VALUES (1000000000, 'late')")
    many.write(TOWN, SLOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "peewee_mig", "migrate", "--jobs", jobs],
        cwd=many.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    others = 2 if jobs == "1" else 4
    for _ in range(others):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert many.columns("hooli") == ["id", "name"]
    assert many.applied("hooli") == BOTH[:1]
    many.sql("hooli", "DELETE FROM people")
    assert many.json("migrate")["counts"] == {"up_to_date": others, "migrated": 5 - others}
    assert all(many.applied(name) == BOTH for name in NAMES)


def test_a_ctrl_c_lets_what_is_under_way_come_to_its_end(many):
    many.sql("acme", "INSERT INTO people (id, name) VALUES (1000000, 'slow')")
    many.write(TOWN, SLOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "peewee_mig", "migrate", "--jobs", "2", "--json"],
        cwd=many.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline()  # one is done, and acme takes longer than all others
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    answer = json.loads(out)
    assert answer["exit_code"] == 130
    assert answer["tenants"][0]["state"] == "migrated"
    assert many.applied("acme") == BOTH
    assert set(many.json("migrate")["counts"]) <= {"up_to_date", "migrated"}


def test_a_ctrl_c_breaks_off_the_only_one(many):
    many.sql("globex", "INSERT INTO people (id, name) VALUES (1000000000, 'slow')")
    many.write(TOWN, SLOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "peewee_mig", "migrate", "--jobs", "1", "--json"],
        cwd=many.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "acme" in process.stderr.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    states = {each["tenant"]: each["state"] for each in json.loads(out)["tenants"]}
    assert states["acme"] == "migrated"
    assert states["globex"] == "failed"
    assert states["umbrella"] == "not_begun"
    assert many.columns("globex") == ["id", "name"]


def test_a_dry_run_prints_statements_once_for_all_that_they_are_the_same_for(many):
    many.write(TOWN)
    many.run("migrate", "--tenant", "hooli")
    told = many.run("migrate", "--dry-run", "--jobs", "1")
    assert "\n-- acme, globex, initech, umbrella:\n-- 0002_step\n" in told
    assert told.count("ALTER TABLE") == 1
    assert "4 to change" in told
    assert many.columns("acme") == ["id", "name"]


def test_status_says_where_each_stands(many):
    many.write(TOWN)
    many.run("migrate", "--tenant", "acme")
    told = many.run("status", "--jobs", "1")
    assert "  acme  0002_step  up to date\n  globex  0001_step  1 pending\n" in told
    assert "1 up to date, 4 pending" in told
    answer = many.json("status", "--check", code=1)
    assert answer["by"]["acme"]["result"]["ok"] is True
    assert answer["by"]["globex"]["exit_code"] == 1


def test_status_tells_what_is_wrong_and_creates_nothing(many):
    many.sql("acme", "UPDATE peewee_mig_history SET checksum = 'x', sha256 = 'x'")
    (many.folder / "data" / "hooli.db").unlink()
    told = many.run("status")
    assert "0001_step was edited after it was applied" in told
    assert "  hooli  nothing applied  1 pending" in told
    assert not (many.folder / "data" / "hooli.db").exists()


def test_one_tenant_is_one_database(many):
    assert many.run("status", "--tenant", "acme").startswith("0001_step  applied")
    told = many.run("rollback", "--tenant", "acme")
    assert told.splitlines()[-1].endswith(f"data{os.sep}acme.db")
    assert "No drift" in many.run("diff", "--tenant", "hooli")
    assert many.run("migrate", "--tenant", "a*").count("acme") == 1


def test_diff_says_which_have_drifted(many):
    assert many.json("diff")["counts"] == {"as_expected": 5}
    many.sql("globex", "ALTER TABLE people ADD COLUMN mine INT")
    told = many.run("diff", code=1)
    assert "  acme  as 0001_step says\n" in told
    assert "  globex  differs: column people.mine" in told
    assert "4 as expected, 1 differs" in told
    assert many.json("diff", code=1)["by"]["globex"]["exit_code"] == 1


def test_baseline_records_what_each_has(many):
    for name in NAMES:
        many.sql(name, "DROP TABLE peewee_mig_history")
    many.sql("hooli", "ALTER TABLE people ADD COLUMN mine INT")
    refused = many.json("migrate", "--on-failure", "continue", code=5)["by"]["acme"]
    assert "record those: peewee-mig baseline --tenant acme, then: " in refused["hint"]
    answer = many.json("baseline", "--on-failure", "continue", code=5)
    assert answer["counts"] == {"recorded": 4, "failed": 1}
    assert many.json("migrate", "--on-failure", "continue", code=5)["counts"] == {
        "up_to_date": 4,
        "failed": 1,
    }


def test_what_works_on_one_database_asks_which(many):
    for command in ("diff --plan", "repair", "push", "reset"):
        told = many.run(*command.split(), code=2)
        assert f"next: name its tenant: peewee-mig {command} --tenant NAME" in told
    assert "give one --tenant NAME" in many.run("repair", "--tenant", "*", code=2)


def test_a_tenant_that_is_not_there_is_refused(many):
    told = many.run("migrate", "--tenant", "acne", code=2)
    assert "there is no tenant 'acne'\nnext: peewee-mig migrate --tenant acme\n" in told
    told = many.run("migrate", "--tenant", "acme", "--tenant", "zzz*", code=2)
    assert "next: there are acme, globex, hooli, initech, umbrella\n" in told


def test_a_count_of_migrations_is_refused(many):
    for words in (["rollback"], ["rollback", "2"], ["rollback", "-1"], ["migrate", "+1"]):
        told = many.run(*words, code=2)
        assert "a count of migrations is another one in each tenant" in told
    assert many.run("rollback", "zero").splitlines()[-1].endswith(": 5 rolled back")
    assert many.json("rollback", "zero")["counts"] == {"up_to_date": 5}
    assert many.json("migrate", "1")["counts"] == {"migrated": 5}


def test_rows_are_lost_with_consent_only(many):
    many.sql("globex", "INSERT INTO people (name) VALUES ('Ann')")
    answer = many.json("rollback", "zero", "--on-failure", "continue", code=5)
    assert answer["counts"] == {"rolled_back": 4, "failed": 1}
    assert many.sql("globex", "SELECT name FROM people") == [("Ann",)]
    words = ("rollback", "zero", "--allow-data-loss", "people")
    assert many.json(*words, "--tenant", "g*")["counts"] == {"rolled_back": 1}


def test_a_consent_holds_where_another_run_has_dropped_it_already(many):
    many.run("migrate")
    many.run("rollback", "zero", "--tenant", "acme")
    words = ("rollback", "zero", "--allow-data-loss", "people")
    assert many.json(*words)["counts"]["rolled_back"] == 4
    assert many.json(*words)["counts"] == {"up_to_date": 5}


def test_a_migration_that_a_tenant_has_is_not_deleted(many):
    many.run("rollback", "zero", "--tenant", "acme")
    told = many.run("drop", "0001_step", code=5)
    assert "0001_step is applied to the tenant globex and cannot be dropped" in told


def test_no_tenants_is_said_and_no_failure(project):
    project.files("# none yet")
    project.write(PEOPLE)
    assert "warning: there are no tenants" in project.run("migrate")


def test_generate_does_not_apply_to_many(many):
    (many.folder / "models.py").write_text("from peewee import Model\n")
    told = many.run("generate", "--models", "models", "--apply", code=2)
    assert "this project has many" in told


def test_a_bug_or_a_file_in_the_way_ends_no_other_tenant(many, monkeypatch):
    many.write(TOWN)
    (many.folder / "data" / "globex.db").unlink()
    (many.folder / "data" / "globex.db").mkdir()
    answer = many.json("migrate", "--on-failure", "continue", code=3)
    assert answer["counts"] == {"migrated": 4, "failed": 1}


COPIED = """
def copy(models):
    print("copying")
    Person = models["people"]
    for rows in models.batches(Person.select().where(Person.id > 0), size=10):
        for each in rows:
            Person.update(town=each.name).where(Person.id == each.id).execute()
"""


def test_data_migrations_run_in_many_threads(many):
    for name in NAMES:
        names = ", ".join(f"('{name} {number}')" for number in range(35))
        many.sql(name, f"INSERT INTO people (name) VALUES {names}")
    many.write(TOWN, "op.run_python(copy, [])", code=COPIED)
    assert many.json("migrate", "--jobs", "5")["counts"] == {"migrated": 5}
    for name in NAMES:
        found = many.sql(name, "SELECT count(*), min(town) FROM people WHERE town = name")
        assert found == [(35, f"{name} 0")]


SEEDS = """
from peewee import CharField, Model
from peewee_mig.seeds import seed, upsert

class Person(Model):
    name = CharField(max_length=100)
    class Meta:
        table_name = "people"

@seed()
def people():
    if Person.select().where(Person.name == "stop").exists():
        raise ValueError("stop")
    upsert(Person, key="name", rows=[{"name": "Ann"}])
"""


def test_seeds_run_in_each(many):
    (many.folder / "seeds_of_tenants.py").write_text(SEEDS)
    text = (many.folder / "peewee_mig.toml").read_text()
    many.configure(text, 'seeds = ["seeds_of_tenants"]')
    many.sql("hooli", "INSERT INTO people (name) VALUES ('stop')")
    answer = many.json("seed", code=3)
    assert answer["counts"] == {"seeded": 2, "failed": 1, "not_begun": 2}
    many.sql("hooli", "DELETE FROM people")
    assert "5 seeded" in many.run("seed")
    assert all(many.sql(name, "SELECT name FROM people") == [("Ann",)] for name in NAMES)
    assert "people  seeds_of_tenants.py" in many.run("seed", "--dry-run")


def test_seeding_waits_for_migrations(many):
    (many.folder / "seeds_of_tenants.py").write_text(SEEDS)
    many.configure((many.folder / "peewee_mig.toml").read_text(), 'seeds = ["seeds_of_tenants"]')
    many.write(TOWN)
    assert "migrations are pending here: 0002_step" in many.run("seed", code=5)


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.thorough)])
def test_a_thousand_files_with_failures_in_between(project, count):
    names = [f"t{number:04}" for number in range(count)]
    project.files(*names)
    project.write(PEOPLE)
    assert project.json("migrate")["counts"] == {"migrated": count}
    broken = names[::20]
    for name in names:
        if name not in broken:
            project.sql(name, "CREATE TABLE by_hand (name TEXT)")
    project.write(TOWN, BY_HAND)
    answer = project.json("migrate", "--on-failure", "continue", code=3)
    assert answer["counts"] == {"migrated": count - len(broken), "failed": len(broken)}
    assert [each["tenant"] for each in answer["tenants"]] == names
    for name in broken:
        assert project.applied(name) == BOTH[:1]
        assert project.columns(name) == ["id", "name"]
        project.sql(name, "CREATE TABLE by_hand (name TEXT)")
    again = project.json("migrate")["counts"]
    assert again == {"up_to_date": count - len(broken), "migrated": len(broken)}
    assert all(project.applied(name) == BOTH for name in names)
