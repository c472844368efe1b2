from peewee import CharField, Model


class Human(Model):
    name = CharField(max_length=80)
    email = CharField(unique=True)

    class Meta:
        table_name = "person"
        indexes = ((("name", "email"), False),)
