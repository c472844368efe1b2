from peewee import CompositeKey, IntegerField, Model


class Grant(Model):
    person = IntegerField()
    role = IntegerField()

    class Meta:
        primary_key = CompositeKey("person", "role")
