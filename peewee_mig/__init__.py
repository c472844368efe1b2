"""Schema migrations for Peewee: the models are the source of truth."""

__version__ = "0.1.0"
