"""Where tenants come from, what names one, and what is refused."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from tenants_world import PEOPLE

from peewee_mig.commands.project import Project
from peewee_mig.commands.tenancy.naming import address, tenant_of
from peewee_mig.commands.tenancy.source import read_tenants
from peewee_mig.commands.tenants import need_tenants
from peewee_mig.dialects.url import parse_url, with_database, with_schema
from peewee_mig.errors import UsageError

POSTGRES = "postgresql://app:s3cret@db/app"


def project_with(tmp_path, **settings):
    return Project(tmp_path, tmp_path / "migrations", **settings)


@pytest.mark.parametrize(
    ("base", "schema", "options"),
    [
        (POSTGRES, "acme", '-csearch_path="acme"'),
        (POSTGRES, "We ird", '-csearch_path="We\\ ird"'),
        (POSTGRES, 'a"b', '-csearch_path="a""b"'),
        (POSTGRES, "a\\b", '-csearch_path="a\\\\b"'),
        (f"{POSTGRES}?options=-cjit%3Doff", "acme", '-cjit=off -csearch_path="acme"'),
    ],
)
def test_a_schema_is_the_whole_search_path(base, schema, options):
    url = parse_url(with_schema(base, schema))
    assert dict(url.options)["options"] == options
    assert (url.database, url.password, url.host) == ("app", "s3cret", "db")


def test_other_options_of_an_address_stay():
    url = parse_url(with_schema(f"{POSTGRES}?sslmode=require", "acme"))
    assert dict(url.options)["sslmode"] == "require"


def test_another_database_of_the_server():
    assert (
        with_database("mysql://u:p@db:3307/app?ssl=1", "acme") == "mysql://u:p@db:3307/acme?ssl=1"
    )
    assert with_database("mysql://db/app", "acme") == "mysql://db/acme"


def test_a_name_is_a_schema_a_database_or_what_the_template_says(tmp_path):
    postgres = project_with(tmp_path, database=POSTGRES)
    assert address("acme", postgres) == with_schema(POSTGRES, "acme")
    mysql = project_with(tmp_path, database="mysql://db/app")
    assert address("acme", mysql) == "mysql://db/acme"
    files = project_with(tmp_path, database=POSTGRES, tenant_url="sqlite:///data/{tenant}.db")
    assert address("acme", files) == "sqlite:///data/acme.db"
    assert address("sqlite:///x.db", files) == "sqlite:///x.db"


@pytest.mark.parametrize(
    ("template", "takes"),
    [
        ("?options=-csearch_path%3D{tenant},shared", False),
        ("?options=-csearch_path=shared,t_{tenant}", False),
        ("?options=-csearch_path%3D%22{tenant}%22,shared", True),
        ('?options=-csearch_path="{tenant}"', True),
        ("_{tenant}?options=-csearch_path%3Dapp", True),
    ],
)
def test_letter_case_counts_where_it_is_quoted(tmp_path, template, takes):
    project = project_with(tmp_path, tenant_url=POSTGRES + template)
    assert address("acme", project).endswith(template.replace("{tenant}", "acme"))
    if takes:
        assert address("Acme", project).endswith(template.replace("{tenant}", "Acme"))
        return
    with pytest.raises(UsageError, match="letter case does not count in this search_path"):
        address("Acme", project)


@pytest.mark.parametrize(
    ("item", "name", "url"),
    [
        ("acme", "acme", "sqlite:///acme.db"),
        (("acme",), "acme", "sqlite:///acme.db"),
        (("Acme Inc.", "acme"), "Acme Inc.", "sqlite:///acme.db"),
        (("acme", "sqlite:///x.db"), "acme", "sqlite:///x.db"),
        ({"name": "acme"}, "acme", "sqlite:///acme.db"),
        ({"name": "acme", "url": "sqlite:///x.db"}, "acme", "sqlite:///x.db"),
        ({"name": "acme", "schema": "t1"}, "acme", with_schema(POSTGRES, "t1")),
        ({"schema": "t1", "url": None}, "t1", with_schema(POSTGRES, "t1")),
        (
            {"name": "acme", "database": "t1"},
            "acme",
            "postgresql://app:s3cret@db/t1",
        ),
        (POSTGRES, "postgresql://app:***@db/app", POSTGRES),
    ],
)
def test_what_names_a_tenant(tmp_path, item, name, url):
    project = project_with(tmp_path, database=POSTGRES, tenant_url="sqlite:///{tenant}.db")
    found = tenant_of(item, project)
    assert (found.name, found.url) == (name, url)
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    "item",
    [
        "",
        "  ",
        "two\nlines",
        None,
        7,
        (),
        ("a", "b", "c"),
        ("a", None),
        {},
        {"name": "a", "colour": "red"},
        {"name": "a", "url": "sqlite:///a.db", "schema": "a"},
        {"name": 7},
        "../../etc/passwd",
        "a/b",
        "a?b",
        "..",
        ("acme", "sqlite:///:memory:"),
        ("acme", "ftp://x/y"),
    ],
)
def test_what_names_none_is_refused(tmp_path, item):
    project = project_with(tmp_path, database=POSTGRES, tenant_url="sqlite:///{tenant}.db")
    with pytest.raises(UsageError) as caught:
        tenant_of(item, project)
    assert caught.value.hint


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"database": "sqlite:///app.db"},
        {"database": "app.db:database"},
        {"tenant_url": "sqlite:///one.db"},
    ],
)
def test_a_name_that_leads_nowhere_is_refused(tmp_path, settings):
    with pytest.raises(UsageError, match=r"nothing says where|has no \{tenant\}"):
        address("acme", project_with(tmp_path, **settings))


def test_a_schema_needs_postgres(tmp_path):
    project = project_with(tmp_path, database="mysql://db/app")
    with pytest.raises(UsageError, match="nothing says where"):
        tenant_of({"schema": "acme"}, project)


# Files, functions and queries.


@pytest.fixture
def template(project):
    (project.folder / "data").mkdir()
    project.write(PEOPLE)
    project.configure('tenant_url = "sqlite:///data/{tenant}.db"')
    return project


def names(project, *words, code=0):
    return [each["tenant"] for each in project.json("status", *words, code=code)["tenants"]]


def test_a_file_has_a_tenant_on_each_line(template):
    lines = "# the first ones\n\n acme \nglobex sqlite:///data/g.db\nsqlite:///data/x.db\n"
    (template.folder / "some.txt").write_text(lines)
    assert names(template, "--tenants", "some.txt") == ["acme", "globex", "sqlite:///data/x.db"]
    template.run("migrate", "--tenants", "some.txt")
    assert template.applied("g") == template.applied("x") == ["0001_step"]


def test_files_that_are_wrong_are_refused(template):
    told = template.run("status", "--tenants", "none.txt", code=2)
    assert "the file of tenants does not exist" in told
    (template.folder / "tenants.txt").write_text("acme sqlite:///a.db more\n")
    told = template.run("status", "--tenants", "tenants.txt", code=2)
    assert "tenants.txt:1" in told
    assert "a line has more than a name and an address" in told
    (template.folder / "tenants.txt").write_text("acme\nGlobex Ltd\n")
    told = template.run("status", "--tenants", "tenants.txt", code=2)
    assert "'Ltd' is no address of the tenant 'Globex'" in told
    assert "tenants.txt:2" in told
    (template.folder / "tenants.txt").write_bytes(b"\xff\xfe")
    assert "cannot be read" in template.run("status", "--tenants", "tenants.txt", code=2)
    told = template.run("status", "--tenants", "tenant.txt", code=2)
    assert "next: peewee-mig status --tenants" in told


def test_one_name_or_one_database_twice_is_refused(template):
    (template.folder / "t.txt").write_text("acme\nacme\n")
    told = template.run("migrate", "--tenants", "t.txt", code=2)
    assert "two tenants are called acme" in told
    assert "where:     tenants: t.txt" in told
    (template.folder / "t.txt").write_text("acme\nAcme\n")
    told = template.run("migrate", "--tenants", "t.txt", code=2)
    assert "the tenants acme and Acme are one database" in told
    assert not list((template.folder / "data").iterdir())


def test_on_postgres_names_that_differ_in_case_are_two(tmp_path):
    (tmp_path / "t.txt").write_text("acme\nAcme\n")
    quoted = f"{POSTGRES}?options=-csearch_path%3D%22{{tenant}}%22"
    project = project_with(tmp_path, tenant_url=quoted, tenants="t.txt", tenants_root=tmp_path)
    assert [each.name for each in read_tenants(project)] == ["acme", "Acme"]


def test_a_name_that_reads_as_a_pattern_is_itself(tmp_path):
    (tmp_path / "t.txt").write_text("a1\na[1]\n")
    project = project_with(tmp_path, database=POSTGRES, tenants="t.txt", tenants_root=tmp_path)
    wanted = {
        name: [each.name for each in need_tenants(replace(project, wanted=(name,))).chosen]
        for name in ("a[1]", "a1", "a*")
    }
    assert wanted == {"a[1]": ["a[1]"], "a1": ["a1"], "a*": ["a1", "a[1]"]}


TENANTS = """
def some():
    yield "acme"
    yield "globex", "sqlite:///data/g.db"
    yield {"name": "hooli"}

def by_name():
    return {"acme": "sqlite:///data/a.db"}

def broken():
    yield "acme"
    raise ValueError("no network")

number = 7
def none(): return 7
def text(): return "acme"
async def later(): return ["acme"]
"""


def test_a_function_says_which_there_are(template):
    (template.folder / "tenants_here.py").write_text(TENANTS)
    assert names(template, "--tenants", "tenants_here:some") == ["acme", "globex", "hooli"]
    assert names(template, "--tenants", "tenants_here:by_name") == ["acme"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("broken", "no network"),
        ("number", "is no function"),
        ("missing", "is no function"),
        ("none", "calling tenants_there:none() fails"),
        ("text", "it returns 'acme', and no list of tenants"),
        ("later", "and no list of tenants"),
    ],
)
def test_functions_that_are_wrong_are_refused(template, spec, words):
    (template.folder / "tenants_there.py").write_text(TENANTS)
    assert words in template.run("status", "--tenants", f"tenants_there:{spec}", code=2)


def test_a_module_that_is_not_there_is_refused(template):
    told = template.run("status", "--tenants", "no_such_module:some", code=2)
    assert "there is no module no_such_module" in told


@pytest.fixture
def asked(template):
    with closing(sqlite3.connect(template.folder / "main.db")) as connection, connection:
        connection.execute("CREATE TABLE tenant (name TEXT, url TEXT)")
        connection.execute("INSERT INTO tenant VALUES ('acme', 'sqlite:///data/a.db'), ('b', 'c')")
    template.configure(
        'database = "sqlite:///main.db"',
        'tenant_url = "sqlite:///data/{tenant}.db"',
        'tenants = "query:SELECT name FROM tenant ORDER BY name"',
    )
    return template


def test_a_query_asks_the_configured_database(asked):
    assert names(asked) == ["acme", "b"]
    words = ("--tenants", "query:SELECT name, url FROM tenant")
    assert "2 migrated" in asked.run("migrate", *words)
    assert asked.applied("a") == asked.applied("c") == ["0001_step"]


@pytest.mark.parametrize(
    ("sql", "code", "words"),
    [
        ("query:", 2, "the query is empty"),
        ("query:SELECT NULL", 2, "is no tenant"),
        ("query:SELECT 'a', 'b', 'c'", 2, "is no tenant"),
        ("query:SELECT missing FROM tenant", 3, "no such column"),
        ("query:DELETE FROM tenant", 2, "does not begin with SELECT"),
    ],
)
def test_queries_that_are_wrong_are_refused(asked, sql, code, words):
    assert words in asked.run("status", "--tenants", sql, code=code)
    assert names(asked) == ["acme", "b"]


def test_there_may_be_none(asked):
    told = asked.run("status", "--tenants", "query:SELECT 'a' WHERE 1 = 0", "--tenant", "a", code=2)
    assert "next: there are none" in told


def test_a_query_needs_a_database(template):
    told = template.run("status", "--tenants", "query:SELECT 1", code=2)
    assert "no database is named that knows the tenants" in told


def test_tenants_without_a_source_are_refused(template):
    assert "nothing names the tenants" in template.run("status", "--tenant", "acme", code=2)


def test_a_password_is_never_printed(template):
    (template.folder / "t.txt").write_text("postgresql://app:s3cret@127.0.0.1:1/app\n")
    told = template.run("migrate", "--tenants", "t.txt", code=3)
    assert "app:***@127.0.0.1" in told
    assert "s3cret" not in told
