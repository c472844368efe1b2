from peewee import IntegerField, Model, TextField


class Old(Model):
    text = TextField()
    size = IntegerField(index=True)
