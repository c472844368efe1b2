from peewee import SQL, IntegerField, Model


class Item(Model):
    price = IntegerField()
    twice = IntegerField(constraints=[SQL("GENERATED ALWAYS AS (price * 2) STORED")], null=True)
