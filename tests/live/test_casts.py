"""Values on their way to another type and back: what comes of them, and which stop the run."""

from dataclasses import dataclass, field

import pytest
from live_world import LiveWorld

from peewee_mig.errors import GuardError


@dataclass
class Cast:
    """A change of type on some engines.

    ``kept``: literals -> what a SELECT returns after it; ``back``: the same after the way
    back, where it is not as in ``kept``; ``refused``: literals that stop it.
    """

    old: str
    new: str
    kept: dict
    refused: list
    back: list = field(default_factory=list)
    engines: tuple = ("mysql", "postgres", "sqlite")

    def __str__(self):
        return f"{self.old} -> {self.new}"


TRUES = ["'1'", "'t'", "'true'", "'YES'", "'on'", "'Y'", "' True '"]
FALSES = ["'0'", "'f'", "'false'", "'NO'", "'off'", "'n'", "' False '"]
HEX = "00ff80c0c1e0f5fe7f2000a9112233ee"
UUID = f"{HEX[:8]}-{HEX[8:12]}-{HEX[12:16]}-{HEX[16:20]}-{HEX[20:]}"
SERVERS = ("mysql", "postgres")
CASTS = [
    Cast("TEXT", "numeric(12,3)", {"'1.5'": "1.500", "'007'": "7.000"},
         ["'x'", "'1.23456'", "'1234567890.5'"], engines=SERVERS),
    Cast("TEXT", "decimal(12,3)", {"'1.5'": "1.5", "'2.50'": "2.5"}, ["'x'"], engines=("sqlite",)),
    Cast("TEXT", "numeric", {"'1.50'": "1.50", "'007'": "7"}, ["'x'"], engines=("postgres",)),
    Cast("TEXT", "int8", {"'12'": "12"}, ["'x'", "'1.5'"], engines=SERVERS),
    Cast("longtext", "decimal(5)", {"'12'": "12"}, ["'x'", "'1.5'", "'123456'"],
         engines=("mysql",)),
    Cast("DATETIME", "DATE", {"'2020-01-02 00:00:00'": "2020-01-02"},
         ["'2020-01-02 03:04:05'"], back=["2020-01-02 00:00:00"]),
    Cast("DATE", "DATETIME", {"'2020-01-02'": "2020-01-02 00:00:00"}, [], back=["2020-01-02"]),
    Cast("TEXT", "DATE", {"'2020-01-02'": "2020-01-02"}, ["'2020-01-02 03:04:05'", "'x'"]),
    Cast("TEXT", "DATETIME", {"'2020-01-02T03:04:05'": "2020-01-02 03:04:05",
                              "'2020-01-02 03:04:05'": "2020-01-02 03:04:05"}, ["'x'"],
         back=["2020-01-02 03:04:05"] * 2),
    Cast("VARCHAR(40)", "DATETIME", {
        "'2020-01-02T03:04:05.123456'": "2020-01-02 03:04:05.123456",
        "'2020-01-02 03:04'": "2020-01-02 03:04:00", "'2020-01-02'": "2020-01-02 00:00:00"},
         ["'2020-02-30'"], back=["2020-01-02 03:04:05.123456", "2020-01-02 03:04:00",
                                 "2020-01-02 00:00:00"], engines=("sqlite",)),
    Cast("BLOB", "CHAR", {"x'61'": "a"}, ["x'6161'"], back=["61"], engines=("mysql", "sqlite")),
    Cast("UUIDB", "CHAR", {}, [f"x'{HEX}'"], engines=("mysql", "sqlite")),
    Cast("UUIDB", "CHAR", {}, [f"'\\x{HEX}'"], engines=("postgres",)),
    Cast("UUIDB", "VARCHAR(31)", {}, [f"x'{HEX}'"], engines=("mysql", "sqlite")),
    Cast("TEXT", "inet", {"'1.2.3.4'": "1.2.3.4", "'10.0.0.0/8'": "10.0.0.0/8", "'::1'": "::1"},
         ["'1.2.3.4/32'", "'010.0.0.0/8'"], engines=("postgres",)),
    Cast("TEXT", "BLOB", {"'Zoë 💛'": "5a6fc3ab20f09f929b", "''": ""}, [], back=["Zoë 💛", ""]),
    Cast("BLOB", "TEXT", {"x'5a6fc3ab20f09f929b'": "Zoë 💛", "x''": ""},
         ["x'5aff'", "x'c3'", "x'c3a9a9'", "x'80'", "x'c080'", "x'eda080'", "x'f4908080'"],
         back=["5a6fc3ab20f09f929b", ""], engines=("mysql", "sqlite")),
    Cast("BLOB", "TEXT", {"'\\x5a6fc3ab20f09f929b'": "Zoë 💛", "'\\x'": ""},
         ["'\\x5aff'", "'\\xc3'", "'\\xc3a9a9'", "'\\x80'", "'\\xc080'", "'\\xeda080'",
          "'\\xf4908080'", "'\\x00'"],
         back=["5a6fc3ab20f09f929b", ""], engines=("postgres",)),
    Cast("BLOB", "VARCHAR(2)", {"x'c3abc3ab'": "ëë"}, ["x'616263'", "x'ff'"],
         back=["c3abc3ab"], engines=("mysql", "sqlite")),
    Cast("BLOB", "VARCHAR(2)", {"'\\xc3abc3ab'": "ëë"}, ["'abc'", "'\\xff'"],
         back=["c3abc3ab"], engines=("postgres",)),
    Cast("TEXT", "BOOL", dict.fromkeys(TRUES, "1") | dict.fromkeys(FALSES, "0"),
         ["'maybe'", "'tr'", "''", "'2'", "'ťrue'", "'true\nfalse'"], engines=("mysql", "sqlite")),
    Cast("TEXT", "BOOL", dict.fromkeys(TRUES, "True") | dict.fromkeys(FALSES, "False"),
         ["'maybe'", "'tr'", "''", "'2'", "'ťrue'"], engines=("postgres",),
         back=["true"] * 7 + ["false"] * 7),
    Cast("UUID", "UUIDB", {f"'{HEX}'": HEX, f"'{UUID.upper()}'": HEX}, ["'x'", f"'{HEX}0'"],
         back=[HEX, HEX], engines=("mysql", "sqlite")),
    Cast("UUID", "UUIDB", {f"'{HEX}'": HEX}, [], back=[UUID], engines=("postgres",)),
    Cast("UUIDB", "UUID", {f"x'{HEX}'": HEX}, ["x'00'", "x''"], engines=("mysql", "sqlite")),
    Cast("UUIDB", "UUID", {f"'\\x{HEX}'": UUID}, ["'\\x00'"], back=[HEX],
         engines=("postgres",)),
    Cast("TEXT", "UUIDB", {f"'{UUID}'": HEX}, ["'x'"], back=[HEX], engines=("mysql", "sqlite")),
    Cast("TEXT", "UUIDB", {f"'{UUID}'": HEX}, ["'x'"], back=[UUID], engines=("postgres",)),
    Cast("BLOB", "UUIDB", {f"x'{HEX}'": HEX}, ["x'00'"], engines=("mysql", "sqlite")),
    Cast("TSVECTOR", "TEXT", {"'a b'": "'a' 'b'", "$$'it''s':1A,2 'x'$$": "'it''s':1A,2 'x'"}, [],
         engines=("postgres",)),
    Cast("TEXT", "TSVECTOR", {"'the cats'": "'cat':2", "''''": ""}, [], engines=("postgres",),
         back=["'cat':2", ""]),
    Cast("TEXT", "INT[]", {"'{1, 2}'": "[1, 2]", "'{}'": "[]", "' {NULL,-3 } '": "[None, -3]"},
         ["'1'", "'{1,}'", "'{x}'", "'{1.5}'", "'{{1},{2}}'", "'{99999999999}'", "''"],
         back=["{1,2}", "{}", "{NULL,-3}"], engines=("postgres",)),
    Cast("TEXT", "TEXT[]", {"""'{a b,"c,\\"d"}'""": "['a b', 'c,\"d']"},
         ["'{a'", "'b}'", "'{a\"b}'"],
         back=["""{"a b","c,\\"d"}"""], engines=("postgres",)),
    Cast("VARCHAR(40)", "numeric(6,2)[]", {"'{1.5}'": "[Decimal('1.50')]"}, ["'{1.555}'"],
         back=["{1.50}"], engines=("postgres",)),
]  # fmt: skip
EACH = [(engine, cast) for cast in CASTS for engine in cast.engines]


@pytest.mark.parametrize(("engine", "cast"), EACH, ids=str)
def test_values_become_others_and_come_back_or_stop_the_run(engine, cast, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(engine))
    columns = [f'op.column("c", "{each}", null=True)' for each in (cast.old, cast.new)]
    made = f'op.create_table("t", op.column("id", "INT"), {columns[0]}, op.primary_key("id"))'
    world.write(made, f'op.alter_column("t", old={columns[0]}, new={columns[1]})')
    world.migrate("0001_step")
    values = enumerate([*cast.kept, "NULL", *cast.refused])
    world.sql("INSERT INTO t (id, c) VALUES " + ", ".join(f"({n}, {each})" for n, each in values))
    count = len(cast.refused)
    if count:
        with pytest.raises(GuardError, match=f"{count} row(s are| is) in the way"):
            world.migrate()
    world.sql(f"DELETE FROM t WHERE id > {len(cast.kept)}")
    world.migrate()
    assert found(world) == [*cast.kept.values(), None]
    world.rollback("0001_step", allow_data_loss=["all"])
    assert found(world) == [*(cast.back or cast.kept.values()), None]


def found(world):
    return [shown(value) for (value,) in world.sql("SELECT c FROM t ORDER BY id")]


def shown(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if value is None else str(value)


def test_what_only_the_server_can_tell_is_said_as_a_guard(postgres, tmp_path):
    world = LiveWorld(tmp_path, postgres)
    columns = [f'op.column("c", "{each}", null=True)' for each in ("TEXT", "inet")]
    made = f'op.create_table("t", op.column("id", "INT"), {columns[0]}, op.primary_key("id"))'
    world.write(made, f'op.alter_column("t", old={columns[0]}, new={columns[1]})')
    world.migrate("0001_step")
    world.sql("INSERT INTO t (id, c) VALUES (1, '1.2.3.4'), (2, '1.2.3.400')")
    with pytest.raises(GuardError) as caught:
        world.migrate()
    assert caught.value.message.startswith(
        "rows are in the way: t.c has values that are no inet (the server says: "
    )
    assert '"1.2.3.400"' in caught.value.message
    assert caught.value.where == "0002_step: change column t.c from TEXT NULL to inet NULL"
    assert caught.value.hint == "change or delete these rows, then: peewee-mig migrate"
    assert caught.value.committed == "nothing was changed"
    world.sql("DELETE FROM t WHERE id = 2")
    world.migrate()
    assert world.sql("SELECT c::TEXT FROM t") == [("1.2.3.4/32",)]
