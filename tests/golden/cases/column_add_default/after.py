from peewee import BooleanField, CharField, DecimalField, IntegerField, JSONField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)
    locale = CharField(max_length=5, default="en")
    active = BooleanField(default=True)
    rank = IntegerField(default=-1)
    share = DecimalField(max_digits=6, decimal_places=2, default=0)
    settings = JSONField(default=dict)
    quoted = TextField(default="it's 100% \\ \"so\"")
