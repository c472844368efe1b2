"""What the shop sells."""

from __future__ import annotations

from peewee import CharField, DatabaseProxy, ForeignKeyField, IntegerField, Model

database = DatabaseProxy()


class Category(Model):
    """What products are alike."""

    name = CharField(max_length=50, unique=True)

    class Meta:
        database = database


class Product(Model):
    """What is sold; the price in cents."""

    category = ForeignKeyField(Category, backref="products")
    name = CharField(max_length=100)
    price = IntegerField()

    class Meta:
        database = database
