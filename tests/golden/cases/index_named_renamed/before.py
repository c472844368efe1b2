from peewee import CharField, IntegerField, Model


class Person(Model):
    name = CharField(max_length=80)
    team = IntegerField()


Person.add_index(Person.index(Person.name, Person.team, name="by_name"))
