"""Rename column city.id to city_no.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    # rename: code that still says id breaks
    op.rename_column("city", "id", "city_no"),
]
