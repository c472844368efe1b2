"""The rehearsal of a check: who may make no temporary table is let pass."""

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.asked import Guard
from peewee_mig.errors import FailedError
from peewee_mig.schema.expressions import Expression

GUARD = Guard("violated", 0, "t", ("n",), condition=Expression('"n" > 0'))


def asked(guard, fails=""):
    told = []

    def query(sql):
        told.append(sql)
        if fails and sql.startswith(fails):
            raise FailedError("no", original="no (1044)")
        return []

    get_dialect("mysql").rehearse(query, guard)
    return told


def test_it_takes_its_table_away():
    create, check, drop = asked(GUARD)
    assert create == (
        "CREATE TEMPORARY TABLE `_peewee_mig_rehearsal` SELECT DISTINCT `n` AS `n` FROM `t`"
    )
    assert check == "ALTER TABLE `_peewee_mig_rehearsal` ADD CHECK (`n` > 0)"
    assert drop == "DROP TEMPORARY TABLE `_peewee_mig_rehearsal`"
    assert asked(GUARD, "ALTER") == [create, check, drop]


def test_who_may_not_is_let_pass():
    assert len(asked(GUARD, "CREATE")) == 1


def test_other_guards_need_none():
    assert asked(Guard("nulls", 0, "t", ("n",))) == []
