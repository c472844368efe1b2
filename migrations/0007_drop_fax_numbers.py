"""Drop column person.fax_number VARCHAR(40) NULL.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0006_make_email_unique_in_an_organization"]

allow = ["data-loss"]

operations = [
    # data-loss: the values of person.fax_number are lost; a rollback brings it back
    #   empty
    op.drop_column("person", op.column("fax_number", "VARCHAR(40)", null=True)),
]
