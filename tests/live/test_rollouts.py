"""compose.yaml and the Dockerfile: their steps run as processes, in their order, and fail."""

import os
import re
import shlex
import signal
import threading
import time
from pathlib import Path

import click
import pytest
import small_yaml
from compose_world import ROOT, Compose, Door, built, copies, is_sent, stages

from peewee_mig.cli.main import cli

PASSWORD = "only-to-try-it"
PAGE = ROOT / "docs" / "how-to" / "rollouts.md"
TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"


@pytest.fixture
def image(tmp_path):
    return built(tmp_path)


@pytest.fixture
def door(postgres):
    door = Door(postgres.url, PASSWORD)
    yield door
    door.close()


@pytest.fixture
def compose(image, door):
    made = []

    def compose(environment=None, *, of=None, **changed):
        made.append(Compose(of or image, door, environment, changed))
        return made[-1]

    yield compose
    for each in made:
        each.down()


# What runs.


def test_web_starts_after_the_database_is_ready_and_so_do_the_releases_after_it(
    compose, door, postgres
):
    door.open()
    services = compose({"ADMIN_PASSWORD": "a secret"})
    assert services.up() == {"db-init": 0}
    assert services.order == ["db", "db-init", "web"]
    until = time.monotonic() + 20
    while not services.is_healthy("web"):
        assert time.monotonic() < until
    assert postgres.sql("SELECT count(*), min(login) FROM user_account") == [(1, "admin")]
    assert postgres.sql("SELECT count(*) FROM organization") == [(0,)]  # demo is not for production
    shown = services.output("db-init")
    assert "14 migrations applied" in shown
    assert "administrator: 2 inserted" in shown

    again = compose()
    again.start("db-init")
    shown = again.output("db-init")
    assert again.processes["db-init"].returncode == 0
    assert "Nothing to do" in shown
    assert "administrator: 2 unchanged" in shown
    it_takes_demo_rows_only_outside_of_production(again, postgres)
    an_older_image_starts_on_a_database_that_is_ahead(compose)


def it_takes_demo_rows_only_outside_of_production(services, postgres):
    code, output = services.run("db-init", "peewee-mig seed")
    assert code == 5
    assert "marked production, and these seeds are not tagged for it: demo" in output
    code, output = services.run("db-init", "peewee-mig seed", PEEWEE_MIG_ENV="")
    assert (code, "demo: 12 inserted" in output) == (0, True)
    assert postgres.sql("SELECT count(*) FROM organization") == [(1,)]


def test_many_replicas_wait_for_a_database_that_comes_late_and_share_the_work(
    compose, door, image, postgres
):
    """Each runs db-init; what is tracked is done once."""
    with (image / "seeds.py").open("a", encoding="utf-8") as file:
        file.write(
            '\n\n@seed(tags=["production"], tracked=True)\ndef once() -> None:\n'
            '    Tag.create(name="once")\n'
        )
    replicas = [compose() for _ in range(3)]
    timer = threading.Timer(1.0, door.open)
    timer.start()
    processes = [each.start("db-init") for each in replicas]
    outputs = [each.output("db-init") for each in replicas]
    timer.join()
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert sum("once: done" in each for each in outputs) == 1
    assert postgres.sql("SELECT count(*) FROM peewee_mig_history") == [(14,)]
    assert postgres.sql("SELECT count(*) FROM tag") == [(1,)]


def an_older_image_starts_on_a_database_that_is_ahead(compose):
    services = compose()
    for path in ("0014_show_open_tasks.py", "snapshots/0014_show_open_tasks.json"):
        (services.image / "migrations" / path).unlink()
    assert services.up() == {"db-init": 0}
    assert "web" in services.order
    shown = services.output("db-init")
    assert "the database is ahead of these files: it has 0014_show_open_tasks" in shown
    assert services.run("db-init", "peewee-mig migrate --strict")[0] == 1


def test_one_that_is_killed_is_finished_by_the_next(compose, door, postgres):
    door.open()
    first = compose()
    process = first.start("db-init")
    until = time.monotonic() + 30
    while postgres.sql(TABLES) == [(0,)]:
        assert time.monotonic() < until
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    services = compose()
    assert services.up() == {"db-init": 0}
    assert "web" in services.order
    assert postgres.sql("SELECT count(*) FROM peewee_mig_history") == [(14,)]


# What fails: web does not start.


def fails(services, code):
    """Bring the services up; return what db-init said."""
    assert services.up() == {"db-init": code}
    assert services.order == ["db", "db-init"]
    return services.output("db-init")


def test_a_database_that_never_comes(compose, door):
    services = compose(**{"--wait 60": "--wait 1"})
    services.is_healthy = lambda name: True
    assert "Connection refused" in fails(services, 3)


def test_a_wrong_password_is_not_waited_for(compose, door):
    door.open()
    begun = time.monotonic()
    shown = fails(compose({"POSTGRES_PASSWORD": "another one"}), 3)
    assert time.monotonic() - begun < 30
    assert 'password authentication failed for user "app"' in shown
    assert "another one" not in shown


def test_what_fails_stops_there_and_the_next_start_goes_on(compose, door, image, postgres):
    door.open()
    a_migration_that_fails_leaves_the_seeds_unrun(compose, image, postgres)
    a_seed_that_fails_leaves_those_after_it_unrun(compose, image, postgres)
    assert compose().up() == {"db-init": 0}
    assert postgres.sql("SELECT count(*) FROM user_account") == [(1,)]


def a_migration_that_fails_leaves_the_seeds_unrun(compose, image, postgres):
    path = image / "migrations" / "0015_fail.py"
    path.write_text(
        '"""Fail."""\n\nfrom peewee_mig import op\n\nformat = 1\n\n'
        'depends_on = ["0014_show_open_tasks"]\n\n'
        'operations = [op.run_sql("SELECT 1 / 0")]\n',
        encoding="utf-8",
    )
    services = compose()
    assert services.run("db-init", "peewee-mig snapshot 0015")[0] == 0
    shown = fails(services, 3)
    assert "division by zero" in shown
    assert "Seeded" not in shown
    assert postgres.sql("SELECT count(*) FROM peewee_mig_history") == [(14,)]
    assert postgres.sql("SELECT count(*) FROM permission") == [(0,)]
    path.unlink()
    (image / "migrations/snapshots/0015_fail.json").unlink()


def a_seed_that_fails_leaves_those_after_it_unrun(compose, image, postgres):
    path = image / "seeds.py"
    text = path.read_text(encoding="utf-8")
    broken = text.replace('"""Roles that are', 'raise ValueError("no")\n    """Roles that are')
    path.write_text(broken, encoding="utf-8")
    shown = fails(compose(), 3)
    assert "the seed 'roles' failed" in shown
    assert "committed: reference, permissions; nothing of this seed" in shown
    assert postgres.sql("SELECT count(*) FROM permission") == [(4,)]
    assert postgres.sql("SELECT count(*) FROM user_account") == [(0,)]
    path.write_text(text, encoding="utf-8")


def test_an_image_without_snapshots_refuses(compose, door, tmp_path, postgres):
    place = tmp_path / "without"
    place.mkdir()
    door.open()
    services = compose(of=built(place, ignoring=["migrations/snapshots"]))
    assert "snapshots" in fails(services, 5)
    assert postgres.sql(TABLES) == [(0,)]


# What the files say.


def test_the_image_has_what_it_needs_and_nothing_else(image):
    files = {path.relative_to(image).as_posix() for path in image.rglob("*") if path.is_file()}
    for folder, suffix in (("models", "py"), ("migrations", "py"), ("migrations", "json")):
        there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(f"{folder}/**/*.{suffix}")}
        assert there <= files
    kinds = {Path(name).suffix for name in files}
    assert kinds == {".py", ".json", ".cfg"}


@pytest.mark.parametrize(
    "path",
    [".git/config", ".env", "app.db", ".venv/bin/python", "models/__pycache__/x.pyc", "docs/x"],
)
def test_secrets_and_what_is_made_are_not_sent(path):
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert not is_sent(Path(path), patterns)


def test_what_any_stage_copies_is_sent():
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for stage in range(2):
        for sources, _ in copies(stage=stage):
            for source in sources:
                assert (ROOT / source).exists()
                assert is_sent(Path(source), patterns), source


def test_the_dockerfile_is_careful():
    assert len(stages()) == 2
    for stage in stages():
        assert re.search(r"^python:\$\{PYTHON\}-slim-\w+", stage[0][1])  # of a named release
    last = dict(stages()[-1])
    assert last["USER"].isdigit()
    assert int(last["USER"]) > 0
    assert all(rest.startswith("[") for word, rest in stages()[-1] if word == "CMD")
    words = [word for stage in stages() for word, _ in stage]
    assert "ADD" not in words
    assert words[-2:] == ["EXPOSE", "CMD"]


def test_web_waits_for_the_end_of_db_init_and_no_port_is_open_to_all():
    services = small_yaml.load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["web"]["depends_on"]["db-init"] == {
        "condition": "service_completed_successfully"
    }
    assert services["db-init"]["restart"] == "no"
    assert "ports" not in services["db"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])


# The how-to page.


def manifests():
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_manifests_can_be_read_and_their_commands_exist():
    commands = []
    for block in manifests():
        for document in small_yaml.load_all(block):
            commands += commands_of(document)
    assert len(commands) >= 5
    for line in commands:
        assert_command(line)


def commands_of(value):
    """Yield the lines of shells, and the commands, in a manifest."""
    if isinstance(value, dict):
        words = [*(value.get("command") or []), *(value.get("args") or [])]
        if words:
            yield from re.split(
                r"&&|;", words[2] if words[:2] == ["sh", "-c"] else shlex.join(words)
            )
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from commands_of(each)


def assert_command(line):
    """Refuse a command that the program does not have, or an option of it."""
    program, name, *args = shlex.split(line.replace("exec ", ""))
    assert program == "peewee-mig", line
    command = cli.get_command(click.Context(cli), name)
    assert command, line
    command.make_context(name, args, parent=click.Context(cli))
