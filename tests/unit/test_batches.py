"""Rows in batches: every row once, in the order of the key, and what would not be that."""

import datetime as dt
import decimal
import uuid

import peewee
import pytest
from peewee import CharField, CompositeKey, IntegerField, Model, SqliteDatabase

from peewee_mig.errors import UsageError
from peewee_mig.sources.batching import Loop, Models, NothingKept, Position
from peewee_mig.sources.historic import Historic

DATABASE = SqliteDatabase(":memory:")


class Person(Model):
    name = CharField(null=True)
    age = IntegerField(default=0)

    class Meta:
        database = DATABASE


class Pair(Model):
    one = IntegerField()
    other = CharField()
    count = IntegerField(default=0)

    class Meta:
        database = DATABASE
        primary_key = CompositeKey("one", "other")


class Loose(Model):
    name = CharField()

    class Meta:
        database = DATABASE
        primary_key = False


class Kept:
    """Keeps positions as the journal does, in memory."""

    commits = True

    def __init__(self, positions=()):
        self.positions = dict(positions)
        self.told = []

    def begin(self, number, of):
        position = self.positions.get(number, Position())
        position.ensure_of(of)
        return position

    def keep(self, number, position):
        self.told.append((number, position))
        self.positions[number] = Position.from_json(position.to_json())


@pytest.fixture(autouse=True)
def tables():
    DATABASE.connect(reuse_if_open=True)
    DATABASE.create_tables([Person, Pair, Loose])
    Person.insert_many([{"name": f"p{n}", "age": n} for n in range(1, 8)]).execute()
    pairs = [(one, other) for one in (1, 2, 3) for other in "ab"]
    Pair.insert_many([{"one": one, "other": other} for one, other in pairs]).execute()
    yield
    DATABASE.close()


def models(keeper=None, told=None):
    known = {"Person": Person, "Pair": Pair}
    progress = (lambda *words: told.append(words)) if told is not None else (lambda *_: None)
    return Models(Historic(known, {"person": Person}), keeper or NothingKept(), progress)


def ids(pages):
    return [[row.id for row in page] for page in pages]


@pytest.mark.parametrize(
    ("size", "pages"),
    [
        (3, [[1, 2, 3], [4, 5, 6], [7]]),
        (7, [[1, 2, 3, 4, 5, 6, 7]]),
        (1, [[n] for n in range(1, 8)]),
    ],
)
def test_every_row_is_in_one_batch(size, pages):
    told = []
    assert ids(models(told=told).batches(Person, size)) == pages
    assert told[-1] == (7, "person")


def test_a_query_chooses_rows_and_what_it_finds_may_change():
    found = []
    for page in models().batches(Person.select().where(Person.age < 6), size=2):
        found += [row.id for row in page]
        Person.update(age=9).where(Person.id << [row.id for row in page]).execute()
    assert found == [1, 2, 3, 4, 5]


def test_no_rows_are_no_batch():
    told = []
    assert [*models(told=told).batches(Person.select().where(Person.age > 99))] == []
    assert told == []


def test_a_key_of_several_columns():
    pages = [[(row.one, row.other) for row in page] for page in models().batches(Pair, size=4)]
    assert pages == [[(1, "a"), (1, "b"), (2, "a"), (2, "b")], [(3, "a"), (3, "b")]]
    assert models().update_in_batches(Pair, {"count": Pair.count + 1}, size=4) == 6
    assert [row.count for row in Pair.select()] == [1] * 6


def test_an_update_changes_each_row_once():
    where = Person.age > 2
    assert models().update_in_batches(Person, {Person.age: Person.age + 1}, where, size=2) == 5
    assert [row.age for row in Person.select().order_by(Person.id)] == [1, 2, 4, 5, 6, 7, 8]
    assert models().update_in_batches(Person, {"name": "x"}, Person.age > 99) == 0


@pytest.mark.parametrize("done", range(4))
def test_a_loop_goes_on_behind_the_last_batch(done):
    keeper = Kept()
    for place, _ in enumerate(models(keeper).batches(Person, size=2)):
        if place == done:
            break
    rest = ids(models(Kept(keeper.positions)).batches(Person, size=2))
    assert rest == [[1, 2], [3, 4], [5, 6], [7]][done:]


def test_a_loop_that_is_over_does_nothing_again():
    keeper = Kept()
    assert len([*models(keeper).batches(Person, size=7)]) == 1
    assert keeper.told == [(1, Position((), 7, whole=True, of=Loop.over(Person.select())))]
    assert [*models(Kept(keeper.positions)).batches(Person, size=7)] == []


def test_loops_are_known_by_their_numbers():
    keeper = Kept({1: Position((), 7, whole=True), 2: Position((6,), 6)})
    given = models(keeper)
    assert ids(given.batches(Person)) == []
    assert given.update_in_batches(Person, {"name": "x"}) == 1
    assert ids(given.batches(Person)) == [[1, 2, 3, 4, 5, 6, 7]]


def test_a_loop_that_is_another_one_is_refused():
    keeper = Kept()
    [*models(keeper).batches(Person.select().where(Person.age < 3), size=1)]
    again = models(Kept(keeper.positions))
    with pytest.raises(UsageError, match=r"of pair comes where .* of person, which is over"):
        [*again.batches(Pair)]
    with pytest.raises(UsageError, match=r"of person comes where .* of person, which is over"):
        [*models(Kept(keeper.positions)).batches(Person.select().where(Person.name == "a"))]
    with pytest.raises(UsageError, match="which is over"):
        models(Kept(keeper.positions)).update_in_batches(Person, {"age": 1}, Person.age < 3)


def test_what_is_to_come_of_a_loop_may_be_mended():
    keeper = Kept({1: Position((2,), 2, of=Loop.over(Person.select()))})
    mended = models(keeper).batches(Person.select().where(Person.id.not_in([4, 5])))
    assert ids(mended) == [[3, 6, 7]]
    longer = models(Kept(keeper.positions)).batches(Person.select().where(Person.id.not_in([4])))
    assert ids(longer) == []
    with pytest.raises(UsageError, match="of person, which is committed up to 2 rows"):
        [*models(Kept({1: Position((2,), 2, of=Loop.over(Person.select()))})).batches(Pair)]


@pytest.mark.parametrize(
    "key",
    [
        1,
        "a",
        1.5,
        uuid.UUID(int=5),
        dt.datetime(2020, 1, 1, 2, 3, 4, 5),  # noqa: DTZ001 (as in most tables)
        dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        dt.date(2020, 1, 1),
        dt.time(1, 2, 3),
        decimal.Decimal("1.50"),
        b"\x00a",
    ],
)
def test_a_place_survives_json(key):
    position = Position((key, 1), 5, of=Loop.over(Person.select()))
    found = Position.from_json(position.to_json())
    assert found == position
    assert type(found.after[0]) is type(key)


def test_a_memoryview_is_bytes():
    assert Position.from_json(Position((memoryview(b"a"),)).to_json()).after == (b"a",)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda m: m.batches(3), "batches take a model or its select"),
        (lambda m: m.batches(Person.select().order_by(Person.id)), "has an order of its own"),
        (lambda m: m.batches(Person.select().limit(1).offset(1)), "a limit and an offset"),
        (lambda m: m.batches(Person.select().group_by(Person.id)), "has groups"),
        (lambda m: m.batches(Person.select().distinct(Person.age)), "has DISTINCT"),
        (lambda m: m.batches(Person.alias().select()), "is no model"),
        (lambda m: m.batches(Person.select(Person.name)), "rows without a primary key"),
        (lambda m: m.batches(Loose), "has no primary key"),
        (lambda m: m.batches(Person, size=0), "at least one row"),
        (
            lambda m: m.batches(Pair.select().join(Person, on=(Person.id > Pair.one))),
            "several rows of one key",
        ),
    ],
)
def test_what_would_pass_rows_over_is_refused(run, message):
    with pytest.raises(UsageError, match=message):
        [*run(models())]


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda m: m.update_in_batches("person", {}), "is no model"),
        (lambda m: m.update_in_batches(Person, {"nmae": 1}), "has no field 'nmae'"),
        (lambda m: m.update_in_batches(Person, {"id": Person.id + 1}), "would change it"),
    ],
)
def test_updates_that_cannot_be_meant_are_refused(run, message):
    with pytest.raises(UsageError, match=message):
        run(models())


def test_a_key_that_nobody_can_write_down_is_refused():
    with pytest.raises(UsageError, match="cannot be written down"):
        Position((object(),)).to_json()


def test_batches_do_not_stand_inside_of_each_other():
    given = models()
    outer = given.batches(Person, 2)
    next(outer)
    with pytest.raises(UsageError, match="stand inside of batches"):
        next(given.batches(Pair, 2))
    outer.close()
    assert ids(given.batches(Person, 7)) == [[1, 2, 3, 4, 5, 6, 7]]


def test_batches_that_are_committed_do_not_stand_in_a_savepoint():
    for keeper in (NothingKept(), Kept()):
        given = Models(Historic(), keeper, lambda *_: None, lambda: True)
        if not keeper.commits:
            assert len([*given.batches(Person)]) == 1
            continue
        with pytest.raises(UsageError, match=r"inside of database\.atomic"):
            next(given.batches(Person))


@pytest.mark.parametrize(
    ("run", "error", "message"),
    [
        (lambda m: m.Persn, AttributeError, "no model 'Persn'.*did you mean 'Person'"),
        (lambda m: m["x"], KeyError, "no table 'x' at this point of the history; there are person"),
    ],
)
def test_an_unknown_name_says_what_there_is(run, error, message):
    with pytest.raises(error, match=message):
        run(models())
    assert models().Person is models()["person"] is Person


def test_peewee_has_what_is_looked_at_in_queries():
    query = Person.select().order_by(Person.id).limit(1).offset(1).group_by(Person.id)
    assert query._order_by
    assert query._limit
    assert query._offset
    assert query._group_by
    assert Person.select().distinct(Person.age)._distinct
    assert isinstance(Person.alias(), peewee.ModelAlias)
