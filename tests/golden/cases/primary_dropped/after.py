from peewee import Model, TextField


class Event(Model):
    text = TextField()

    class Meta:
        primary_key = False
