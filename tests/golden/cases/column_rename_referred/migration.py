"""Rename column country.code to iso, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says code breaks
    op.rename_column("country", "code", "iso"),
    op.rename_index("country", "country_code", "country_iso"),
]
