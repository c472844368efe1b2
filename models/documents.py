"""Documents, their versions and their tags."""

from __future__ import annotations

import uuid

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    CharField,
    DeferredForeignKey,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    ManyToManyField,
    UUIDField,
)

from models.base import BaseModel, TimestampedModel
from models.organizations import Organization
from models.people import Person


class Tag(BaseModel):
    """A word by which documents are found."""

    name = CharField(max_length=50, unique=True)


class Document(TimestampedModel):
    """A document; its current version is one of its versions: a circle of keys."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    organization = ForeignKeyField(Organization, backref="documents", on_delete="CASCADE")
    owner = ForeignKeyField(Person, backref="documents", null=True, on_delete="SET NULL")
    current_version = DeferredForeignKey(
        "DocumentVersion", backref="current_of", null=True, on_delete="SET NULL"
    )
    title = CharField(max_length=180, index=True)
    tags = ManyToManyField(Tag, backref="documents", on_delete="CASCADE")


class DocumentVersion(TimestampedModel):
    """The content of a document at one time; it never changes."""

    id = BigAutoField()
    document = ForeignKeyField(Document, backref="versions", on_delete="CASCADE")
    author = ForeignKeyField(Person, backref="document_versions", null=True, on_delete="SET NULL")
    number = IntegerField()
    size = BigIntegerField()
    sha256 = FixedCharField(64)
    content = BlobField()

    class Meta:
        indexes = ((("document", "number"), True),)
