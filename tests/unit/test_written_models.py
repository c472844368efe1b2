"""Models as they are written for a schema, and read again."""

from dataclasses import replace
from textwrap import dedent

import pytest

from peewee_mig import op
from peewee_mig.declare import View
from peewee_mig.dialects.base import Inspection
from peewee_mig.dialects.declaring import declaring
from peewee_mig.dialects.sqlite.dialect import DIALECT
from peewee_mig.diff import diff
from peewee_mig.operations import replay
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.standalone import EnumType
from peewee_mig.sources.written import order
from peewee_mig.sources.written.modules import write_models
from peewee_mig.sources.written.proof import declared_by
from peewee_mig.sources.written.sql import Speller
from peewee_mig.sources.written.update import Advisor

ID, KEY = op.column("id", "AUTO"), op.primary_key("id")
INT = op.column("n", "INT")


def written(*operations, engine="postgres", objects=(), **options):
    """Return modules, after their models were read again: they say the same."""
    schema = replay(operations, Schema()).with_objects(objects)
    modules = write_models(schema, engine, **options)
    assert diff(unmarked(schema), unmarked(declared_by(modules))) == ()
    return modules


def unmarked(schema):
    tables = (
        replace(table, indexes=tuple(replace(each, named=False) for each in table.indexes))
        for table in schema
    )
    return Schema.of(tables, schema.objects)


def classes(*operations, **options):
    """Return what stands behind the base of all models, and before it."""
    (module,) = written(*operations, **options)
    before, _, behind = module.text.partition("database = DatabaseProxy()")
    return before, behind.partition("        database = database\n")[2].strip()


def words(text):
    return dedent(text).strip()


def test_a_field_says_all_of_its_column():
    table = op.create_table(
        "users", ID, KEY,
        op.column("eMail", "VARCHAR(255)", collation="C"),
        op.column("age", "INT", null=True, default="18"),
        op.column("twice", "INT", null=True, computed='"age" * 2', stored=True),
        op.check('"age" >= 0'),
        op.check('"age" < 200', name="old"),
        op.index("user_eMail", "eMail", unique=True),
        op.index("by_age", "age"),
        op.index("user_age_twice", ["age", "twice"]),
        op.index("young", "age", where='"age" < 10'),
    )  # fmt: skip
    assert classes(table)[1] == words("""
        class User(BaseModel):
            id = AutoField()
            e_mail = CharField(column_name="eMail", unique=True, collation='"C"')
            age = IntegerField(null=True, constraints=[SQL("DEFAULT 18"), Check("age >= 0")])
            twice = IntegerField(
                null=True,
                constraints=[SQL("GENERATED ALWAYS AS (age * 2) STORED")],
            )

            class Meta:
                table_name = "users"
                indexes = ((("age", "twice"), False),)
                constraints = [Check("age < 200", name="old")]


        User.add_index(User.age, name="by_age")
        User.add_index(SQL("CREATE INDEX young ON users (age) WHERE age < 10"))
    """)


def test_keys_are_fields_where_a_field_can_say_them():
    post = op.create_table(
        "posts", ID, KEY,
        op.column("author_id", "INT"),
        op.column("editor", "INT", null=True),
        op.column("parent_id", "INT", null=True),
        op.column("tag", "BIGINT"),
        op.column("slug", "VARCHAR(20)"),
        op.column("slug_of", "VARCHAR(20)"),
        op.foreign_key("author_id", "users", "id", on_delete="CASCADE"),
        op.foreign_key("editor", "users", "id", name="who", deferrable="INITIALLY DEFERRED"),
        op.foreign_key("parent_id", "posts", "id"),
        op.foreign_key("tag", "users", "id"),
        op.foreign_key("slug_of", "posts", "slug"),
        op.index("post_author_id", "author_id"),
        op.index("slugs", "slug", unique=True),
    )  # fmt: skip
    _, found = classes(op.create_table("users", ID, KEY), post)
    assert found.partition("\n\n\n")[2] == words("""
        class Post(BaseModel):
            id = AutoField()
            author = ForeignKeyField(User, backref="author_posts", on_delete="CASCADE")
            editor = ForeignKeyField(
                User,
                column_name="editor",
                backref="editor_posts",
                deferrable="INITIALLY DEFERRED",
                constraint_name="who",
                index=False,
                null=True,
            )
            parent = ForeignKeyField("self", backref="parent_posts", index=False, null=True)
            tag = BigIntegerField()
            slug = CharField(max_length=20)
            slug_of = ForeignKeyField(
                "self",
                field="slug",
                column_name="slug_of",
                backref="slug_of_posts",
                index=False,
            )

            class Meta:
                table_name = "posts"
                constraints = [SQL("FOREIGN KEY (tag) REFERENCES users (id)")]


        Post.add_index(Post.slug, unique=True, name="slugs")
    """)


def test_keys_in_a_cycle_wait_for_their_model():
    a = op.create_table("a", ID, KEY, op.column("b_id", "INT"))
    b = op.create_table("b", ID, KEY, op.column("a_id", "INT"), op.foreign_key("a_id", "a", "id"))
    _, found = classes(a, b, op.add_foreign_key("a", op.foreign_key("b_id", "b", "id")))
    assert found.count("DeferredForeignKey(") == 1
    assert found.count("ForeignKeyField(") == 1


def test_a_key_that_leads_back_to_its_own_column_is_sql():
    table = op.create_table("a", ID, KEY, op.foreign_key("id", "a", "id"))
    assert "FOREIGN KEY (id) REFERENCES a (id)" in classes(table)[1]


def test_names_that_peewee_makes_of_a_key_take_no_column_away():
    table = op.create_table(
        "a", ID, KEY,
        op.column("level", "INT"), op.column("level_id", "INT"), op.column("level_id_id", "INT"),
        op.foreign_key("level_id", "a", "id"),
    )  # fmt: skip
    _, found = classes(table)
    assert "    level = IntegerField()\n" in found
    assert '    level_id = ForeignKeyField(\n        "self",\n' in found
    assert '        object_id_name="level_id_key",\n' in found


def test_the_value_of_a_key_is_called_as_a_person_would():
    table = op.create_table("a", ID, KEY, op.column("ParentNo", "INT"))
    _, found = classes(table, op.add_foreign_key("a", op.foreign_key("ParentNo", "a", "id")))
    assert '        object_id_name="parent_no_id",\n' in found


def test_no_key_makes_the_attribute_of_another_key():
    person = op.create_table("people", ID, KEY, op.column("code", "INT"), op.unique("code"))
    mail = op.create_table(
        "mails", ID, KEY,
        op.column("person", "INT"), op.column("person_id", "INT"),
        op.foreign_key("person", "people", "code"), op.foreign_key("person_id", "people", "id"),
    )  # fmt: skip
    _, found = classes(person, mail)
    assert "    person = ForeignKeyField(\n" in found
    assert '        object_id_name="person_key",\n' in found
    assert "    person_id = ForeignKeyField(" in found


@pytest.mark.parametrize(
    ("table", "class_"),
    [
        ("auto_fields", "AutoField_"),
        ("triggers", "Trigger_"),
        ("models", "Model_"),
        ("base_models", "BaseModel_"),
        ("custom_fields", "CustomField"),
        ("indexes", "Index"),
    ],
)
def test_no_class_is_called_as_what_the_module_imports(table, class_):
    assert f"class {class_}(BaseModel):\n" in classes(op.create_table(table, ID, KEY))[1]


def test_a_class_for_a_type_is_called_as_no_model():
    table = op.create_table("citext_fields", ID, KEY, op.column("a", "citext"))
    before, found = classes(table)
    assert "class NativeCitextField(TextField):" in before
    assert "class CitextField(BaseModel):\n" in found
    assert "    a = NativeCitextField()\n" in found


def test_a_model_is_not_called_as_what_waits_for_another():
    keys = (op.foreign_key("a_id", "a", "id"), op.foreign_key("b_id", "b", "id"))
    pair = op.create_table(
        "pairs", op.column("a_id", "INT"), op.column("b_id", "INT"),
        op.primary_key("a_id", "b_id"), *keys,
    )  # fmt: skip
    names = ("a", "b", "pair_deferred")
    _, found = classes(*(op.create_table(name, ID, KEY) for name in names), pair)
    assert "class PairDeferred_2(BaseModel):\n" in found
    assert '    as_ = ManyToManyField(A, backref="bs", through_model=PairDeferred)' in found


def test_a_keyword_of_every_method_is_no_attribute():
    table = op.create_table("a", ID, KEY, op.column("self", "INT"), op.column("cls", "INT"))
    _, found = classes(table)
    assert 'self_ = IntegerField(column_name="self")' in found
    assert 'cls_ = IntegerField(column_name="cls")' in found


def test_a_declaration_does_not_take_the_name_of_the_database():
    table, view = op.create_table("a", ID, KEY), View("database", "SELECT 1 AS one")
    (module,) = write_models(replay([table], Schema()), "sqlite", declared=[view])
    assert "database_2 = View(\n" in module.text


def test_the_number_of_another_row_is_a_key_on_sqlite():
    table = op.create_table(
        "profiles", op.column("person_id", "INT"), op.primary_key("person_id"),
        op.foreign_key("person_id", "people", "id"),
    )  # fmt: skip
    person = op.create_table("people", op.column("id", "INT"), op.primary_key("id"))
    found = declaring(Inspection(replay([person, table], Schema())), DIALECT)
    (module,) = write_models(found, "sqlite")
    assert "    id = AutoField()\n" in module.text
    assert (
        '    person = ForeignKeyField(Person, backref="profiles", primary_key=True)' in module.text
    )


def test_a_table_that_joins_two_is_a_many_to_many_relation():
    pair = op.create_table(
        "post_tags",
        op.column("post_id", "INT"),
        op.column("tag_id", "INT"),
        op.primary_key("post_id", "tag_id"),
        op.foreign_key("post_id", "posts", "id"),
        op.foreign_key("tag_id", "tags", "id"),
    )
    tables = [op.create_table(name, ID, KEY) for name in ("posts", "tags")]
    _, found = classes(*tables, pair)
    field = '    posts = ManyToManyField(Post, backref="tags", through_model=PostTagDeferred)'
    assert "\n\n\nPostTagDeferred = DeferredThroughModel()\n\n\nclass Tag(BaseModel):" in found
    assert f'{field}\n\n    class Meta:\n        table_name = "tags"' in found
    assert found.endswith("PostTagDeferred.set_model(PostTag)")
    more = op.add_column("post_tags", op.column("note", "TEXT", null=True))
    assert "ManyToMany" not in classes(*tables, pair, more)[1]


@pytest.mark.parametrize(
    ("type_", "engine", "field"),
    [
        ("VARCHAR", "postgres", "CharField(max_length=None)"),
        ("CHAR(3)", "postgres", "FixedCharField(max_length=3)"),
        ("DECIMAL(8,2)", "mysql", "DecimalField(max_digits=8, decimal_places=2)"),
        ("TEXT[][]", "postgres", "ArrayField(TextField, dimensions=2, index=False)"),
        (
            "VARCHAR(9)[]",
            "postgres",
            'ArrayField(CharField, field_kwargs={"max_length": 9}, index=False)',
        ),
        ("JSONB", "postgres", "BinaryJSONField(index=False)"),
        ("IDENTITY_ALWAYS", "postgres", "IntegerField("),
        ("AUTO", "postgres", "SerialField()"),
        ("citext", "postgres", "CitextField()"),
        ("inet[]", "postgres", "ArrayField(InetField, index=False)"),
        ("mood", "postgres", "MoodField()"),
        ("int4range", "postgres", "Int4rangeField()"),
    ],
)
def test_each_type_has_a_field(type_, engine, field):
    mood = EnumType("mood", ("sad", "it's"))
    table = op.create_table("t", op.column("c", type_), INT, op.primary_key("n"))
    objects = [mood] if type_ == "mood" else []
    before, found = classes(table, engine=engine, objects=objects)
    assert f"    c = {field}" in found
    if objects:
        assert (
            'class MoodField(TextField):\n    peewee_mig_enum = ("mood", ["sad", "it\'s"])'
            in before
        )


def test_one_class_says_all_lengths_of_a_type():
    columns = (op.column("a", "nvarchar(20)"), op.column("b", "nvarchar(160)"))
    number = op.column("c", "numeric(10,2)")
    before, found = classes(op.create_table("t", ID, KEY, *columns, number), engine="sqlite")
    assert 'class NvarcharField(CharField):\n    field_type = "nvarchar"\n' in before
    assert "    a = NvarcharField(max_length=20)\n    b = NvarcharField(max_length=160)\n" in found
    assert "    c = NumericField(max_digits=10, decimal_places=2)\n" in found


def test_a_number_without_a_sign_has_a_class_and_its_keys_follow():
    number = op.column("id", "BIGINT", options=["UNSIGNED"])
    other = op.column("a_id", "BIGINT", options=["UNSIGNED"])
    found = classes(
        op.create_table("a", number, KEY),
        op.create_table("b", ID, KEY, other, op.foreign_key("a_id", "a", "id")),
        engine="mysql",
    )
    assert (
        'class BigintUnsignedField(IntegerField):\n    field_type = "BIGINT UNSIGNED"' in found[0]
    )
    assert 'a = ForeignKeyField(A, backref="bs", index=False)' in found[1]


def test_what_a_table_has_besides():
    table = op.create_table(
        "shop.items", op.column("a", "INT"), op.column("b", "INT"), op.primary_key("a", "b"),
        op.unique("b", name="once"), op.unique("a"), op.exclusion('USING gist ("a" WITH =)'),
        op.options("fillfactor=70", comment="it's"),
    )  # fmt: skip
    assert (
        classes(table)[1].partition("class Meta:")[2]
        == """
        table_name = "items"
        schema = "shop"
        primary_key = CompositeKey("a", "b")
        table_settings = ["WITH (fillfactor=70)"]
        comment = "it's"
        constraints = [
            SQL("CONSTRAINT once UNIQUE (b)"),
            SQL("EXCLUDE USING gist(a WITH =)"),
        ]"""
    )
    strict = op.create_table("t", INT, op.options("STRICT", "WITHOUT ROWID"), op.primary_key("n"))
    assert "strict_tables = True" in classes(strict, engine="sqlite")[1]
    assert "primary_key = False" in classes(op.create_table("t", INT))[1]


def test_advice_has_the_class_of_a_type_too():
    tables = [op.create_table("users", ID, KEY), op.add_column("users", op.column("a", "citext"))]
    schema = replay(tables, Schema())
    (operation,) = diff(replay(tables[:1], Schema()), schema)
    assert Advisor(schema, "postgres", {}).lines(operation) == (
        "class CitextField(TextField):",
        '    field_type = "citext"',
        "",
        "",
        "    a = CitextField()",
    )


def test_one_module_for_each_prefix_and_for_each_schema():
    tables = [
        op.create_table("users", ID, KEY),
        op.create_table("shop_items", ID, KEY, INT, op.foreign_key("n", "users", "id")),
        op.create_table("shop_orders", ID, KEY, INT, op.foreign_key("n", "shop_items", "id")),
        op.create_table("billing.rates", op.column("c", "citext"), INT, op.primary_key("n")),
    ]
    schema = replay(tables, Schema())
    found = written(*tables, place=order.by_prefix(schema), prefix="shop_")
    assert [str(module.path) for module in found] == ["base.py", "main.py", "shop.py"]
    assert "class Item(BaseModel):" in found[2].text
    assert 'backref="orders"' in found[2].text
    assert "from .base import BaseModel\nfrom .main import User\n" in found[2].text
    assert "class CitextField(TextField):" in found[0].text
    assert "from .base import BaseModel, CitextField\n" in found[1].text
    found = written(*tables, place=order.by_schema)
    assert [str(module.path) for module in found] == ["base.py", "billing.py", "main.py"]


def test_no_module_takes_the_file_of_another():
    tables = [
        op.create_table("Sales.users", ID, KEY),
        op.create_table("sales.items", ID, KEY, INT, op.foreign_key("n", "Sales.users", "id")),
    ]
    found = written(*tables, place=order.by_schema)
    assert [str(module.path) for module in found] == ["base.py", "sales.py", "sales_2.py"]
    assert "from .sales import User\n" in found[2].text


def test_order_follows_needs_as_far_as_it_can():
    assert order.ordered(["a", "b", "c"], {"a": ["b"], "b": ["c"]}) == ["c", "b", "a"]
    assert sorted(order.ordered(["a", "b"], {"a": ["b"], "b": ["a"]})) == ["a", "b"]


def test_expressions_have_quotation_marks_only_where_they_need_them():
    columns = ("price", "Big", "select")
    spell = Speller("sqlite")
    for sql, expected in (
        ("price > 0", "price > 0"),
        ('"Big" > 0', '"Big" > 0'),
        ('"select" > 0', '"select" > 0'),
        ("price LIKE 'it''s'", "price LIKE 'it''s'"),
    ):
        assert spell.plain(expression(sql, columns), columns) == expected
    assert Speller("mysql").plain(expression('"Big" > 0', columns), columns) == "`Big` > 0"
    for sql, expected in (("5", "5"), ("-5", "-5"), ("now()", "(now())"), ("'a'", "'a'")):
        assert spell.default(expression(sql), ()) == expected
    assert Speller("postgres").default(expression("now()"), ()) == "now()"
    assert [Speller(each).collation("NOCASE") for each in ("sqlite", "postgres")] == [
        "NOCASE",
        '"NOCASE"',
    ]


def test_percent_signs_are_doubled_as_peewee_wants_them():
    table = op.create_table("t", INT, op.primary_key("n"), op.check('"n" % 2 = 0', name="even"))
    assert 'Check("n %% 2 = 0", name="even")' in classes(table)[1]


@pytest.mark.parametrize("type_", ["HSTORE", "TSVECTOR", "INT[]"])
def test_an_index_that_a_class_would_make_gin_is_sql(type_):
    """Also one of several columns: the method of the last field's class counts in Peewee."""
    words = op.column("words", type_)
    table = op.create_table(
        "t", ID, words, KEY, op.index("own", "words", named=True),
        op.index("pair", ("id", "words"), named=True),
    )  # fmt: skip
    _, found = classes(table)
    assert "CREATE INDEX own ON t (words)" in found
    assert "CREATE INDEX pair ON t (id, words)" in found
