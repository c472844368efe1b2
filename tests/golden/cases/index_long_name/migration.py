"""Add column averylongnameofamodelindeed.and_another_one_that_is_long_too INT NULL, and
2 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.add_column(
        "averylongnameofamodelindeed",
        op.column("and_another_one_that_is_long_too", "INT", null=True),
    ),
    # guard: stops if two rows of averylongnameofamodelindeed have the same
    #   with_an_even_longer_name_of_a_field
    op.create_index(
        "averylongnameofamodelindeed",
        op.index(
            "averylongnameofamodelindeed_with_an_even_longer_name_of_a_field",
            "with_an_even_longer_name_of_a_field",
            unique=True,
        ),
    ),
    op.create_index(
        "averylongnameofamodelindeed",
        op.index(
            "averylongnameofamodelindeed_and_another_one_that_is_long_too",
            "and_another_one_that_is_long_too",
        ),
    ),
]
