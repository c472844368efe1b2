"""A value that is computed once, and while it is, nobody else waits."""

import threading

from peewee_mig.lazy import lazy


class Catalog:
    def __init__(self, answer):
        self.answer = answer
        self.asked = 0

    @lazy
    def tables(self):
        """Ask."""
        self.asked += 1
        return self.answer()


def test_it_is_computed_once():
    catalog = Catalog(lambda: ["a"])
    assert catalog.tables is catalog.tables
    assert catalog.asked == 1
    assert isinstance(Catalog.tables, lazy)
    assert Catalog.tables.__doc__ == "Ask."


def test_two_are_computed_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    threads = [threading.Thread(target=lambda: Catalog(both.wait).tables) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both.broken


def test_an_error_is_not_kept():
    answers = iter([ZeroDivisionError, None])

    def answer():
        if error := next(answers):
            raise error
        return 1

    catalog = Catalog(answer)
    try:
        _ = catalog.tables
    except ZeroDivisionError:
        assert catalog.tables == 1
    assert catalog.asked == 2
