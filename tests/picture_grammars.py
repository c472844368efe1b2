"""The grammars of what pictures are written in, as far as we write it: line by line."""

import re
from xml.etree import ElementTree as ET

TEXT = r'"[^"\n%\\#`]*"'
WORD = r"[A-Za-z_…][\w()\[\],…-]*"
MERMAID = re.compile(
    rf"""%%[^\n]*
    | erDiagram
    | \ \ [A-Za-z]\w*(\[{TEXT}\])?(\ \{{)?
    | \ \ \ \ {WORD}\ {WORD}(\ (PK|FK|UK)(,\ (PK|FK|UK))*)?(\ {TEXT})?
    | \ \ \}}
    | \ \ \w+\ [}}|]o(--|\.\.)(o\||\|\||o\{{)\ \w+\ :\ {TEXT}
    | \ \ classDef\ \w+\ \w[\w:\#,\ -]*
    | \ \ class\ \w+(,\w+)*\ \w+
    | \ \ %%[^\n]*""",
    re.VERBOSE,
)
NAME = r'"(?:[^"\\\n]|\\.)*"'
STRING = r"'(?:[^'\\\n]|\\.)*'"
EXPRESSION = r"`[^`\n]*`"
TABLE = rf"{NAME}(\.{NAME})?"
COLUMNS = rf"({NAME}|\({NAME}(,\ {NAME})+\))"
KEYS = "default|note|name|delete|update|color"
VALUE = rf"({STRING}|{EXPRESSION}|[a-z]+(\ [a-z]+)?|\#\w+)"
SETTING = rf"(pk|increment|unique|not\ null|({KEYS}):\ {VALUE})"
SETTINGS = rf"\ \[{SETTING}(,\ {SETTING})*\]"
DBML = re.compile(
    rf"""//[^\n]*
    |
    | Enum\ {TABLE}\ \{{
    | Table\ {TABLE}(\ \[headercolor:\ \#\w+\])?\ \{{
    | \}}
    | \ \ {NAME}
    | \ \ {NAME}\ (\w+(\([0-9,\ ]+\))?|{NAME})({SETTINGS})?
    | \ \ indexes\ \{{
    | \ \ \ \ \(({NAME}|{EXPRESSION})(,\ ({NAME}|{EXPRESSION}))*\){SETTINGS}
    | \ \ \ \ {COLUMNS}{SETTINGS}
    | \ \ \}}
    | \ \ Note:\ {STRING}
    | Ref:\ {TABLE}\.{COLUMNS}\ [->]\ {TABLE}\.{COLUMNS}({SETTINGS})?""",
    re.VERBOSE,
)
SVG = "{http://www.w3.org/2000/svg}"


def ensure_grammar(grammar, text):
    """Match each line, and the brackets around several."""
    lines = text.split("\n")
    assert [line for line in lines if not grammar.fullmatch(line)] == []
    assert sum(line.endswith(" {") for line in lines) == sum(e.strip() == "}" for e in lines)


def parsed(svg):
    """Return a picture as a tree of elements."""
    return ET.fromstring(svg)  # noqa: S314 (of ours)


def words_of(svg):
    """Return the words that a picture shows."""
    return [each.text for each in parsed(svg).iter(f"{SVG}text")]
