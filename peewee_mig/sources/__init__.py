"""Peewee models and databases, read; the only layer that knows Peewee from inside."""
