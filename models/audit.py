"""The audit log: who did what, and when."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BitField,
    CharField,
    ForeignKeyField,
    IPField,
    JSONField,
    TimestampField,
)

from models.base import BaseModel
from models.organizations import Organization
from models.people import User


class AuditEntry(BaseModel):
    """One act. A user with entries cannot be deleted, only made inactive."""

    id = BigAutoField()
    organization = ForeignKeyField(Organization, backref="audit_entries", on_delete="CASCADE")
    user = ForeignKeyField(User, backref="audit_entries", on_delete="NO ACTION")
    at = TimestampField(utc=True, index=True)
    action = CharField(max_length=64)
    subject_table = CharField(max_length=63)
    subject_key = CharField(max_length=64)
    changes = JSONField(default=dict)
    address = IPField(null=True)
    flags = BitField(default=0)  # 1: by our support, 2: through the API


AuditEntry.add_index(
    AuditEntry.subject_table, AuditEntry.subject_key, name="audit_entry_by_subject"
)
