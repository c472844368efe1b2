"""The worked example: usable without a database, and with every kind that it is to show."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import (
    DatabaseProxy,
    Field,
    ForeignKeyField,
    Model,
    ModelIndex,
    SqliteDatabase,
)

import models

ROOT = Path(__file__).parents[2]
THROUGH = models.Document.tags.get_through_model()
MODELS: list[type[Model]] = [
    THROUGH,
    *(each for each in vars(models).values() if inspect.isclass(each) and issubclass(each, Model)),
]
MODELS.remove(models.BaseModel)


@pytest.fixture
def database() -> Iterator[SqliteDatabase]:
    """All tables in memory, foreign keys on."""
    database = SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})
    with database.bind_ctx(MODELS), database:
        database.create_tables(MODELS)
        yield database


def foreign_keys() -> list[ForeignKeyField]:
    return [
        field
        for model in MODELS
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField)
    ]


def has_default_like_now(field: Field) -> bool:
    return callable(field.default) and field.default.__name__ == "utcnow"


def test_importing_connects_to_nothing_and_creates_nothing(tmp_path: Path) -> None:
    code = (
        "import peewee\n"
        "def refuse(*a, **k): raise AssertionError('connected')\n"
        "peewee.Database.connect = peewee.Database.execute_sql = refuse\n"
        "import models\n"
        "assert models.database.is_closed()\n"
    )
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        cwd=tmp_path,
        check=True,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_application_chooses_the_database() -> None:
    assert isinstance(models.database, DatabaseProxy)
    assert all(model._meta.database is models.database for model in MODELS)


def test_all_tables_can_be_created(database: SqliteDatabase) -> None:
    tables = {model._meta.table_name for model in MODELS}
    assert set(database.get_tables()) == tables
    assert len(tables) >= 20


def test_every_model_says_what_it_is() -> None:
    assert [model for model in MODELS if model is not THROUGH and not model.__doc__] == []


@pytest.mark.usefixtures("database")
def test_rows_go_round_the_circles() -> None:
    models.Country.create(code="CH", name="Switzerland")
    models.Currency.create(code="CHF", name="Swiss franc")
    owner = models.Organization.create(name="A", slug="a", country="CH", currency="CHF")
    ada = models.Person.create(
        organization=owner, given_name="Ada", family_name="Lovelace", email="ada@example.org"
    )
    ada.team = models.Team.create(organization=owner, name="Engines", lead=ada)
    ada.save()
    note = models.Document.create(organization=owner, title="Note G", owner=ada)
    note.current_version = models.DocumentVersion.create(
        document=note, number=1, size=1, sha256="0" * 64, content=b"1"
    )
    note.save()
    note.tags.add(models.Tag.create(name="program"))
    assert ada.team.lead == ada
    assert note.current_version.document == note
    assert [tag.name for tag in models.Document.get().tags] == ["program"]


def test_shows_every_action_but_set_default() -> None:
    """MariaDB has no SET DEFAULT, and without server defaults it could only be NULL."""
    actions = {field.on_delete for field in foreign_keys()}
    assert actions == {"CASCADE", "RESTRICT", "SET NULL", "NO ACTION"}
    assert "CASCADE" in {field.on_update for field in foreign_keys()}
    assert all(field.null for field in foreign_keys() if field.on_delete == "SET NULL")


def test_shows_self_references_and_two_circles() -> None:
    assert models.Person.manager.rel_model is models.Person
    assert models.Person.team.rel_model is models.Team
    assert models.Team.lead.rel_model is models.Person
    assert models.Document.current_version.rel_model is models.DocumentVersion
    assert models.DocumentVersion.document.rel_model is models.Document
    assert {field.name for field in foreign_keys() if field.deferred} == {"team", "current_version"}


def test_shows_every_kind_of_key() -> None:
    keys = {model: model._meta.primary_key for model in MODELS}
    assert keys[models.Country].field_type == "AUTO"
    assert keys[models.AuditEntry].field_type == "BIGAUTO"
    assert keys[models.Organization].field_type == "UUID"
    assert keys[models.LoginSession].field_type == "UUIDB"
    assert keys[models.Currency].column_name == "code"
    assert keys[models.RolePermission].field_names == ("role", "permission")
    assert isinstance(keys[models.OrganizationSettings], ForeignKeyField)
    assert models.Organization.country.rel_field is models.Country.code


def test_shows_both_kinds_of_many_to_many() -> None:
    assert models.Role.permissions.through_model is models.RolePermission
    assert THROUGH._meta.table_name == "document_tag_through"


def test_shows_every_kind_of_index() -> None:
    indexes: list[ModelIndex] = [
        index for model in MODELS for index in model._meta.fields_to_index()
    ]
    kinds = {(len(index._expressions) > 1, bool(index._unique)) for index in indexes}
    assert kinds == {(False, False), (False, True), (True, False), (True, True)}
    assert "audit_entry_by_subject" in {index._name for index in indexes}


def test_shows_the_core_types() -> None:
    types = {field.field_type for model in MODELS for field in model._meta.sorted_fields}
    assert types >= {
        "AUTO", "BIGAUTO", "BIGINT", "BLOB", "BOOL", "CHAR", "DATE", "DATETIME", "DECIMAL",
        "DOUBLE", "FLOAT", "INT", "JSON", "SMALLINT", "TEXT", "TIME", "UUID", "UUIDB", "VARCHAR",
    }  # fmt: skip
    assert has_default_like_now(models.Document.created_at)


def test_fits_the_limits_of_every_engine() -> None:
    """PostgreSQL cuts names at 63 bytes; MariaDB limits the bytes of an index."""
    indexes = [index for model in MODELS for index in model._meta.fields_to_index()]
    assert max(len(index._name) for index in indexes) <= 63
    indexed = [field for model in MODELS for field in model._meta.sorted_fields if field.index]
    assert all(getattr(field, "max_length", 0) <= 191 for field in indexed)
    assert not {field.field_type for field in indexed} & {"TEXT", "BLOB", "JSON"}
