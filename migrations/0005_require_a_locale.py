"""Change column user_account.locale from VARCHAR(10) NULL to VARCHAR(10) NOT NULL; rows
with NULL get 'en'.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0004_let_documents_exceed_two_gigabytes"]

operations = [
    op.alter_column(
        "user_account",
        old=op.column("locale", "VARCHAR(10)", null=True),
        new=op.column("locale", "VARCHAR(10)"),
        fill="en",
    ),
]
