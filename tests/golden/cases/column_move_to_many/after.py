from peewee import CharField, ForeignKeyField, Model


class Author(Model):
    name = CharField()


class Book(Model):
    title = CharField()
    author = ForeignKeyField(Author, null=True)
    country = CharField(null=True)
