from peewee import IntegerField, Model


class AVeryLongNameOfAModelIndeed(Model):
    with_an_even_longer_name_of_a_field = IntegerField()
