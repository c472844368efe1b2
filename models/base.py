"""The database handle, and what all models share.

Importing the models connects to nothing. An application chooses its database when it starts::

    from peewee import PostgresqlDatabase
    from models import database

    database.initialize(PostgresqlDatabase("operations"))
"""

from __future__ import annotations

from datetime import UTC, datetime

from peewee import DatabaseProxy, DateTimeField, Model, SqliteDatabase

database = DatabaseProxy()
database.initialize(SqliteDatabase(None))  # a dialect to begin with; no file, no connection


def utcnow() -> datetime:
    """Return the time in UTC, without a zone, as the columns keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


class BaseModel(Model):
    """What all models share: the database, and tables named like ``workflow_step``."""

    class Meta:
        database = database
        legacy_table_names = False


class TimestampedModel(BaseModel):
    """A row that knows when it was made."""

    created_at = DateTimeField(default=utcnow)
