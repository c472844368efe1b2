"""Modules: rendered text, loading, refusals, checksum."""

import subprocess
import sys
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.errors import HistoryError
from peewee_mig.history.module import load_module
from peewee_mig.history.render import render_module

ROOT = Path(__file__).parents[2]

EVERYTHING = [
    op.create_table(
        "person",
        op.column("id", "AUTO"),
        op.column("email", "VARCHAR(255)", null=True),
        op.primary_key("id"),
        op.index("person_email_and_a_name_that_is_long", ["email", "id"], unique=True, named=True),
        op.foreign_key("boss_id", "person", "id", on_delete="SET NULL", on_update="CASCADE"),
    ),
    op.add_column("person", op.column("age", "INT"), fill=-3),
    op.add_column("person", op.column("height", "DOUBLE"), fill=1e20),
    op.add_column("person", op.column("is_it", "BOOL"), fill=False),
    op.add_column("person", op.column("data", "BLOB"), fill=b'\x00\xff\'""\\'),
    op.add_column("person", op.column("token", "UUID"), fill=op.uuid4()),
    op.alter_column(
        "t", old=op.column("a", "INT"), new=op.column("a", "TEXT"), fill='it\'s "é" 名'
    ),
    op.rename_table('odd"name', "it's"),
    op.rename_column("person", "email", "mail\n\\"),
    op.rename_index("person", "a", "b"),
    op.alter_primary_key("t", old=op.primary_key("a"), new=op.primary_key("a", "b")),
    op.alter_foreign_key(
        "workflow_step_template_step",
        old=op.foreign_key(["a", "b"], "target", ["a", "b"], on_delete="RESTRICT"),
        new=op.foreign_key(["a", "b"], "target", ["a", "b"], name="f" * 80),
    ),
    op.drop_column("表" * 20, op.column("列" * 8, "INT")),
    op.drop_index("t", op.index("i", "a")),
    op.run_sql("SELECT 1"),
    op.run_sql(
        ["UPDATE t SET a = 'x' WHERE \"b\" = 1", "SELECT " + "1 + " * 30 + "1"], backward=[]
    ),
    op.run_sql([], backward="SELECT 2"),
    op.drop_table("pet", op.column("id", "AUTO"), op.primary_key("id")),
]


def everything():
    return render_module(
        EVERYTHING,
        depends_on=["0001_initial", "0002_a_name_that_is_long_enough_for_two_lines_of_the_module"],
        summary='Say "it" with \\ and \t a tab, ' + "and many words " * 8,
        review="One. " * 30,
        notes={0: ["guard: stops if there are rows " * 5, "data loss:\nperson"]},
        atomic=False,
        allow=["drops-data"],
        was=["0002_old"],
        replaces=["0001_a", "0001_b"],
    )


def write(directory, text, name="0001_x"):
    path = directory / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_module_looks_like_the_page_of_the_manual():
    text = render_module(
        [
            op.add_column("person", op.column("nickname", "VARCHAR(50)")),
            op.alter_column("person", old=op.column("n", "INT"), new=op.column("n", "BIGINT")),
        ],
        depends_on=["0006_rename_staff"],
        summary="Add people.nickname.",
        notes={0: ["guard: stops if person has rows"]},
    )
    assert (
        text
        == '''"""Add people.nickname."""

from peewee_mig import op

format = 1

depends_on = ["0006_rename_staff"]

operations = [
    # guard: stops if person has rows
    op.add_column("person", op.column("nickname", "VARCHAR(50)")),
    op.alter_column(
        "person",
        old=op.column("n", "INT"),
        new=op.column("n", "BIGINT"),
    ),
]
'''
    )


@pytest.mark.parametrize("text", [everything(), render_module([], depends_on=[])])
def test_the_formatter_changes_nothing(text):
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


def test_modules_pass_the_strict_type_checker(tmp_path):
    paths = [
        write(tmp_path, everything(), "m_everything"),
        write(tmp_path, render_module([], depends_on=[]), "m_empty"),
    ]
    ours = "--follow-imports=silent"  # only what is in the modules themselves
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", ours, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)
    assert done.returncode == 0, done.stdout


def test_loading_gives_back_what_was_rendered(tmp_path):
    migration = load_module(write(tmp_path, everything(), "0003_all"))
    assert migration.name == "0003_all"
    assert migration.operations == tuple(EVERYTHING)
    assert len(migration.depends_on) == 2
    assert migration.atomic is False
    assert migration.allow == ("drops-data",)
    assert migration.was == ("0002_old",)
    assert migration.replaces == ("0001_a", "0001_b")


def test_loading_leaves_no_trace_in_the_import_system(tmp_path):
    before = set(sys.modules)
    load_module(write(tmp_path, render_module([], depends_on=[])))
    assert set(sys.modules) == before
    assert [path.name for path in tmp_path.iterdir()] == ["0001_x.py"]


def test_helpers_of_the_users_own_are_welcome(tmp_path):
    text = HEAD + "limit = 3\n\n\ndef help(n: int): ...\n\n\noperations = []\n"
    text += "assert help.__annotations__ == {'n': int}\n"
    migration = load_module(write(tmp_path, text))
    assert (migration.operations, migration.depends_on, migration.atomic) == ((), (), None)


HEAD = "from peewee_mig import op\nformat = 1\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (HEAD + "operations = [\n", 3, "not valid Python"),
        (HEAD + "<<<<<<< ours\noperations = []\n=======\n", 3, "merge conflict"),
        (HEAD + '"""\n>>>>>>> theirs\n"""\n', 4, "merge conflict"),
        (HEAD + "\nx = 1 / 0\n", 4, "raises ZeroDivisionError"),
        (HEAD + "raise SystemExit(0)\n", 3, "raises SystemExit"),
        (HEAD + "op.column('a', 'STRING')\n", 3, "unknown column type"),
        (HEAD + "op.column('a', 5)\n", 3, "raises TypeError"),
        (HEAD + "import no_such_module\n", 3, "No module named"),
        ("", 0, "does not say its format"),
        ("format = 2\noperations = []\n", 0, "has format 2"),
        ("format = True\noperations = []\n", 0, "unknown format"),
        (HEAD, 1, "has no operations"),
        (HEAD + "operations = ()\n", 3, "not a list"),
        (HEAD + "operations = [1]\n", 3, "no operation: 1"),
        (HEAD + "operations = [op.add_column('t', 'name')]\n", 3, "no operation"),
        (HEAD + "operations = [op.add_column(3, op.column('a', 'INT'))]\n", 3, "no operation"),
        (HEAD + "operations = [op.drop_column('t', op.column(3, 'INT'))]\n", 3, "no operation"),
        (HEAD + "operations = [op.rename_table('t', '\\ud800')]\n", 3, "no operation"),
        (HEAD + "operations = []\ndepends_on = '0001_a'\n", 4, "depends_on"),
        (HEAD + "operations = []\nallow = [1]\n", 4, "allow"),
        (HEAD + "operations = []\nwas = 1\n", 4, "was"),
        (HEAD + "operations = []\nreplaces = {}\n", 4, "replaces"),
        (HEAD + "operations = []\natomic = 1\n", 4, "atomic"),
        (HEAD + "operations = []\nwas = []\noperations: list = []\n", 5, "gives operations twice"),
        (HEAD + "depends_on = []\ndepends_on = []\noperations = []\n", 4, "depends_on twice"),
    ],
)
def test_a_broken_module_is_refused_with_its_file_and_line(tmp_path, text, line, message):
    path = write(tmp_path, text)
    with pytest.raises(HistoryError) as caught:
        load_module(path)
    error = caught.value
    assert message in error.message
    assert path.name in error.message or "0001_x" in error.message
    assert error.where == (f"{path}:{line}" if line else str(path))
    assert error.hint
    assert error.exit_code == 5


@pytest.mark.parametrize(
    "text",
    [
        "operations = []\noperations += []\noperations[:] = []\n",
        "operations: list\noperations = []\noperations = [*operations]\n",
        'operations = []\nSQL = """\noperations = 1\n"""\n',
    ],
)
def test_a_list_may_be_built_step_by_step(tmp_path, text):
    assert load_module(write(tmp_path, HEAD + text)).operations == ()


def test_nothing_is_run_of_a_module_that_another_tool_wrote(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, 'open("ran", "w").close()\ndef migrate(db): ...\n')
    with pytest.raises(HistoryError, match="is a migration of another tool") as caught:
        load_module(path)
    assert "peewee-mig adopt" in caught.value.hint
    assert not (tmp_path / "ran").exists()


def test_a_module_of_other_bytes_than_utf_8_is_refused(tmp_path):
    path = tmp_path / "0001_x.py"
    path.write_bytes(b'"""\xff"""\n')
    with pytest.raises(HistoryError, match="not valid Python"):
        load_module(path)


def test_a_module_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "0001_x.py").mkdir()
    with pytest.raises(HistoryError, match="cannot be read"):
        load_module(tmp_path / "0001_x.py")


BODY = '''"""Doc."""

from peewee_mig import op

format = 1

depends_on = ["0001_a"]


def fill(row, factor=2):
    """Fill."""
    # twice
    name = f"{row['id']!r:>{factor}} of" " it"
    return {"name": name, "many": [1, 2.5, None, ...], "b": b"x"}


operations = [
    op.add_column("person", op.column("age", "INT"), fill=3),
]
'''


def checksum_of(directory, text):
    return load_module(write(directory, text)).checksum


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Doc."""', '"""Another."""'),
        ('    """Fill."""\n', ""),
        ("    # twice\n", "    # thrice\n\n"),
        ('depends_on = ["0001_a"]', 'depends_on: list[str] = []\nallow = ["x"]\nwas = ["y"]'),
        ("format = 1\n", 'format = 1\nreplaces = ["z"]\n'),
        ("from peewee_mig import op", "import peewee_mig.op as op"),
        (
            '{"name": name, "many": [1, 2.5, None, ...], "b": b"x"}',
            "({\n  'name': name,\n   'many': [1, 2.50, None, ...,],\n 'b': b'x',\n    })",
        ),
        ('"{row[\'id\']!r:>{factor}} of" " it"', "'''{row[\"id\"]!r:>{factor}} of it'''"),
        (
            'op.add_column("person", op.column("age", "INT"), fill=3)',
            "op.add_column(\n        table='person', definition=op.column('age', 'INT'), fill=3)",
        ),
        ("\n", "\r\n"),
    ],
)
def test_what_does_not_count_leaves_the_checksum(tmp_path, old, new):
    assert old in BODY
    assert checksum_of(tmp_path, BODY.replace(old, new)) == checksum_of(tmp_path, BODY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"INT"', '"BIGINT"'),
        ("fill=3", "fill=4"),
        ("fill=3", "fill=True"),
        ("factor=2", "factor=3"),
        ("!r", "!s"),
        (" of", " at"),
        ("2.5", "2.25"),
        ('b"x"', '"x"'),
        ("format = 1\n", "format = 1\natomic = True\n"),
        ("format = 1\n", "format = 1\nFACTOR = 3\n"),
    ],
)
def test_what_counts_changes_the_checksum(tmp_path, old, new):
    assert old in BODY
    assert checksum_of(tmp_path, BODY.replace(old, new)) != checksum_of(tmp_path, BODY)


MANY_KINDS_OF_CODE = """
def g(a, /, b: int = 1, *c, d=-2, **e) -> str:
    x = f"{a}{b:}{d:{b}.{d}f}{'q'}" f"" "z" f"{a=}" rf"{a!s:x{b}y}" f"{{}}{a:%Y-%m-%d}" f"{a:{b}}"
    match a:
        case {"k": [1, *_], **rest} if rest: return u"k"
        case str() | None: pass
    try: del x[1:2, ...]
    except* ValueError as error: raise
    return (lambda *z: [y for y in z if (w := y)])(1j, 10**3, 0x10, "\u2022")
async def h():
    async with a as b: yield b
class K(object, metaclass=type):
    x: int
"""


def test_the_checksum_is_the_same_on_every_python(tmp_path):
    expected = "33d577836f98f38b8f4465ecce1ad65cf17a2c377d3cc98ba98c4fba80b11e2c"
    assert checksum_of(tmp_path, BODY + MANY_KINDS_OF_CODE) == expected


def test_the_sha256_is_that_of_the_bytes(tmp_path):
    one = load_module(write(tmp_path, BODY))
    other = load_module(write(tmp_path, BODY + "\n"))
    assert one.sha256 != other.sha256
    assert len(one.sha256) == 64
