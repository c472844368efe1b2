"""Rename column person.surname to family_name, and 1 more operation.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_initial"]

operations = [
    # rename: code that still says surname breaks
    op.rename_column("person", "surname", "family_name"),
    op.rename_index(
        "person",
        "person_surname_given_name",
        "person_family_name_given_name",
    ),
]
