from peewee import CharField, ForeignKeyField, Model, TextField


class City(Model):
    name = TextField()


class Village(Model):
    name = TextField()


class Person(Model):
    name = CharField(max_length=80)
    home = ForeignKeyField(Village, null=True, column_name="home_id")
