"""Drop unique index country_code on country (code), and 2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # guard: stops if two rows of country have the same code
    op.alter_primary_key(
        "country",
        old=op.primary_key("id"),
        new=op.primary_key("code"),
    ),
    op.drop_index("country", op.index("country_code", "code", unique=True)),
    # data-loss: the values of country.id are lost; a rollback brings it back empty
    op.drop_column("country", op.column("id", "AUTO")),
]
