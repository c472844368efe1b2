"""MySQL and MariaDB."""

from peewee_mig.dialects.mysql.dialect import Mysql

DIALECT = Mysql()

__all__ = ["DIALECT", "Mysql"]
