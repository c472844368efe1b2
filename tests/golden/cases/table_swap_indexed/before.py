from peewee import IntegerField, Model, TextField


class First(Model):
    mark = TextField(index=True)


class Second(Model):
    mark = IntegerField(index=True)
