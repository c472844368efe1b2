from peewee import Model, TextField


class Person(Model):
    name = TextField(index=True)

    class Meta:
        table_name = "person"
