from peewee import IntegerField, Model, TextField


class Old(Model):
    text = TextField()


class New(Model):
    text = TextField()
    size = IntegerField(index=True)
