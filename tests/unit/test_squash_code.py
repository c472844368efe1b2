"""The code of several migrations as that of one, and which names a statement means."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from peewee_mig.commands.squashing.code import merged, with_imports
from peewee_mig.commands.squashing.names import bound, places
from peewee_mig.errors import RefusedError
from peewee_mig.history.module import Migration
from peewee_mig.history.render import render_module
from peewee_mig.operations.verbs import RunPython

HEAD = '"""Fill."""\n\nfrom peewee_mig import op\n\nformat = 1\ndepends_on = []\n'


def migration(number, code):
    name = f"{number:04d}_step"
    return Migration(name, Path(f"{name}.py"), (), source=(HEAD + code).encode())


def together(*codes):
    return merged(migration(number, code) for number, code in enumerate(codes, 1))


def test_comments_and_decorators_go_along():
    code = (
        "import functools\n\n\n# Why.\n@functools.cache\ndef one(m):\n    # Here.\n    return 1\n"
    )
    found = together(code)
    assert found.imports == ("import functools",)
    assert found.body == "# Why.\n@functools.cache\ndef one(m):\n    # Here.\n    return 1"


def test_what_is_the_same_in_both_is_there_once():
    code = "LIMIT = 3\n\n\ndef one(models):\n    return LIMIT\n"
    found = together(code, code)
    assert found.body.count("LIMIT = 3") == found.body.count("def one") == 1
    assert found.names["0002_step"] == {}


def test_what_uses_something_else_by_the_same_words_is_another_function():
    code = (
        "LIMIT = {}\n\n\ndef one(models):\n    return LIMIT\n"
        "\n\ndef two(models):\n    one(models)\n"
    )
    found = together(code.format(3), code.format(4))
    assert found.names["0002_step"] == {
        "LIMIT": "LIMIT_0002",
        "one": "one_0002",
        "two": "two_0002",
    }
    assert "def two_0002(models):\n    one_0002(models)" in found.body
    names = {}
    exec(found.body, names)  # noqa: S102 (what was put together)
    assert (names["one"](None), names["one_0002"](None)) == (3, 4)


def test_a_new_name_is_one_that_nobody_has():
    found = together("x = 1\nx_0002 = 5\n", "x = 2\n")
    assert found.names["0002_step"] == {"x": "x_0002_"}


def test_an_import_that_means_something_else_gets_another_name():
    found = together(
        "from datetime import datetime\nimport os\n\n\ndef one(models):\n    return datetime\n",
        "import datetime\nimport posixpath as os\n\n\ndef one(models):\n    return datetime, os\n",
        "from time import time as datetime\n",
    )
    assert found.imports == (
        "from datetime import datetime",
        "import os",
        "import datetime as datetime_0002",
        "import posixpath as os_0002",
        "from time import time as datetime_0003",
    )
    assert "return datetime_0002, os_0002" in found.body


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = y", "xy"),
        ("def f(x, *a, y=z, **k) -> w: return x, y, a, k, q", "fzwq"),
        ("async def f():\n    x = 1\n    return x + y", "fy"),
        ("def f():\n    global x\n    x = y", "fxy"),
        ("def f():\n    def g(): return x\n    return g", "fx"),
        ("def f():\n    x = 1\n    def g(): return x, y\n    return g", "fy"),
        ("f = lambda x, y=z, *, w=v: x + y + q", "fzvq"),
        ("f = [x for x in y if x > z]", "fyz"),
        ("f = {x: y for x, y in z}", "fz"),
        ("class C(b, metaclass=m):\n x = y\n z = x\n def f(self=x): return x, C", "CbmyxC"),
        ("def f():\n    import x\n    with y as z: return x, z", "fy"),
        ("def f():\n    try: g()\n    except x as e: return e", "fgx"),
        (
            "def f(v):\n match v:\n  case [x, *y]: return x, y\n  case {'a': z, **w}: return z, w",
            "f",
        ),
        ("@d\ndef f(): pass", "fd"),
        ("def f():\n    x = [y for y in z]\n    return y", "fzy"),
        ("def f(): return (lambda v: v + w)", "fw"),
    ],
)  # fmt: skip
def test_places_are_those_of_names_of_the_module(code, found):
    (node,) = ast.parse(code).body
    lines = code.splitlines()
    for line, column, name in places(node):
        assert lines[line - 1].encode()[column:].startswith(name.encode())
    assert sorted(name for _, _, name in places(node)) == sorted(found)


def test_names_are_bound_by_all_kinds_of_statements():
    code = "import a.b, c as d\nfrom e import f as g\nh, (i, *j) = k\nfor l in m: n = 1\n"
    nodes = ast.parse(code).body
    assert {name for node in nodes for name in bound(node)} == set("adghijln")


def test_names_beyond_ascii_are_replaced_where_they_stand():
    found = together("größe = 1\n", 'größe = 2\n\n\ndef f(m):\n    return "é", größe\n')
    assert 'return "é", größe_0002' in found.body


def test_modules_of_one_package_go_together():
    found = together("import xml.dom\n", "import xml.sax\n", "import xml.dom\n")
    assert found.imports == ("import xml.dom", "import xml.sax")
    with pytest.raises(RefusedError, match="xml is something else in an earlier one"):
        together("xml = 1\n", "import xml.dom\n")


def test_a_module_put_together_is_as_the_formatter_leaves_it(tmp_path):
    run = RunPython((("", "one"),))
    found = together(
        "import json\nfrom datetime import date\nimport peewee\n"
        "\n\ndef one(m):\n    return json, date, peewee\n"
    )
    text = render_module([run], depends_on=[], code=found.body)
    text = with_imports(text, found.imports)
    assert (
        "import json\nfrom datetime import date\n\nimport peewee\nfrom peewee_mig import op\n"
        in text
    )
    for words in (["format", "--isolated"], ["check", "--isolated", "--select", "I"]):
        command = [sys.executable, "-m", "ruff", *words, "--stdin-filename", "m.py", "-"]
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, done.stdout.decode()
        if words[0] == "format":
            assert done.stdout.decode() == text


def test_future_imports_come_first():
    text = with_imports(render_module([], depends_on=[]), ["from __future__ import annotations"])
    assert "\n\nfrom __future__ import annotations\n\nfrom peewee_mig import op\n" in text
    assert with_imports("x", []) == "x"
