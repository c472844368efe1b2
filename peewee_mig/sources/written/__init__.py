"""Schema -> the source of Peewee models that declare it. Pure text: nothing is imported."""
