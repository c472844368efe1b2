from peewee import CharField, ForeignKeyField, IntegerField, Model, TextField


class Odd(Model):
    one = CharField(column_name='a "quoted" name', max_length=40, unique=True)
    two = IntegerField(column_name="100 % of %s", default=0)
    three = TextField(column_name="größe; -- 東京", default="50 % – 'naïve' \\")
    four = ForeignKeyField("self", column_name="a`b", null=True)

    class Meta:
        table_name = "tâble `with` 'all'"
