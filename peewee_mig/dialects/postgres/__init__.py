"""PostgreSQL."""

from peewee_mig.dialects.postgres.dialect import DIALECT

__all__ = ["DIALECT"]
