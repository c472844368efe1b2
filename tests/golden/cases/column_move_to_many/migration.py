"""Copy author.country to book.country by book.author_id = author.id, and 2 more
operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column("book", op.column("country", "VARCHAR(255)", null=True)),
    # guard: stops if author.country has values of rows that have none in book: no row
    #   takes them
    op.copy_values(
        "book",
        "country",
        source="author",
        source_column="country",
        on={"author_id": "id"},
        back=False,
    ),
    op.drop_column("author", op.column("country", "VARCHAR(255)", null=True)),
]
