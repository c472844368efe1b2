from peewee import CharField, IntegerField, Model


class Odd(Model):
    one = CharField(column_name='a "quoted" name', max_length=20, index=True)
    two = IntegerField(column_name="100 % of %s", null=True)

    class Meta:
        table_name = "tâble `with` 'all'"
