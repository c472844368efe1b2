"""What the clauses of a table of SQLite say of a row in the way."""

import pytest

from peewee_mig.dialects.sqlite.clauses import conflict_of
from peewee_mig.dialects.sqlite.ddl import Clause


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("UNIQUE (a)", None),
        ("UNIQUE (a) on\n conflict Replace", "REPLACE"),
        ("NOT NULL ON CONFLICT ABORT", None),
        ("PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT", "REPLACE"),
        ("UNIQUE (a, conflict)", None),
        ('UNIQUE ("ON", "CONFLICT", "FAIL")', None),
        ("CONSTRAINT conflict PRIMARY KEY (a) ON CONFLICT FAIL", "FAIL"),
        ("CONSTRAINT conflict UNIQUE", None),
    ],
)
def test_it_is_read_where_it_stands(text, word):
    assert conflict_of(Clause("unique", text, frozenset())) == word
