from peewee import IntegerField, Model


class Grant(Model):
    person = IntegerField()
    role = IntegerField()
