from peewee import ForeignKeyField, IntegerField, Model, TextField


class Group(Model):
    where = IntegerField(index=True)
    select = TextField(default="from")
    table = ForeignKeyField("self", null=True, column_name="references")

    class Meta:
        table_name = "group"
