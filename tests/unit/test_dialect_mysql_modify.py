"""What a column has besides its type stays on MySQL and MariaDB: the statements alone."""

import pytest

from peewee_mig import op
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.errors import RefusedError
from peewee_mig.schema import Schema


def altered(name, old, new):
    before, after = op.column(name, old, null=True), op.column(name, new)
    table = op.create_table("t", before)
    return [op.alter_column("t", old=before, new=after)], Schema.of([table.object])


def lower(change):
    return DIALECT.lower(*change, DIALECT.assumed)


def catalog_of(*, version, default=None, extra="", collation=None, comment="", data="varchar"):
    """Answer as the catalog of a server that has the column ``t.c`` so."""
    charset = collation and collation.partition("_")[0]
    row = ("c", default, "YES", data, data, extra, charset, collation, "", comment)
    facts = (version, "db", "utf8mb4_general_ci", "InnoDB")
    found = {
        "schemata": [facts],
        ".columns": [("ç", *row[1:]), row],
        ".tables": [("utf8mb4_general_ci",)],
        "check_constraints": [("was", "`c` > 3", "Column"), ("c", "`d` > 3", "Column")],
        "SHOW CREATE": [("t", "CREATE TABLE `t` (\n  `c` x CHECK (`c` > 3),\n  `d` x\n)")],
        "char_length": [(0,)],
    }
    return lambda question: next(rows for word, rows in found.items() if word in question)


def modified(old, new, **found):
    (step,) = lower(altered("c", old, new))
    assert (step.tables, step.note) == (("t",), "")
    (statement,) = step.resolve(catalog_of(**found))
    return statement.removeprefix("ALTER TABLE `t` MODIFY `c` ")


@pytest.mark.parametrize(
    ("types", "found", "expected"),
    [
        (("INT", "INT"), {}, "INTEGER NOT NULL"),
        (("INT", "BIGINT"), {"default": "5"}, "BIGINT NOT NULL DEFAULT '5'"),
        (
            ("VARCHAR(9)", "VARCHAR(9)"),
            {"default": "it's \\", "collation": "latin1_bin", "comment": "it's"},
            (
                "VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL"
                " DEFAULT 'it''s \\\\' COMMENT 'it''s'"
            ),
        ),
        (("VARCHAR(9)", "TEXT"), {"default": "a"}, "TEXT NOT NULL DEFAULT ('a')"),
        (
            ("VARCHAR(40)", "VARCHAR(40)"),
            {"default": r"concat(_utf8mb4\'it\\\'s\',uuid())", "extra": "DEFAULT_GENERATED"},
            r"VARCHAR(40) NOT NULL DEFAULT (concat(_utf8mb4'it\'s',uuid()))",
        ),
        (
            ("DATETIME", "DATETIME"),
            {
                "default": "CURRENT_TIMESTAMP(6)",
                "extra": "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)",
                "data": "datetime",
            },
            "DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
        ),
        (
            ("DATETIME", "VARCHAR(30)"),
            {"default": "CURRENT_TIMESTAMP", "extra": "DEFAULT_GENERATED", "data": "datetime"},
            "VARCHAR(30) NOT NULL DEFAULT (CURRENT_TIMESTAMP)",
        ),
        (("INT", "INT"), {"extra": "INVISIBLE"}, "INTEGER NOT NULL INVISIBLE"),
    ],
)
def test_what_a_column_of_mysql_8_has_stays(types, found, expected):
    """Source: MySQL 8.0 manual, 28.3.8 and 15.1.20; checks are the table's there."""
    assert modified(*types, version="8.4.3", **found) == expected


@pytest.mark.parametrize(
    ("types", "found", "expected"),
    [
        (("INT", "INT"), {"default": "NULL"}, "INTEGER NOT NULL CHECK (`c` > 3)"),
        (("INT", "BIGINT"), {"default": "-5"}, "BIGINT NOT NULL DEFAULT -5 CHECK (`c` > 3)"),
        (
            ("VARCHAR(9)", "VARCHAR(20)"),
            {"default": "'abc'"},
            "VARCHAR(20) NOT NULL DEFAULT 'abc' CHECK (`c` > 3)",
        ),
        (
            ("VARCHAR(9)", "VARCHAR(9)"),
            {"default": "uuid()", "collation": "utf8mb4_general_ci"},
            "VARCHAR(9) NOT NULL DEFAULT uuid() CHECK (`c` > 3)",
        ),
        (
            ("DATETIME", "DATETIME"),
            {"extra": "on update current_timestamp()", "comment": "x", "data": "datetime"},
            "DATETIME NOT NULL ON UPDATE CURRENT_TIMESTAMP() COMMENT 'x' CHECK (`c` > 3)",
        ),
    ],
)
def test_what_a_column_of_mariadb_has_stays(types, found, expected):
    assert modified(*types, version="10.11.6-MariaDB", **found) == expected


def test_what_cannot_stay_is_refused_with_the_way_out():
    with pytest.raises(RefusedError, match=r"column t.c is STORAGE DISK: .* BIGINT NOT NULL"):
        modified("INT", "BIGINT", version="8.4.3", extra="STORAGE DISK")
    with pytest.raises(RefusedError, match="has the default 'x'") as error:
        modified("BOOL", "DATE", version="8.4.3", default="x", data="tinyint")
    assert error.value.hint.startswith("ALTER TABLE `t` ALTER `c` DROP DEFAULT, then migrate")
    (step,) = lower(altered("x", "INT", "BIGINT"))
    with pytest.raises(RefusedError, match=r"the database has no column t\.x"):
        step.resolve(catalog_of(version="8.4.3"))


def asked_early(*operations):
    """Return whether the last step asks the catalog before the migration."""
    asked = []
    table = op.create_table("t", op.column("c", "INT"), op.column("d", "INT"))
    lower((operations, Schema.of([table.object])))[-1].check(
        lambda question: asked.append(question) or catalog_of(version="8.4.3")(question)
    )
    return bool(asked)


def test_only_what_the_migration_does_not_change_first_is_asked_early():
    change = op.alter_column("t", old=op.column("c", "INT"), new=op.column("c", "BIGINT"))
    assert asked_early(change)
    assert asked_early(op.drop_column("t", op.column("d", "INT")), change)
    assert not asked_early(op.run_sql("DO 1", ""), change)
    assert not asked_early(op.rename_column("t", "c", "e"), op.rename_column("t", "d", "c"), change)
    named = op.alter_column("u", old=op.column("c", "INT"), new=op.column("c", "BIGINT"))
    assert not asked_early(op.rename_table("t", "u"), named)
    assert not asked_early(
        op.rename_table("t", "old"), op.create_table("t", op.column("c", "INT")), change
    )
