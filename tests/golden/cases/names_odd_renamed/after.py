from peewee import CharField, Model


class Odd(Model):
    one = CharField(column_name="50 % `off`", max_length=20, index=True)

    class Meta:
        table_name = 'an "other" table'
