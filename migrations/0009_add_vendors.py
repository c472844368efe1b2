"""Create table vendor (id, name, website), and 3 more operations.

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0008_let_workflow_steps_lose_their_template"]

operations = [
    op.create_table(
        "vendor",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(120)"),
        op.column("website", "VARCHAR(200)", null=True),
        op.primary_key("id"),
        op.index("vendor_name", "name", unique=True),
    ),
    op.add_column("asset", op.column("vendor_id", "INT", null=True)),
    op.create_index("asset", op.index("asset_vendor_id", "vendor_id")),
    op.add_foreign_key(
        "asset",
        op.foreign_key("vendor_id", "vendor", "id", on_delete="SET NULL"),
    ),
]
