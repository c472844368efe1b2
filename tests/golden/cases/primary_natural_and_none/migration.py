"""Create 4 tables: currency, document, event, rate.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "currency",
        op.column("code", "CHAR(3)"),
        op.column("name", "TEXT"),
        op.primary_key("code"),
    ),
    op.create_table(
        "document",
        op.column("id", "UUID"),
        op.column("parent_id", "UUID", null=True),
        op.primary_key("id"),
        op.index("document_parent_id", "parent_id"),
        op.foreign_key("parent_id", "document", "id"),
    ),
    op.create_table(
        "event",
        op.column("at", "DATETIME"),
        op.column("text", "TEXT"),
        op.index("event_at", "at"),
    ),
    op.create_table(
        "rate",
        op.column("currency_id", "CHAR(3)"),
        op.column("day", "DATE"),
        op.column("value", "DECIMAL(18, 8)"),
        op.primary_key("currency_id", "day"),
        op.index("rate_currency_id", "currency_id"),
        op.foreign_key("currency_id", "currency", "code"),
    ),
]
