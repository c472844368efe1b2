from peewee import Model, TextField


class Event(Model):
    text = TextField()
