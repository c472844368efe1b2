import datetime

from peewee import CharField, DateField, DateTimeField, Model


class Person(Model):
    name = CharField(max_length=80)
    created = DateTimeField(default=datetime.datetime.now)
    day = DateField(default=datetime.date.today)
