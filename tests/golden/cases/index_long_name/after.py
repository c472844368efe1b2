from peewee import IntegerField, Model


class AVeryLongNameOfAModelIndeed(Model):
    with_an_even_longer_name_of_a_field = IntegerField(unique=True)
    and_another_one_that_is_long_too = IntegerField(null=True, index=True)
