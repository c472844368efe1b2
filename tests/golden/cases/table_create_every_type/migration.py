"""Create table everything (id, boolean, small, integer, big, ip, stamp, bits, real,
double, decimal, varchar, char, text, blob, bigbits, json, uuid, binary_uuid, date,
time, datetime).

Review it, then commit it together with its snapshot.
"""

from peewee_mig import op

format = 1

depends_on = ["0001_before"]

operations = [
    op.create_table(
        "everything",
        op.column("id", "AUTO"),
        op.column("boolean", "BOOL"),
        op.column("small", "SMALLINT"),
        op.column("integer", "INT"),
        op.column("big", "BIGINT"),
        op.column("ip", "BIGINT", null=True),
        op.column("stamp", "BIGINT", null=True),
        op.column("bits", "BIGINT", null=True),
        op.column("real", "FLOAT"),
        op.column("double", "DOUBLE"),
        op.column("decimal", "DECIMAL(12, 3)"),
        op.column("varchar", "VARCHAR(255)"),
        op.column("char", "CHAR(2)"),
        op.column("text", "TEXT"),
        op.column("blob", "BLOB"),
        op.column("bigbits", "BLOB"),
        op.column("json", "JSON"),
        op.column("uuid", "UUID"),
        op.column("binary_uuid", "UUIDB"),
        op.column("date", "DATE"),
        op.column("time", "TIME"),
        op.column("datetime", "DATETIME"),
        op.primary_key("id"),
    ),
]
