"""Names of classes and attributes that a person would choose."""

import pytest

from peewee_mig.sources.written.naming import attribute, class_name, distinct, plural, snake


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("users", "User"),
        ("user_roles", "UserRole"),
        ("people", "Person"),
        ("categories", "Category"),
        ("statuses", "Status"),
        ("status", "Status"),
        ("addresses", "Address"),
        ("process", "Process"),
        ("boxes", "Box"),
        ("houses", "House"),
        ("news", "News"),
        ("Order Items", "OrderItem"),
        ("orderItems", "OrderItem"),
        ("HTTPLogs", "HttpLog"),
        ("2fa", "Table2fa"),
        ("None", "None_"),
        ("¼", "Table14"),
        ("--", "Table"),
    ],
)
def test_a_class_has_the_singular_of_its_table(table, name):
    assert class_name(table) == name


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("createdAt", "created_at"),
        ("First Name", "first_name"),
        ("userID", "user_id"),
        ("class", "class_"),
        ("save", "save_"),
        ("1st", "n1st"),
        ("a,b", "a_b"),
        ("__x__", "x"),
        ("ﬁx", "fix"),
        (" ", "n"),
    ],
)
def test_an_attribute_is_one_that_python_and_peewee_leave_free(column, name):
    assert attribute(column) == name
    assert snake(snake(column)) == snake(column)


@pytest.mark.parametrize(
    ("word", "many"),
    [
        ("post", "posts"),
        ("posts", "posts"),
        ("category", "categories"),
        ("day", "days"),
        ("box", "boxes"),
        ("person", "people"),
        ("people", "people"),
        ("blog_entry", "blog_entries"),
        ("news", "news"),
    ],
)
def test_the_other_side_of_a_key_has_the_plural(word, many):
    assert plural(word) == many


def test_names_that_occur_again_get_a_number():
    assert distinct(["a", "b", "a", "a"], ["b"]) == ["a", "b_2", "a_2", "a_3"]
