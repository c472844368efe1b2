"""PostgreSQL."""

from peewee_mig.dialects.postgres.dialect import Postgres

DIALECT = Postgres()

__all__ = ["DIALECT", "Postgres"]
