"""The models of the worked example, for tests in which Peewee itself makes the tables."""

from contextlib import contextmanager
from pathlib import Path

from peewee import Field

from peewee_mig.sources.discover import find_models

ROOT = Path(__file__).parents[2]


def example_models():
    """Return the models, without the view that stands beside them."""
    return [each for each in find_models(["models"], root=ROOT) if isinstance(each, type)]


@contextmanager
def without_special_indexes(models):
    """Hide the indexes that MariaDB cannot have: Peewee writes them all the same."""
    kept = {model: list(model._meta.indexes) for model in models}
    for model, indexes in kept.items():
        model._meta.indexes = [index for index in indexes if not is_special(index)]
    try:
        yield
    finally:
        for model, indexes in kept.items():
            model._meta.indexes = indexes


def is_special(index):
    parts = getattr(index, "_expressions", ())
    return getattr(index, "_where", None) is not None or any(
        not isinstance(part, Field) for part in parts
    )
