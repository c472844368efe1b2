from peewee import CharField, Model


class Odd(Model):
    one = CharField(column_name='a "quoted" name', max_length=20, index=True)

    class Meta:
        table_name = "tâble `with` 'all'"
