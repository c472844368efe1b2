from peewee import ForeignKeyField, Model, UUIDField


class Document(Model):
    id = UUIDField(primary_key=True)


class Version(Model):
    document = ForeignKeyField(Document, on_delete="CASCADE")
