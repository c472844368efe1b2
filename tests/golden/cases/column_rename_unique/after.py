from peewee import CharField, Model


class Person(Model):
    name = CharField(max_length=80)
    mail = CharField(unique=True)

    class Meta:
        indexes = ((("mail", "name"), False),)
