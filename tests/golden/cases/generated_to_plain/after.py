from peewee import BigIntegerField, IntegerField, Model


class Item(Model):
    price = BigIntegerField()
    twice = IntegerField(null=True)
