"""Configuration: files, environments, precedence, and what is refused."""

import pytest

from peewee_mig.commands.config import Options, load_settings, redact
from peewee_mig.commands.config_show import config_show
from peewee_mig.commands.project import open_project
from peewee_mig.errors import UsageError

CFG = """\
[peewee_mig]
models = app.models,
    app.more
database = sqlite:///dev.db
engines = sqlite, postgresql

[peewee_mig:prod]
database = postgresql://app:${SECRET}@db/app
production = yes
"""
PYPROJECT = """\
[tool.peewee_mig]
models = ["app.models", "app.more"]
database = "sqlite:///dev.db"
engines = ["sqlite", "postgresql"]

[tool.peewee_mig.env.prod]
database = "postgresql://app:${SECRET}@db/app"
production = true
"""
TOML = PYPROJECT.replace("[tool.peewee_mig]\n", "").replace("tool.peewee_mig.", "")
FILES = {"setup.cfg": CFG, "pyproject.toml": PYPROJECT, "peewee_mig.toml": TOML}


@pytest.fixture(params=FILES)
def configured(request, tmp_path):
    (tmp_path / request.param).write_text(FILES[request.param])
    return tmp_path


def settings(folder, environ=None, **options):
    return load_settings(Options(**options), environ or {}, folder)


def test_each_kind_of_file_gives_the_same_values(configured):
    found = settings(configured)
    assert found.models.value == ("app.models", "app.more")
    assert found.database.value == "sqlite:///dev.db"
    assert found.engines.value == ("sqlite", "postgres")
    assert found.directory.value == "migrations"
    assert found.production.value is False
    assert found.database.source.startswith(found.file.name)


def test_an_environment_overrides_the_file_and_expands_variables(configured):
    found = settings(configured, {"SECRET": "s3"}, env="prod")
    assert found.database.value == "postgresql://app:s3@db/app"
    assert found.production.value is True
    assert found.models.value == ("app.models", "app.more")
    assert "prod" in found.database.source


def test_an_unset_variable_is_named(configured):
    with pytest.raises(UsageError, match="SECRET is not set"):
        settings(configured, env="prod")


def test_without_a_file_there_are_defaults(tmp_path):
    found = settings(tmp_path)
    assert found.file is None
    assert found.models.value == ()
    assert found.directory.value == "migrations"
    assert found.directory.source == "default"


def test_precedence_of_the_database(configured):
    variables = {"DATABASE_URL": "sqlite:///url.db", "SECRET": "s3"}
    line = settings(configured, variables, database="sqlite:///line.db", env="prod")
    assert (line.database.value, line.database.source) == ("sqlite:///line.db", "--database")
    url = settings(configured, variables)
    assert (url.database.value, url.database.source) == ("sqlite:///url.db", "DATABASE_URL")
    own = settings(configured, {**variables, "PEEWEE_MIG_DATABASE": "sqlite:///own.db"})
    assert own.database.value == "sqlite:///own.db"


def test_a_url_beats_an_environment_that_only_a_variable_selects(configured):
    variables = {"DATABASE_URL": "sqlite:///url.db", "PEEWEE_MIG_ENV": "prod"}
    found = settings(configured, variables)
    assert found.database.value == "sqlite:///url.db"
    assert found.production.value is True


def test_an_explicit_environment_and_a_different_url_are_refused(configured):
    variables = {"DATABASE_URL": "sqlite:///url.db", "SECRET": "s3"}
    with pytest.raises(UsageError, match=r"--env prod and DATABASE_URL"):
        settings(configured, variables, env="prod")


def test_an_explicit_environment_and_the_same_url_agree(configured):
    variables = {"DATABASE_URL": "postgresql://app:s3@db/app", "SECRET": "s3"}
    assert "prod" in settings(configured, variables, env="prod").database.source


def test_variables_beat_the_file(configured):
    found = settings(configured, {"PEEWEE_MIG_MODELS": "a,b", "PEEWEE_MIG_DIRECTORY": "d"})
    assert found.models.value == ("a", "b")
    assert found.directory.value == "d"
    assert found.models.source == "PEEWEE_MIG_MODELS"


def test_an_empty_variable_does_not_count(configured):
    assert settings(configured, {"DATABASE_URL": ""}).database.value == "sqlite:///dev.db"


def test_two_configured_files_are_refused_and_config_picks_one(tmp_path):
    (tmp_path / "setup.cfg").write_text(CFG)
    (tmp_path / "peewee_mig.toml").write_text('models = ["other"]\n')
    with pytest.raises(UsageError, match=r"setup.cfg \[peewee_mig\] and peewee_mig.toml"):
        settings(tmp_path)
    assert settings(tmp_path, config="peewee_mig.toml").models.value == ("other",)


def test_files_of_other_tools_do_not_count(tmp_path):
    (tmp_path / "setup.cfg").write_text("[flake8]\nignore = peewee_mig\n")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["peewee_mig"]\n')
    assert settings(tmp_path).file is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('model = ["a"]', "unknown setting 'model'", "'models'"),
        ("[env.prod]\nproductoin = true", "unknown setting 'productoin'", "'production'"),
        ("models = 1", "models in peewee_mig.toml is not a list", "app.models"),
        ('engines = ["oracle"]', "'oracle'", "sqlite"),
        ('unsupported = "ignore"', "'ignore'", "skip"),
        ('production = "maybe"', "'maybe'", "true or false"),
        ("models = [", "peewee_mig.toml cannot be read", ""),
    ],
)
def test_a_wrong_file_is_refused_with_the_way_out(tmp_path, text, message, hint):
    (tmp_path / "peewee_mig.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        settings(tmp_path)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_broken_cfg_is_refused(tmp_path):
    (tmp_path / "setup.cfg").write_text("[peewee_mig]\nmodels = a\nmodels = b\n")
    with pytest.raises(UsageError, match=r"setup\.cfg cannot be read"):
        settings(tmp_path)


@pytest.mark.parametrize("name", ["missing.toml", "empty.cfg", "pyproject.toml"])
def test_a_chosen_file_must_configure_us(tmp_path, name):
    (tmp_path / "empty.cfg").write_text("[flake8]\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(UsageError) as caught:
        settings(tmp_path, config=name)
    assert name in caught.value.where


def test_an_unknown_environment_lists_the_known(configured, tmp_path):
    with pytest.raises(UsageError, match="no environment 'test'") as caught:
        settings(configured, env="test")
    assert "prod" in caught.value.hint


def test_an_environment_without_a_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no configuration file"):
        settings(tmp_path, env="prod")


def test_paths_of_the_file_begin_at_the_file_those_of_the_line_here(tmp_path):
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/peewee_mig.toml").write_text('database = "sqlite:///x.db"\n')
    config = "deploy/peewee_mig.toml"
    project = open_project(Options(config=config), {}, tmp_path)
    assert project.directory == tmp_path / "deploy/migrations"
    assert project.database_root == tmp_path / "deploy"
    project = open_project(Options(config=config, directory="m", database="x"), {}, tmp_path)
    assert project.directory == tmp_path / "m"
    assert project.database_root == tmp_path


def test_engines_default_to_those_of_all_configured_databases(configured):
    text = (configured / settings(configured).file.name).read_text()
    lines = [line for line in text.splitlines() if not line.startswith("engines")]
    settings(configured).file.write_text("\n".join(lines))
    assert open_project(Options(), {}, configured).engines == ("sqlite", "postgres")


def test_what_a_command_needs_is_asked_for_with_the_way_out(tmp_path):
    project = open_project(Options(), {}, tmp_path)
    with pytest.raises(UsageError, match="no models"):
        project.need_models()
    with pytest.raises(UsageError, match="no database"):
        project.need_database()


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("postgresql://u:p@h/db", "postgresql://u:***@h/db"),
        ("postgresql://u:p@s/s:w@h:5/db", "postgresql://u:***@h:5/db"),
        ("mysql://h/db?user=u&password=p&x=1", "mysql://h/db?user=u&password=***&x=1"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("app.models:db", "app.models:db"),
    ],
)
def test_passwords_are_hidden(spec, shown):
    assert redact(spec) == shown


def test_no_value_of_ours_shows_a_password(configured):
    project = open_project(Options(env="prod"), {"SECRET": "s3cret"}, configured)
    shown = config_show(project)
    assert "s3cret" not in repr(project)
    assert "s3cret" not in repr(project.settings)
    assert "s3cret" not in repr(shown)
    assert "s3cret" not in str(shown.to_json())
    rows = {row.key: row for row in shown.rows}
    assert rows["env"].value == "prod"
    assert rows["production"].text() == "true"
    assert rows["models"].text() == "app.models, app.more"


def test_a_history_table_has_no_schema(tmp_path):
    (tmp_path / "peewee_mig.toml").write_text('history_table = "audit.hist"\n')
    with pytest.raises(UsageError, match="with a schema") as caught:
        settings(tmp_path)
    assert caught.value.hint.startswith("write hist;")


@pytest.mark.parametrize(
    ("place", "is_production"),
    [
        ("postgresql://ada@db.example.com/app", True),
        ("postgres+psycopg://other:secret@db.example.com/app", True),
        ("postgresql://db.example.com/other", False),
        ("sqlite:///app.db", False),
    ],
)
@pytest.mark.parametrize("variable", ["", "DATABASE_URL", "PEEWEE_MIG_DATABASE"])
def test_a_database_of_production_is_that_by_whatever_name(
    tmp_path, place, is_production, variable
):
    (tmp_path / "peewee_mig.toml").write_text(
        'database = "sqlite:///app.db"\n[env.prod]\nproduction = true\n'
        'database = "postgresql://ada@db.example.com/app"\n'
        '[env.other]\nproduction = true\ndatabase = "${UNSET}"\n'
    )
    options = Options() if variable else Options(database=place)
    found = load_settings(options, {variable: place} if variable else {}, tmp_path)
    assert found.production.value is is_production
