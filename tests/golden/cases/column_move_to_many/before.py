from peewee import CharField, ForeignKeyField, Model


class Author(Model):
    name = CharField()
    country = CharField(null=True)


class Book(Model):
    title = CharField()
    author = ForeignKeyField(Author, null=True)
