from peewee import IntegerField, Model, TextField


class Second(Model):
    mark = TextField(index=True)


class First(Model):
    mark = IntegerField(index=True)
