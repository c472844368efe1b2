"""MySQL and MariaDB."""

from peewee_mig.dialects.mysql.dialect import DIALECT

__all__ = ["DIALECT"]
