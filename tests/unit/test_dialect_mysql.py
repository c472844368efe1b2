"""MySQL and MariaDB: the statements, without a server."""

from __future__ import annotations

import peewee as pw
import pytest

from peewee_mig import op
from peewee_mig.dialects.base import Capabilities, Guard, LiveStep, Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.errors import RefusedError
from peewee_mig.operations import invert_all, replay
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema import Schema, parse_type
from peewee_mig.sources.read import read_models


def schema_of(*tables):
    return Schema.of(table.object for table in tables)


def lower(operations, before=Schema()):  # noqa: B008 (a value, frozen)
    return DIALECT.lower(operations, before, DIALECT.assumed)


def sql(operations, before=Schema()):  # noqa: B008 (a value, frozen)
    found = []
    for step in lower(operations, before):
        found += [step.sql] if isinstance(step, Statement) else step.preview()
    return found


PARENT = op.create_table(
    "parent", op.column("id", "AUTO"), op.column("code", "VARCHAR(20)"), op.primary_key("id")
)
KEY = op.foreign_key("parent_id", "parent", "id", on_delete="RESTRICT")
CHILD = op.create_table(
    "child",
    op.column("id", "AUTO"),
    op.column("parent_id", "INT"),
    op.primary_key("id"),
    op.index("child_parent_id", "parent_id"),
    KEY,
)
FAMILY = schema_of(PARENT, CHILD)
BARE = schema_of(
    PARENT, op.create_table("child", op.column("id", "INT"), op.column("parent_id", "INT"), KEY)
)


class Every(pw.Model):
    id = pw.BigAutoField()
    name = pw.CharField(unique=True, max_length=30)
    parent = pw.ForeignKeyField("self", null=True, on_delete="SET NULL", on_update="CASCADE")
    price = pw.DecimalField()
    flag = pw.BooleanField(index=True)
    key = pw.UUIDField()
    raw_key = pw.BinaryUUIDField()
    data = pw.BlobField()
    fixed = pw.FixedCharField(max_length=4)
    small = pw.SmallIntegerField(null=True)
    single = pw.FloatField()
    double = pw.DoubleField()
    at = pw.DateTimeField()
    text = pw.TextField()

    class Meta:
        table_name = "every`%"
        indexes = ((("name", "flag"), True),)


class Pair(pw.Model):
    one = pw.ForeignKeyField(Every, on_delete="CASCADE", constraint_name="pair_one_%")
    two = pw.ForeignKeyField(Every)

    class Meta:
        primary_key = pw.CompositeKey("one", "two")


@pytest.mark.parametrize("model", [Every, Pair])
def test_create_table_is_what_peewee_creates(model):
    manager = pw.SchemaManager(model, pw.MySQLDatabase(None))
    expected = [manager._create_table(safe=False).query()[0]]
    expected += sorted(index.query()[0] for index in manager._create_indexes(safe=False))
    table = read_models([Every, Pair]).schema.table(model._meta.table_name)
    create, *indexes = DIALECT.create_table(table)
    flat = create.replace("\n  ", "").replace("\n)", ")").replace(",", ", ").replace(",  ", ", ")
    assert [flat, *sorted(indexes)] == expected


@pytest.mark.parametrize("name", ["ANY", "BARE", "IDENTITY", "IDENTITY_ALWAYS", "BIGIDENTITY"])
def test_types_that_do_not_exist_are_refused(name):
    with pytest.raises(RefusedError, match=f"have no column type {name}"):
        DIALECT.type_sql(parse_type(name))


def test_a_text_without_length_is_refused():
    with pytest.raises(RefusedError, match="VARCHAR without a length"):
        DIALECT.type_sql(parse_type("VARCHAR"))


def test_set_null_needs_a_column_that_takes_null():
    strict = op.foreign_key("parent_id", "parent", "id", on_delete="SET NULL")
    change = op.alter_foreign_key("child", old=KEY, new=strict)
    with pytest.raises(RefusedError, match="SET NULL needs a column that takes NULL") as error:
        lower([change], FAMILY)
    assert error.value.where == "foreign key of child (parent_id)"
    table = op.create_table("late", op.column("parent_id", "INT"), strict)
    with pytest.raises(RefusedError, match="SET NULL needs"):
        lower([table], FAMILY)


def family(child_null, parent_null, **actions):
    key = op.foreign_key("code", "p", "code", **actions)
    parent = op.column("code", "INT", null=parent_null)
    return [
        op.create_table("p", parent, op.index("one", "code", unique=True)),
        op.create_table("child", op.column("code", "INT", null=child_null), key),
    ]


def test_no_null_can_come_from_the_column_that_a_key_follows():
    with pytest.raises(RefusedError, match="ON UPDATE CASCADE needs a column that takes NULL"):
        lower(family(child_null=False, parent_null=True, on_update="CASCADE"))
    assert lower(family(child_null=True, parent_null=True, on_update="CASCADE"))
    assert lower(family(child_null=False, parent_null=False, on_update="CASCADE"))
    own = family(child_null=False, parent_null=True, on_update="CASCADE")
    assert DIALECT.lower(own, Schema(), Capabilities((8, 4), "MySQL"))


def test_there_is_no_set_default():
    with pytest.raises(RefusedError, match="have no SET DEFAULT") as error:
        lower(family(child_null=True, parent_null=True, on_delete="SET DEFAULT"))
    assert error.value.hint.startswith("give the field another on_delete")


LONG = "x" * 65


@pytest.mark.parametrize(
    "operation",
    [
        op.create_table(LONG, op.column("id", "INT")),
        op.rename_table("parent", LONG),
        op.add_column("parent", op.column(LONG, "INT", null=True)),
        op.rename_column("parent", "code", LONG),
        op.create_index("parent", op.index(LONG, "code")),
        op.create_table("c", op.column("n", "INT"), op.foreign_key("n", "parent", "id", name=LONG)),
    ],
)
def test_names_that_are_too_long_are_refused(operation):
    with pytest.raises(RefusedError, match="no names over 64 characters") as error:
        lower([operation], FAMILY)
    assert "shorter name" in error.value.hint


def test_names_of_64_characters_are_fine():
    name = "x" * 64
    key = op.foreign_key("n", "parent", "id", name=name)
    table = op.create_table(name, op.column("n", "INT"), key)
    assert lower([table, op.create_index(name, op.index(name, "n"))], FAMILY)


def test_names_that_innodb_makes_may_have_63_characters():
    key = op.foreign_key("n", "parent", "id")
    assert lower([op.create_table("x" * 56, op.column("n", "INT"), key)], FAMILY)
    with pytest.raises(RefusedError, match="no names over 63 characters"):
        lower([op.create_table("x" * 57, op.column("n", "INT"), key)], FAMILY)


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ("it's 100%\\", "TEXT", r"'it''s 100%\\'"),
        ("a\0b", "TEXT", r"'a\0b'"),
        (True, "BOOL", "1"),
        (5, "VARCHAR(9)", "'5'"),
        (1.5, "DOUBLE", "1.5"),
        (b"\x00'", "BLOB", "x'0027'"),
        (5, "JSON", "'5'"),
    ],
)
def test_literals(value, type_, expected):
    assert DIALECT.literal(Constant(value), parse_type(type_)) == expected


def test_a_number_without_end_is_refused():
    with pytest.raises(RefusedError, match="cannot store the number inf"):
        DIALECT.literal(Constant(float("inf")), parse_type("DOUBLE"))


@pytest.mark.parametrize(
    ("value", "type_", "options"),
    [
        (2**31, "INT", ()),
        (-1, "INT", ("UNSIGNED",)),
        (2**32, "INT", ("UNSIGNED",)),
        (40_000.0, "SMALLINT", ()),
        ("123.4", "DECIMAL(3, 1)", ()),
        ("99.96", "DECIMAL(3, 1)", ()),
        ("abc", "VARCHAR(2)", ()),
        ("ab", "CHAR", ()),
        (b"1" * 17, "UUIDB", ()),
    ],
)
def test_a_value_that_a_column_cannot_hold_is_refused(value, type_, options):
    column = op.column("x", type_, options=options)
    null = op.column("x", type_, options=options, null=True)
    added = op.add_column("parent", column, fill=value)
    altered = op.alter_column("parent", old=null, new=column, fill=value)
    for operations, before in (
        ([added], schema_of(PARENT)),
        ([altered], replay([op.add_column("parent", null)], schema_of(PARENT))),
    ):
        with pytest.raises(RefusedError, match="in a column of type") as error:
            lower(operations, before)
        assert error.value.where == "column parent.x"


@pytest.mark.parametrize(
    ("value", "type_", "options"),
    [
        (2**31 - 1, "INT", ()),
        (2**32 - 1, "INT", ("UNSIGNED",)),
        (True, "INT", ()),
        ("99.94", "DECIMAL(3, 1)", ()),
        ("inf", "DECIMAL(3, 1)", ()),  # the server says it
        (b"1", "DECIMAL(3, 1)", ()),
        ("ab ", "VARCHAR(2)", ()),
        ("x" * 99, "TEXT", ()),
        (b"1" * 16, "UUIDB", ()),
    ],
)
def test_a_value_that_a_column_holds_is_lowered(value, type_, options):
    column = op.column("x", type_, options=options)
    assert lower([op.add_column("parent", column, fill=value)], schema_of(PARENT))


@pytest.mark.parametrize(
    ("fill", "type_", "expected"),
    [
        (op.now(), "DATETIME", "CAST(now(6) AS DATETIME)"),
        (op.utcnow(), "TIME", "CAST(utc_timestamp(6) AS TIME)"),
        (op.today(), "DATE", "CAST(current_date AS DATE)"),
        (op.today(), "VARCHAR(20)", "CAST(current_date AS CHAR)"),
        (op.now(), "BIGINT", "floor(unix_timestamp())"),
        (op.empty(), "UUID", f"'{'0' * 32}'"),
        (op.empty(), "BOOL", "0"),
    ],
)
def test_fills(fill, type_, expected):
    assert DIALECT.fill_sql(fill, parse_type(type_)) == expected


def test_new_uuids_have_the_form_of_their_column():
    digits = DIALECT.fill_sql(op.uuid4(), parse_type("UUID"))
    assert digits == "insert(insert(md5(concat(uuid(), rand())), 13, 1, '4'), 17, 1, 'a')"
    assert DIALECT.fill_sql(op.uuid4(), parse_type("UUIDB")) == f"unhex({digits})"
    assert DIALECT.fill_sql(op.uuid4(), parse_type("TEXT")).count("'-'") == 4


def test_a_fill_leaves_no_default():
    operations = [op.add_column("child", op.column("age", "INT"), fill=3)]
    assert sql(operations, FAMILY) == [
        "ALTER TABLE `child` ADD COLUMN `age` INTEGER NOT NULL DEFAULT 3",
        "ALTER TABLE `child` ALTER COLUMN `age` DROP DEFAULT",
    ]


@pytest.mark.parametrize(
    ("type_", "fill", "value"),
    [
        ("TEXT", op.empty(), "''"),
        ("BLOB", b"a", "x'61'"),
        ("JSON", "null", "'null'"),
        ("DATETIME", op.now(), "CAST(now(6) AS DATETIME)"),
    ],
)
def test_a_value_that_can_be_no_default_is_filled_in(type_, fill, value):
    words = parse_type(type_)
    operations = [op.add_column("child", op.column("c", type_), fill=fill)]
    assert sql(operations, FAMILY) == [
        f"ALTER TABLE `child` ADD COLUMN `c` {words}",
        f"UPDATE `child` SET `c` = {value} WHERE `c` IS NULL",
        f"ALTER TABLE `child` MODIFY `c` {words} NOT NULL",
    ]


def altered(old, new, *, old_null=True, new_null=True, fill=None):
    before = schema_of(
        op.create_table("t", op.column("id", "INT"), op.column("c", old, null=old_null))
    )
    change = op.alter_column(
        "t",
        old=op.column("c", old, null=old_null),
        new=op.column("c", new, null=new_null),
        fill=fill,
    )
    return [each.removeprefix("ALTER TABLE `t` MODIFY `c` ") for each in sql([change], before)]


def test_a_column_is_modified_as_a_whole():
    assert altered("INT", "BIGINT", old_null=False, new_null=False) == ["BIGINT NOT NULL"]
    assert altered("INT", "INT", old_null=False) == ["INTEGER"]
    assert altered("INT", "INT", new_null=False, fill=0) == [
        "UPDATE `t` SET `c` = 0 WHERE `c` IS NULL",
        "INTEGER NOT NULL",
    ]
    assert altered("INT", "TEXT", new_null=False, fill="") == [
        "TEXT",
        "UPDATE `t` SET `c` = '' WHERE `c` IS NULL",
        "TEXT NOT NULL",
    ]


def test_a_key_goes_before_its_column_becomes_a_long_text():
    before = schema_of(op.create_table("t", op.column("id", "AUTO"), op.primary_key("id")))
    operations = [
        op.alter_column("t", old=op.column("id", "AUTO"), new=op.column("id", "TEXT")),
        op.drop_primary_key("t", op.primary_key("id")),
    ]
    assert sql(operations, before) == [
        "ALTER TABLE `t` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL",
        "ALTER TABLE `t` MODIFY `id` TEXT NOT NULL",
    ]
    back = sql(invert_all(operations), replay(operations, before))
    assert [each for each in back if each.startswith("ALTER")] == [
        "ALTER TABLE `t` MODIFY `id` INTEGER NOT NULL",
        "ALTER TABLE `t` ADD PRIMARY KEY (`id`), MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL",
    ]


@pytest.mark.parametrize("type_", ["TEXT", "BLOB", "JSON"])
def test_a_long_text_in_a_primary_key_is_refused(type_):
    table = op.create_table("t", op.column("id", type_), op.primary_key("id"))
    with pytest.raises(RefusedError, match=f"have no {type_} in a primary key") as error:
        lower([table])
    assert error.value.where == "column t.id"
    change = op.alter_column("parent", old=op.column("id", "AUTO"), new=op.column("id", type_))
    with pytest.raises(RefusedError, match="in a primary key"):
        lower([change], schema_of(PARENT))


def test_innodb_names_its_own_index_after_the_others():
    index = op.index("parent_id", "id")
    words = "FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`) ON DELETE RESTRICT"
    table = op.create_table("c", op.column("id", "INT"), op.column("parent_id", "INT"), index, KEY)
    assert sql([table], schema_of(PARENT))[1:] == [
        "CREATE INDEX `parent_id` ON `c` (`id`)",
        f"ALTER TABLE `c` ADD {words}",
    ]
    expected = [
        "ALTER TABLE `child` DROP FOREIGN KEY `child_ibfk_1`, DROP INDEX `parent_id`",
        "CREATE INDEX `parent_id` ON `child` (`id`)",
        f"ALTER TABLE `child` ADD {words}",
    ]
    assert sql([op.create_index("child", index)], BARE) == expected
    assert len(sql([op.create_index("child", op.index("parent_id", "parent_id"))], BARE)) == 1
    assert len(sql([op.create_index("child", index)], FAMILY)) == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("UUID", "UUIDB", ["VARBINARY(40)", "unhex(replace(`c`, '-', ''))", "VARBINARY(16)"]),
        ("UUIDB", "UUID", ["VARBINARY(40)", "lower(hex(`c`))", "VARCHAR(40)"]),
        ("TEXT", "UUID", ["VARCHAR(40)", "lower(replace(`c`, '-', ''))", "VARCHAR(40)"]),
        ("BOOL", "JSON", ["TEXT", "elt(`c` + 1, 'false', 'true')", "JSON"]),
        ("JSON", "BOOL", ["TEXT", "trim(`c`) = 'true'", "BOOL"]),
    ],
)
def test_values_get_the_spelling_of_the_new_type(old, new, expected):
    found = [each.removeprefix("UPDATE `t` SET `c` = ") for each in altered(old, new)]
    assert found == expected


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(("action", "value"), [("on_update", "CASCADE"), ("on_delete", "SET NULL")])
def test_keys_that_follow_rows_go_while_null_changes(action, value, old):
    """MariaDB answers 1830 and 1833 otherwise."""
    child = op.create_table(
        "child",
        op.column("code", "INT", null=True),
        op.index("child_code", "code"),
        op.foreign_key("code", "p", "code", **{action: value}),
    )
    parent = op.create_table(
        "p", op.column("code", "INT", null=old), op.index("one", "code", unique=True)
    )
    change = op.alter_column(
        "p", old=op.column("code", "INT", null=old), new=op.column("code", "INT", null=not old)
    )
    words = ["DROP FOREIGN KEY `child_ibfk_1`", "MODIFY `code`", "ADD FOREIGN KEY (`code`)"]
    statements = sql([change], schema_of(parent, child))
    assert len(statements) == 3
    assert all(word in each for word, each in zip(words, statements, strict=True))


def test_keys_that_stop_changes_stay_while_null_changes():
    child = op.create_table(
        "child", op.column("parent_id", "INT"), op.index("child_parent_id", "parent_id"), KEY
    )
    change = op.alter_column(
        "child",
        old=op.column("parent_id", "INT"),
        new=op.column("parent_id", "INT", null=True),
    )
    assert sql([change], schema_of(PARENT, child)) == [
        "ALTER TABLE `child` MODIFY `parent_id` INTEGER"
    ]


def test_types_change_without_the_foreign_keys_around_them():
    operations = [
        op.alter_column("parent", old=op.column("id", "AUTO"), new=op.column("id", "BIGAUTO")),
        op.alter_column(
            "child", old=op.column("parent_id", "INT"), new=op.column("parent_id", "BIGINT")
        ),
    ]
    assert sql(operations, FAMILY) == [
        "ALTER TABLE `child` DROP FOREIGN KEY `child_ibfk_1`",
        "ALTER TABLE `parent` MODIFY `id` BIGINT AUTO_INCREMENT NOT NULL",
        "ALTER TABLE `child` MODIFY `parent_id` BIGINT NOT NULL",
        (
            "ALTER TABLE `child` ADD FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`) "
            "ON DELETE RESTRICT"
        ),
    ]


def test_an_index_goes_without_the_foreign_key_that_needs_it():
    drop = op.drop_index("child", op.index("child_parent_id", "parent_id"))
    assert sql([drop], FAMILY) == [
        "ALTER TABLE `child` DROP FOREIGN KEY `child_ibfk_1`",
        "DROP INDEX `child_parent_id` ON `child`",
        (
            "ALTER TABLE `child` ADD FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`) "
            "ON DELETE RESTRICT"
        ),
    ]


def test_a_unique_index_goes_without_the_keys_to_it():
    parent = op.create_table("p", op.column("code", "INT"), op.index("one", "code", unique=True))
    key = op.foreign_key("code", "p", "code", name="to_code")
    other = op.create_table("o", op.column("code", "INT"), op.index("o_code", "code"), key)
    operations = [
        op.create_index("p", op.index("two", "code", unique=True)),
        op.drop_index("p", op.index("one", "code", unique=True)),
    ]
    assert sql(operations, schema_of(parent, other))[1:] == [
        "ALTER TABLE `o` DROP FOREIGN KEY `to_code`",
        "DROP INDEX `one` ON `p`",
        "ALTER TABLE `o` ADD CONSTRAINT `to_code` FOREIGN KEY (`code`) REFERENCES `p` (`code`)",
    ]


def test_primary_keys_number_themselves_only_while_they_are_keys():
    before = schema_of(
        op.create_table("t", op.column("id", "AUTO"), op.column("n", "INT"), op.primary_key("id"))
    )
    operations = [
        op.drop_primary_key("t", op.primary_key("id")),
        op.drop_column("t", op.column("id", "AUTO")),
        op.add_column("t", op.column("number", "BIGAUTO")),
        op.add_primary_key("t", op.primary_key("number")),
    ]
    assert sql(operations, before) == [
        "ALTER TABLE `t` DROP PRIMARY KEY, MODIFY `id` INTEGER NOT NULL",
        "ALTER TABLE `t` DROP COLUMN `id`",
        "ALTER TABLE `t` ADD COLUMN `number` BIGINT NOT NULL",
        (
            "ALTER TABLE `t` ADD PRIMARY KEY (`number`), "
            "MODIFY `number` BIGINT AUTO_INCREMENT NOT NULL"
        ),
    ]


def test_only_a_key_numbers_itself_in_a_new_table():
    table = op.create_table(
        "t", op.column("id", "AUTO"), op.column("n", "BIGAUTO"), op.primary_key("id")
    )
    (create,) = sql([table])
    assert "`id` INTEGER AUTO_INCREMENT NOT NULL PRIMARY KEY" in create
    assert "`n` BIGINT NOT NULL" in create


def test_our_own_tables_take_any_text_and_transactions():
    table = op.create_table("own", op.column("id", "INT"), op.index("i", "id")).object
    create, index = DIALECT.create_own_table(table)
    assert create.endswith("\n) DEFAULT CHARSET=utf8mb4 ENGINE=InnoDB")
    assert index == "CREATE INDEX `i` ON `own` (`id`)"
    assert DIALECT.type_sql(DIALECT.long_text) == "longtext"


def test_steps_name_their_tables():
    operations = [
        op.create_table("new", op.column("id", "INT"), op.index("i", "id")),
        op.add_column("child", op.column("t", "TEXT"), fill=""),
        op.drop_index("child", op.index("child_parent_id", "parent_id")),
        op.rename_column("child", "t", "u"),
        op.rename_table("new", "newer"),
        op.drop_table("newer", op.column("id", "INT"), op.index("i", "id")),
        op.run_sql("CREATE TABLE x (id INT)", ""),
    ]
    found = [(step.tables, getattr(step, "rows", False)) for step in lower(operations, FAMILY)]
    child = (("child",), False)
    assert found == [
        *[(("new",), False)] * 2,
        child,
        (("child",), True),  # the fill
        *[child] * 4,
        (("new", "newer"), False),
        (("newer",), False),
        ((), False),
        child,  # the key that the index served
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("UPDATE t SET a = 1", True),
        ("  -- why\n# so\n/* and */ insert INTO t VALUES (1)", True),
        ("WITH x AS (SELECT 1) DELETE FROM t", True),
        ("DO sleep(0)", True),
        ("SET @a = 1", True),
        ("CREATE TABLE t (a INT)", False),
        ("/* UPDATE */ TRUNCATE t", False),
        ("UPDATED", False),
    ],
)
def test_a_users_sql_that_changes_rows_only(text, rows):
    (step,) = lower([op.run_sql(text, "")])
    assert (step.tables, step.rows) == ((), rows)


def test_renames():
    operations = [
        op.rename_table("child", "kid"),
        op.rename_column("kid", "parent_id", "mother_id"),
        op.rename_index("kid", "child_parent_id", "kid_mother_id"),
    ]
    assert sql(operations, FAMILY) == [
        "RENAME TABLE `child` TO `kid`",
        "ALTER TABLE `kid` RENAME COLUMN `parent_id` TO `mother_id`",
        "ALTER TABLE `kid` RENAME INDEX `child_parent_id` TO `kid_mother_id`",
    ]


def answers(keys, indexes=()):
    return lambda question: list(keys if "key_column_usage" in question else indexes)


FOUND = ("odd", "parent_id", "PARENT", "id")


def test_a_foreign_key_is_found_by_its_structure():
    (step,) = lower([op.drop_foreign_key("child", KEY)], FAMILY)
    assert isinstance(step, LiveStep)
    assert "child_ibfk_1" in step.note
    other = ("a", "note", "parent", "id")
    assert step.resolve(answers([other, FOUND])) == ("ALTER TABLE `child` DROP FOREIGN KEY `odd`",)
    with pytest.raises(RefusedError, match=r"no foreign key of child \(parent_id\)"):
        step.resolve(answers([other]))
    with pytest.raises(RefusedError, match="twice: odd, two"):
        step.resolve(answers([FOUND, ("two", *FOUND[1:])]))


def test_the_index_that_innodb_made_goes_with_its_foreign_key():
    (step,) = lower([op.drop_foreign_key("child", KEY)], BARE)
    assert step.preview() == (
        "ALTER TABLE `child` DROP FOREIGN KEY `child_ibfk_1`, DROP INDEX `parent_id`",
    )
    numbered = answers([FOUND], [("parent_id_2", "parent_id")])
    assert step.resolve(numbered)[0].endswith("DROP INDEX `parent_id_2`")
    made = [("parent_id", "parent_id"), ("mine", "parent_id")]
    drop = "ALTER TABLE `child` DROP FOREIGN KEY `odd`"
    assert step.resolve(answers([FOUND], made)) == (f"{drop}, DROP INDEX `parent_id`",)
    assert step.resolve(answers([FOUND], made[1:])) == (drop,)


def test_the_index_that_innodb_made_is_renamed_with_its_column():
    """It is known by the name of the column; one that is declared keeps its name."""
    (step,) = lower([op.rename_column("child", "parent_id", "mother_id")], BARE)
    column = "ALTER TABLE `child` RENAME COLUMN `parent_id` TO `mother_id`"
    both = f"{column}, RENAME INDEX `parent_id` TO `mother_id`"
    assert (step.tables, step.preview()) == (("child",), (both,))
    assert "is named parent_id" in step.note
    assert step.resolve(answers([], [("parent_id", "parent_id")])) == (both,)
    assert step.resolve(answers([], [("mine", "parent_id")])) == (column,)
    assert sql([op.rename_column("child", "parent_id", "mother_id")], FAMILY) == [column]


def test_a_named_foreign_key_is_dropped_by_its_name():
    key = op.foreign_key("parent_id", "parent", "id", name="mine")
    child = op.create_table("child", op.column("parent_id", "INT"), op.index("i", "parent_id"), key)
    assert lower([op.drop_foreign_key("child", key)], schema_of(PARENT, child)) == (
        Statement("ALTER TABLE `child` DROP FOREIGN KEY `mine`", (0,), ("child",)),
    )


def cast_guard(old, new):
    guard = Guard("cast", 0, "t", ("c",), old=parse_type(old), new=parse_type(new))
    return DIALECT.guard_sql(guard)[0].removeprefix("SELECT count(*) FROM `t` WHERE ")


def test_guards():
    assert DIALECT.guard_sql(Guard("too_long", 0, "t", ("c",), limit=3))[0] == (
        "SELECT count(*) FROM `t` WHERE char_length(`c`) > 3"
    )
    assert cast_guard("INT", "BIGINT") == "`c` IS NOT NULL AND (1 = 0)"
    assert cast_guard("INT", "UUID") == "`c` IS NOT NULL AND (TRUE)"
    assert "NOT BETWEEN -32768 AND 32767" in cast_guard("INT", "SMALLINT")
    assert "REGEXP '^[[:space:]]*[-+]?[0-9]{1,30}[[:space:]]*$'" in cast_guard("TEXT", "INT")
    assert "NOT json_valid(`c`)" in cast_guard("TEXT", "JSON")
    assert "NOT REGEXP" in cast_guard("TEXT", "DATE")
    assert "2 * octet_length" in cast_guard("UUIDB", "VARCHAR(9)")
    assert "json_type" in cast_guard("JSON", "INT")
    assert "date(`c`)" in cast_guard("DATETIME", "DATE")
    assert cast_guard("TEXT", "BLOB") == "`c` IS NOT NULL AND (1 = 0)"


def test_has_table_asks_for_the_exact_name():
    asked = []
    assert DIALECT.has_table(lambda q: asked.append(q) or [(1,)], "it's")
    assert "table_name = 'it''s'" in asked[0]
    assert not DIALECT.has_table(lambda _: [], "a")
    assert DIALECT.problems(lambda _: []) == frozenset()


@pytest.mark.parametrize(
    ("capabilities", "name"),
    [
        (DIALECT.assumed, "MariaDB"),
        (Capabilities((11, 4)), "MariaDB"),
        (Capabilities((9, 1)), "MySQL"),
        (Capabilities((8, 0, 36), "MySQL"), "MySQL"),
        (Capabilities((10, 6, 12), "MariaDB"), "MariaDB"),
    ],
)
def test_a_server_is_called_by_its_product(capabilities, name):
    assert DIALECT.called(capabilities) == name


def test_a_zero_stays_when_its_column_starts_to_number_itself():
    before = schema_of(op.create_table("t", op.column("id", "INT"), op.primary_key("id")))
    change = op.alter_column("t", old=op.column("id", "INT"), new=op.column("id", "AUTO"))
    keep, modify, number = sql([change], before)
    assert keep == "SET sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"
    assert modify == "ALTER TABLE `t` MODIFY `id` INTEGER AUTO_INCREMENT NOT NULL"
    assert number == "SET sql_mode = replace(@@sql_mode, 'NO_AUTO_VALUE_ON_ZERO', '')"


def test_a_new_column_numbers_the_rows_that_are_there():
    before = schema_of(op.create_table("t", op.column("a", "INT")))
    added = [
        op.add_column("t", op.column("id", "AUTO")),
        op.add_primary_key("t", op.primary_key("id")),
    ]
    assert "sql_mode" not in "".join(sql(added, before))
