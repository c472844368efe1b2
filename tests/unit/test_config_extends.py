"""Shared configuration: from a package or a file, below the project's own."""

import sys
import zipfile
from pathlib import Path

import pytest

from peewee_mig.commands.config import Options, load_settings
from peewee_mig.commands.config_show import config_show
from peewee_mig.commands.project import open_project
from peewee_mig.errors import UsageError

POLICY = """\
lock_timeout = 5
statement_timeout = 30
unsupported = "skip"

[env.prod]
production = true
role = "owner"
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Install a package with files; a name that no other test has."""
    names = (f"policy_{number}" for number in range(len(sys.modules), 10**9))
    name = next(each for each in names if each not in sys.modules)

    def install(*, zipped=False, **files):
        content = {"__init__.py": "", **{f"{key}.toml": text for key, text in files.items()}}
        if zipped:
            path = tmp_path / "packages.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for file, text in content.items():
                    archive.writestr(f"{name}/{file}", text)
        else:
            path = tmp_path / "packages"
            (path / name).mkdir(parents=True)
            for file, text in content.items():
                (path / name / file).write_text(text)
        monkeypatch.syspath_prepend(str(path))
        return name

    return install


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()

    def configure(text, name="peewee_mig.toml"):
        (folder / name).write_text(text)
        return folder

    return configure


def settings(folder, environ=None, **options):
    return load_settings(Options(**options), environ or {}, folder)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_project_gets_what_it_does_not_say_itself(package, project, zipped):
    name = package(policy=POLICY, zipped=zipped)
    folder = project(f'extends = "{name}:policy"\nstatement_timeout = 60\n')
    found = settings(folder)
    assert (found.lock_timeout.value, found.lock_timeout.source) == (5.0, f"{name}:policy")
    assert (found.statement_timeout.value, found.statement_timeout.source) == (
        60.0,
        "peewee_mig.toml",
    )
    assert found.unsupported.value == "skip"
    assert found.file == folder / "peewee_mig.toml"


def test_an_environment_lies_over_what_is_general(package, project):
    name = package(policy=POLICY + "statement_timeout = 7\n")
    text = f'extends = "{name}:policy"\nstatement_timeout = 60\n[env.prod]\nrole = "mine"\n'
    found = settings(project(text), env="prod")
    assert (found.role.value, found.role.source) == ("mine", "peewee_mig.toml [env.prod]")
    assert found.production.source == f"{name}:policy [env.prod]"
    assert found.production.value is True
    assert found.statement_timeout.value == 7.0


def test_an_environment_may_stand_in_the_policy_only(package, project):
    folder = project(f'extends = "{package(policy=POLICY)}:policy"\n')
    assert settings(folder, env="prod").production.value is True
    assert settings(folder).environments == ("prod",)
    with pytest.raises(UsageError, match="there is no environment 'staging'") as caught:
        settings(folder, env="staging")
    assert "prod" in caught.value.hint


def test_a_mark_in_the_policy_holds_for_a_database_of_the_project(package, project):
    name = package(policy=POLICY)
    text = f'extends = "{name}:policy"\n[env.prod]\ndatabase = "postgresql://db/app"\n'
    found = settings(project(text), database="postgresql://ada@db/app")
    assert found.production.value is True
    assert found.playgrounds == ()


def test_policies_extend_others(package, project):
    name = package(policy='extends = "base.toml"\nlock_timeout = 5\n', base="lock_timeout = 1\n")
    folder = project(f'extends = "{name}:policy"\n')
    with pytest.raises(UsageError, match="beside a policy of a package") as caught:
        settings(folder)
    assert f"{name}:base.toml" in caught.value.hint
    place = Path(sys.modules[name].__path__[0])
    (place / "policy.toml").write_text(f'extends = "{name}:base"\nlock_timeout = 5\n')
    (place / "base.toml").write_text('lock_timeout = 1\nrole = "owner"\n')
    found = settings(folder)
    assert (found.lock_timeout.value, found.role.value) == (5.0, "owner")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("base.toml", "lock_timeout = 5\n"),
        ("base.cfg", "[peewee_mig]\nlock_timeout = 5\n"),
        ("setup.cfg", "[metadata]\nname = x\n[peewee_mig]\nlock_timeout = 5\n"),
        ("pyproject.toml", "[tool.peewee_mig]\nlock_timeout = 5\n"),
    ],
)
def test_a_file_is_named_from_the_folder_of_the_one_that_names_it(project, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = settings(project(f'extends = "../{name}"\n'))
    assert found.lock_timeout.value == 5.0


def test_setup_cfg_extends_too(package, project):
    name = package(policy=POLICY)
    folder = project(f"[peewee_mig]\nextends = {name}:policy\n", "setup.cfg")
    assert settings(folder, env="prod").role.value == "owner"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends = "none.toml"', "the configuration file does not exist"),
        ("extends = 7", "is not a text"),
        ('extends = " "', "is not a text"),
        ('extends = "no_such_package:policy"', "there is no package no_such_package"),
        ('extends = "peewee_mig:no_policy"', "has no policy 'no_policy'"),
        ('extends = "peewee_mig:../secret"', "has no policy '../secret'"),
        ('extends = "peewee_mig:"', "has no policy ''"),
        ('[env.prod]\nextends = "base.toml"', "extends stands in an environment"),
    ],
)
def test_what_is_not_there_is_refused(project, text, message):
    with pytest.raises(UsageError, match=message) as caught:
        settings(project(text + "\n"), env="prod" if "env" in text else "")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lock_timeuot = 5", "unknown setting 'lock_timeuot'"),
        ("lock_timeout = [", "cannot be read"),
        ("lock_timeout = -1", "lock_timeout in policy_.*:policy is '?-1"),
    ],
)
def test_a_policy_that_is_wrong_is_named(package, project, text, message):
    name = package(policy=text)
    with pytest.raises(UsageError, match=message) as caught:
        settings(project(f'extends = "{name}:policy"\n'))
    assert name in f"{caught.value.message} {caught.value.where}"


def test_a_near_name_is_told(package, project):
    name = package(production=POLICY)
    with pytest.raises(UsageError) as caught:
        settings(project(f'extends = "{name}:productoin"\n'))
    assert caught.value.hint == f"did you mean {name}:production?"


def test_a_package_that_does_not_import_is_told(tmp_path, monkeypatch, project):
    (tmp_path / "policy_that_raises").mkdir()
    (tmp_path / "policy_that_raises" / "__init__.py").write_text("raise ValueError('no licence')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match="cannot be read") as caught:
        settings(project('extends = "policy_that_raises:policy"\n'))
    assert caught.value.original == "ValueError: no licence"


def test_a_circle_is_refused(project, tmp_path):
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n')
    (tmp_path / "b.toml").write_text('extends = "project/../a.toml"\n')
    with pytest.raises(UsageError, match=r"in a circle: a\.toml > b\.toml > a\.toml"):
        settings(project('extends = "../a.toml"\n'))
    with pytest.raises(UsageError, match="in a circle"):
        settings(project('extends = "peewee_mig.toml"\n'))


def test_variables_say_nothing_about_it(project):
    found = settings(project("lock_timeout = 9\n"), {"PEEWEE_MIG_EXTENDS": "none.toml"})
    assert found.extends.value == ""


def test_config_show_says_where_each_value_comes_from(package, project):
    name = package(policy=POLICY)
    folder = project(f'extends = "{name}:policy"\n')
    rows = {row.key: row for row in config_show(open_project(Options(), {}, folder)).rows}
    assert rows["extends"].text() == f"{name}:policy"
    assert rows["lock_timeout"].source == f"{name}:policy"


# Several histories in one project.

TWO = """\
models = ["app.models"]
database = "postgresql://db/app"

[env.billing]
models = ["billing.models"]
directory = "billing/migrations"
database = "sqlite:///billing.db"
"""


def test_a_history_of_its_own_has_engines_of_its_own(project):
    folder = project(TWO)
    assert open_project(Options(), {}, folder).engines == ("postgres",)
    billing = open_project(Options(env="billing"), {}, folder)
    assert billing.engines == ("sqlite",)
    assert billing.models == ("billing.models",)
    assert billing.directory == folder / "billing/migrations"


def test_environments_of_one_history_share_engines(project):
    folder = project(TWO.replace('directory = "billing/migrations"\n', ""))
    assert set(open_project(Options(), {}, folder).engines) == {"postgres", "sqlite"}


def test_a_folder_that_an_option_names_may_be_any(project):
    folder = project(TWO)
    found = open_project(Options(directory="elsewhere"), {}, folder).engines
    assert set(found) == {"postgres", "sqlite"}


def test_the_address_of_tenants_tells_an_engine(project):
    folder = project('tenant_url = "sqlite:///data/{tenant}.db"\ntenants = "t.txt"\n')
    assert open_project(Options(), {}, folder).engines == ("sqlite",)


def test_the_password_in_the_address_of_tenants_is_hidden(project):
    folder = project('tenant_url = "postgresql://a:${SECRET}@db/{tenant}"\n')
    found = open_project(Options(), {"SECRET": "s3"}, folder)
    assert found.tenant_url == "postgresql://a:s3@db/{tenant}"
    shown = {row.key: row.text() for row in config_show(found).rows}
    assert shown["tenant_url"] == "postgresql://a:***@db/{tenant}"
    assert "s3" not in repr(found)
