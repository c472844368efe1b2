from peewee import Model, TextField


class Event(Model):
    text = TextField(index=True)

    class Meta:
        primary_key = False
