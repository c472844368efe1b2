"""Rename table person to human, and 5 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says person breaks
    op.rename_table("person", "human"),
    op.add_column("human", op.column("phone", "VARCHAR(255)"), fill="none"),
    op.add_column("human", op.column("note", "VARCHAR(255)", null=True)),
    # guard: stops if detail.phone has values of rows that have none in person: no row
    #   takes them
    op.copy_values(
        "human",
        "phone",
        source="detail",
        source_column="phone",
        on={"id": "person_id"},
        back=False,
    ),
    # guard: stops if detail.note has values of rows that have none in person: no row
    #   takes them
    op.copy_values(
        "human",
        "note",
        source="detail",
        source_column="note",
        on={"id": "person_id"},
        back=False,
    ),
    # data-loss: the rows of detail are lost; a rollback brings it back empty
    op.drop_table(
        "detail",
        op.column("id", "AUTO"),
        op.column("person_id", "INT"),
        op.column("phone", "VARCHAR(255)"),
        op.column("note", "VARCHAR(255)", null=True),
        op.primary_key("id"),
        op.index("detail_person_id", "person_id", unique=True),
        op.foreign_key("person_id", "human", "id"),
    ),
]
