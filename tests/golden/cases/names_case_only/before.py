from peewee import Model, TextField


class Person(Model):
    Name = TextField(index=True)

    class Meta:
        table_name = "Person"
