from peewee import IntegerField, Model, TextField


class Group(Model):
    order = IntegerField(index=True)
    select = TextField(null=True)

    class Meta:
        table_name = "group"
