"""Errors of databases and of Peewee, read and explained; ``commands.explain`` puts it together."""
