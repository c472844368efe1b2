from peewee import BlobField, CharField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = BlobField(null=True)
