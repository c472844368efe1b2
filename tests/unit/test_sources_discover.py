"""Discovery: which models are found, and how everything that prevents it is told."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest

from peewee_mig.errors import ModelError
from peewee_mig.sources.discover import find_models

Project = Callable[..., str]


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    """Write a package of a name of its own; ``PKG`` in its files stands for that name."""
    package = f"pkg_{abs(hash(request.node.nodeid))}"

    def write(**files: str) -> str:
        for name, text in ({"__init__": ""} | files).items():
            path = tmp_path / package / f"{name.replace('__in__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            body = textwrap.dedent(text).replace("PKG", package)
            path.write_text(f"from peewee import *\n{body}")
        return package

    return write


def names(root: Path, *specs: str) -> list[str]:
    return [model.__name__ for model in find_models(specs, root=root)]


def refused(root: Path, *specs: str) -> ModelError:
    with pytest.raises(ModelError) as caught:
        find_models(specs, root=root)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    return caught.value


def test_every_module_below_a_package_is_imported(project: Project, tmp_path: Path) -> None:
    package = project(
        a="class A(Model): pass",
        sub__in____init__="class B(Model): pass",
        sub__in__deep="class C(Model): pass",
        loose__in__module="class D(Model): pass",
        __main__="raise SystemExit(1)",
    )
    assert names(tmp_path, package) == ["A", "B", "C", "D"]
    assert names(tmp_path, f"{package}.sub") == ["B", "C"]
    assert names(tmp_path, f"{package}.a", f"{package}.sub.deep") == ["A", "C"]


def test_models_belong_to_the_module_that_defines_them(project: Project, tmp_path: Path) -> None:
    package = project(a="class A(Model): pass", b="from PKG.a import A\nclass B(Model): pass")
    assert names(tmp_path, f"{package}.b") == ["B"]


def test_no_models_names_the_modules_of_those_imported(project: Project, tmp_path: Path) -> None:
    package = project(a="class A(Model): pass", b="from PKG.a import A")
    assert f"name {package}.a" in refused(tmp_path, f"{package}.b").hint


@pytest.mark.parametrize("attribute", ["A", "pair", "mapping", "make", "box.models"])
def test_attributes_name_models(project: Project, tmp_path: Path, attribute: str) -> None:
    package = project(
        a="""
        class A(Model): pass
        class B(Model): pass
        pair = [A, B]
        mapping = {"a": A, "b": B}
        def make(): return (A, B)
        class box: models = {A, B}
        """
    )
    expected = ["A"] if attribute == "A" else ["A", "B"]
    assert names(tmp_path, f"{package}.a:{attribute}") == expected


def test_an_attribute_may_come_from_another_module(project: Project, tmp_path: Path) -> None:
    package = project(a="class A(Model): pass", b="from PKG.a import A\nmodels = [A]")
    assert names(tmp_path, f"{package}.b:models") == ["A"]


@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("gone", "has no attribute 'gone'"),
        ("number", "is int, not a model"),
        ("mixed", "holds 1, which is not a model"),
        ("empty", "holds no models"),
        ("fails", "calling"),
    ],
)
def test_attributes_that_are_no_models(
    project: Project, tmp_path: Path, attribute: str, words: str
) -> None:
    package = project(a="number = 1\nmixed = [Model, 1]\nempty = []\ndef fails(): 1 / 0")
    error = refused(tmp_path, f"{package}.a:{attribute}")
    assert words in error.message
    assert error.where.startswith(f"{package}/a.py")


def test_bases_are_left_out(project: Project, tmp_path: Path) -> None:
    package = project(
        a="""
        class BaseModel(Model):
            id = UUIDField(primary_key=True)
        class AbstractThing(BaseModel): pass
        class TimestampedModel(BaseModel):
            created = DateTimeField()
        class AuditMixin(TimestampedModel):
            by = CharField()
        class Marked(AuditMixin):
            note = CharField()
            class Meta: peewee_mig = {"abstract": True}
        class Person(Marked):
            name = CharField()
        class Employee(Person):
            salary = IntegerField()
        class Manager(Employee): pass
        class AccountModel(BaseModel):
            name = CharField()
        class SavingsModel(AccountModel): pass
        class DataBase(BaseModel):
            name = CharField()
        class Timestamped(BaseModel):
            created = DateTimeField()
        class HasOwner(Timestamped):
            owner = CharField()
        class Document(HasOwner):
            name = CharField()
        class Breed(BaseModel):
            name = CharField()
        """
    )
    assert names(tmp_path, package) == [
        "AccountModel",
        "Breed",
        "DataBase",
        "Document",
        "Employee",
        "Manager",
        "Person",
        "SavingsModel",
    ]


def test_a_base_that_is_referred_to_or_has_its_own_table_is_a_table(
    project: Project, tmp_path: Path
) -> None:
    package = project(
        a="""
        class BaseTeam(Model): pass
        class Team(BaseTeam):
            parent = ForeignKeyField(BaseTeam)
        class BaseTag(Model):
            class Meta: table_name = "tags"
        class Tag(BaseTag): pass
        class BaseRole(Model):
            class Meta: peewee_mig = {"abstract": False}
        class Role(BaseRole): pass
        """
    )
    expected = {"BaseTeam", "Team", "BaseTag", "Tag", "BaseRole", "Role"}
    assert set(names(tmp_path, package)) == expected


def test_temporary_and_ignored_models_are_left_out(project: Project, tmp_path: Path) -> None:
    package = project(
        a="""
        class Kept(Model): pass
        class Scratch(Model):
            class Meta: temporary = True
        class Foreign(Model):
            a = CharField()
            class Meta: peewee_mig = {"ignore": True}
        class Heir(Foreign): pass
        """
    )
    assert names(tmp_path, package) == ["Heir", "Kept"]  # a mark is not inherited


def test_many_to_many_tables_come_with_their_models(project: Project, tmp_path: Path) -> None:
    package = project(
        a="class Tag(Model): pass",
        b="from PKG.a import Tag\nclass Doc(Model):\n tags = ManyToManyField(Tag)",
        c="""
        from PKG.a import Tag
        Through = DeferredThroughModel()
        class Item(Model):
            tags = ManyToManyField(Tag, backref="items", through_model=Through)
        class ItemTag(Model):
            item = ForeignKeyField(Item)
            tag = ForeignKeyField(Tag)
        Through.set_model(ItemTag)
        """,
    )
    found = find_models([package], root=tmp_path)
    tables = [model._meta.table_name for model in found]
    assert tables == ["doc", "doc_tag_through", "item", "itemtag", "tag"]
    assert names(tmp_path, f"{package}.a") == ["Tag"]


def test_two_models_on_one_table_are_both_named(project: Project, tmp_path: Path) -> None:
    package = project(a="class User(Model): pass", b="\nclass User(Model): pass")
    error = refused(tmp_path, package)
    assert f"{package}/a.py:2" in error.message
    assert f"{package}/b.py:3" in error.message
    assert "table user" in error.message


def test_a_missing_module_is_told_apart_from_a_missing_dependency(
    project: Project, tmp_path: Path
) -> None:
    package = project(a="x = 1\nimport no_such_dependency")
    assert refused(tmp_path, "no_such_models").message == "there is no module no_such_models"
    assert refused(tmp_path, f"{package}.b").message == f"there is no module {package}.b"
    error = refused(tmp_path, package)
    assert "No module named 'no_such_dependency'" in error.message
    assert error.where == f"{package}/a.py:3"


@pytest.mark.parametrize("spec", ["models.py", "models/people", "", ".models", "a-b"])
def test_what_is_no_module_name_is_refused(tmp_path: Path, spec: str) -> None:
    assert "is not the name of a module" in refused(tmp_path, spec).message


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("x = 1\ny = 1 / 0", 3, "ZeroDivisionError: division by zero"),
        ("class A(Model:", 2, "SyntaxError"),
        ("def f():\n  CharField(wrong=1)\nf()", 3, "TypeError: "),
        ("import sys\nsys.exit(3)", 3, "SystemExit: 3"),
        ("import json\njson.loads('')", 3, "JSONDecodeError"),
        ("db = DatabaseProxy()\ndb.connect()", 3, "Cannot use uninitialized Proxy"),
    ],
)
def test_an_import_error_names_the_users_line(
    project: Project, tmp_path: Path, body: str, line: int, words: str
) -> None:
    package = project(a=body)
    error = refused(tmp_path, package)
    assert words in error.message
    assert error.where == f"{package}/a.py:{line}"


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("db.connect()", "connect"),
        ("db.create_tables([A])", "create_tables"),
        ("A.create_table()", "create_table"),
        ("A.create()", "create"),
        ("list(A.select())", "__iter__"),
        ("db.get_tables()", "get_tables"),
        ("db.foreign_keys", "__get__"),
        ("with db: pass", "__enter__"),
        ("db.connection()", "connection"),
        ("try: db.connect()\nexcept Exception: pass", "connect"),
    ],
)
def test_using_the_database_at_import_names_the_line(
    project: Project, tmp_path: Path, body: str, called: str
) -> None:
    package = project(
        a="from PKG.db import db\nclass A(Model):\n class Meta: database = db\n" + body,
        db=f"db = SqliteDatabase({str(tmp_path / 'app.db')!r})",
    )
    connect = peewee.Database.connect
    error = refused(tmp_path, package)
    assert error.message.endswith(f"uses the database: {called}()")
    assert error.where == f"{package}/a.py:5"
    assert not (tmp_path / "app.db").exists()
    assert peewee.Database.connect is connect


def test_databases_that_override_connect_are_guarded_too(project: Project, tmp_path: Path) -> None:
    package = project(
        a="""
        class Patient(SqliteDatabase):
            def connect(self, *args): return super().connect(*args)
        db = Patient(":memory:")
        db.connect()
        """
    )
    assert refused(tmp_path, package).where == f"{package}/a.py:6"
    database = sys.modules.get(f"{package}.a")
    assert database is None
    assert "__init_subclass__" not in vars(peewee.Database)


def test_connecting_in_a_thread_names_the_line_that_waits_for_it(
    project: Project, tmp_path: Path
) -> None:
    package = project(
        a="""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor() as pool:
            pool.submit(SqliteDatabase(":memory:").connect).result()
        """
    )
    error = refused(tmp_path, package)
    assert error.where == f"{package}/a.py:5"
    assert error.message.endswith("connect()")


def test_a_setting_of_connections_passes(project: Project, tmp_path: Path) -> None:
    package = project(
        a=f"""
        db = SqliteDatabase({str(tmp_path / "app.db")!r})
        db.pragma("foreign_keys", 1, permanent=True)
        db.journal_mode = "wal"
        db.execute_sql("pragma foreign_keys=ON")
        class A(Model):
            class Meta: database = db
        """
    )
    assert names(tmp_path, package) == ["A"]
    assert not (tmp_path / "app.db").exists()
    with sys.modules[f"{package}.a"].db as database:
        assert database.foreign_keys == 1


def test_connecting_works_again_afterwards(project: Project, tmp_path: Path) -> None:
    package = project(a="db = SqliteDatabase(':memory:')\nclass A(Model): pass")
    names(tmp_path, package)
    database = sys.modules[f"{package}.a"].db
    with database:
        assert database.execute_sql("select 1").fetchone() == (1,)


def test_importing_leaves_no_trace(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = project(a="import os\nos.chdir('/')\nprint('hello')\nclass A(Model): pass")
    before = (Path.cwd(), list(sys.path), sys.dont_write_bytecode)
    assert names(tmp_path, package) == names(tmp_path, package)
    assert (Path.cwd(), list(sys.path), sys.dont_write_bytecode) == before
    assert list(tmp_path.rglob("*.pyc")) == []
    assert capsys.readouterr().out == ""


def test_a_namesake_of_another_project_gives_way(tmp_path: Path) -> None:
    for folder, model in (("one", "First"), ("two", "Second")):
        package = tmp_path / folder / "namesake_models"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"from peewee import *\nclass {model}(Model): pass")
    assert names(tmp_path / "one", "namesake_models") == ["First"]
    assert names(tmp_path / "two", "namesake_models") == ["Second"]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (
            "class A(Model):\n level = ForeignKeyField('self')\n level_id = IntegerField()",
            4,
            "A.level_id and level are both the column level_id",
        ),
        (
            (
                "class A(Model):\n level = CharField(column_name='l')\n"
                " up = ForeignKeyField('self', object_id_name='level')"
            ),
            4,
            "A.up makes the attribute level, which is a field too",
        ),
        (
            "class A(Model):\n level = CharField()\n up = ForeignKeyField('self', backref='level')",
            4,
            "A.up has the backref level, and A.level is a field too",
        ),
        (
            (
                "class A(Model):\n bs = CharField()\n"
                "class B(Model):\n all = ManyToManyField(A, backref='bs')"
            ),
            3,
            "A.bs is lost to the backref of the many-to-many field B.all",
        ),
        ("class A(Model):\n name = CharField", 3, "A.name is the class CharField, not a field"),
        ("class A(Model):\n name = CharField(),", 3, "A.name is a tuple, not a field"),
        ("class A(Model):\n b = DeferredForeignKey('Bee')", 3, "A.b waits for a model 'bee'"),
    ],
)
def test_attributes_that_swallow_a_column(
    project: Project, tmp_path: Path, body: str, line: int, words: str
) -> None:
    package = project(a=body)
    error = refused(tmp_path, package)
    assert words in error.message
    assert error.where == f"{package}/a.py:{line}"


def test_a_base_that_swallows_a_column_is_told(project: Project, tmp_path: Path) -> None:
    package = project(
        a="""
        class Base(Model):
            level = CharField(column_name='l')
            up_id = ForeignKeyField('self', column_name='level')
        class A(Base): pass
        """
    )
    assert "Base.up_id makes the attribute level" in refused(tmp_path, package).message


def test_several_findings_are_told_at_once(project: Project, tmp_path: Path) -> None:
    package = project(a="class A(Model):\n x = CharField\n y = CharField")
    error = refused(tmp_path, package)
    assert "2 problems" in error.message
    assert f"{package}/a.py:3  A.x" in error.message
    assert f"{package}/a.py:4  A.y" in error.message


@pytest.mark.parametrize(
    "mark",
    ["'old'", "{'rename': 'x'}", "{'renamed_from': 1}", "{'renamed_from': {'columns': 'x'}}"],
)
def test_marks_that_are_not_understood(project: Project, tmp_path: Path, mark: str) -> None:
    package = project(a=f"class A(Model):\n class Meta:\n  peewee_mig = {mark}")
    error = refused(tmp_path, package)
    assert "Meta.peewee_mig of A" in error.message
    assert error.where == f"{package}/a.py:3"


def test_an_uninitialised_proxy_is_fine_for_reading(project: Project, tmp_path: Path) -> None:
    package = project(
        a="""
        db = DatabaseProxy()
        class A(db.Model):
            blob = BlobField()
            data = JSONField(default={})
        """
    )
    assert names(tmp_path, package) == ["A"]


def test_nothing_at_all_to_find(project: Project, tmp_path: Path) -> None:
    package = project(a="x = 1")
    error = refused(tmp_path, package)
    assert error.message == f"there are no models in {package}"
    assert "peewee.Model" in error.hint


def test_a_rename_of_an_unknown_column_is_refused(project: Project, tmp_path: Path) -> None:
    mark = "{'renamed_from': {'columns': {'new': 'old'}}}"
    package = project(a=f"class A(Model):\n class Meta: peewee_mig = {mark}")
    assert "renames a column to new, which the model does not have" in (
        refused(tmp_path, package).message
    )


def test_annotated_fields_have_their_lines(project: Project, tmp_path: Path) -> None:
    package = project(
        a="class A(Model):\n name: Field = CharField()\n other: Field = IntegerField\n"
    )
    assert refused(tmp_path, package).where == f"{package}/a.py:4"


def test_a_file_outside_the_project_is_told_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "outside_models.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(elsewhere)
    project = tmp_path / "project"
    project.mkdir()
    assert refused(project, "outside_models").where == f"{elsewhere}/outside_models.py:1"


def test_models_made_by_a_call_are_found(tmp_path):
    (tmp_path / "called_models.py").write_text(
        "from peewee import CharField, IntegerField, Model\n"
        "class Known(Model):\n    name = CharField()\n"
        'Made = type("Made", (Model,), {"size": IntegerField()})\n',
        encoding="utf-8",
    )
    found = find_models(["called_models"], root=tmp_path)
    assert [model.__name__ for model in found] == ["Known", "Made"]
