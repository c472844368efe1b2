from peewee import ForeignKeyField, Model, UUIDField


class Document(Model):
    uid = UUIDField(primary_key=True)


class Version(Model):
    source = ForeignKeyField(Document, on_delete="CASCADE")
