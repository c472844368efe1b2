"""Reads the part of YAML that our examples are written in; refuses the rest.

Mappings and lists by indentation, lists on one line as in JSON, texts with or without quotation
marks, comments. ``true``, ``false``, numbers and null are what they are in YAML 1.2.
"""

import json
import re
from collections import deque

_KEY = re.compile(r"""(?P<key>"[^"]*"|[A-Za-z0-9_./-]+):(?:\s+(?P<value>.*))?$""")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def load(text):
    """Return the only document of a text."""
    (document,) = load_all(text)
    return document


def load_all(text):
    """Return all documents."""
    return [_document(part) for part in re.split(r"^---$", text, flags=re.MULTILINE)]


def _document(text):
    lines = deque(filter(None, map(_line, text.split("\n"))))
    value = _block(lines, lines[0][0])
    assert not lines, f"not understood: {lines[0][1]}"
    return value


def _line(line):
    """Return how far a line is indented, and what it says; nothing if that is nothing."""
    assert "\t" not in line, "YAML has no tabs"
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    if not text.startswith(("'", '"')) and '"' not in text and "'" not in text:
        text = re.sub(r"\s+#.*$", "", text)
    return len(line) - len(line.lstrip()), text


def _block(lines, indent):
    return _list(lines, indent) if lines[0][1].startswith("- ") else _mapping(lines, indent)


def _list(lines, indent):
    found = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        _, text = lines.popleft()
        rest = text[2:].lstrip()
        if _KEY.match(rest) and not rest.startswith(("[", '"')):
            inner = indent + len(text) - len(rest)
            lines.appendleft((inner, rest))
            found.append(_mapping(lines, inner))
        else:
            found.append(_scalar(rest))
    return found


def _mapping(lines, indent):
    found = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        _, text = lines.popleft()
        match = _KEY.match(text)
        assert match, f"not understood: {text}"
        key = match["key"].strip('"')
        assert key not in found, f"twice: {key}"
        if match["value"]:
            found[key] = _scalar(match["value"])
        elif lines and (lines[0][0] > indent or _is_list_at(lines, indent)):
            found[key] = _block(lines, lines[0][0])
        else:
            found[key] = None
    return found


def _is_list_at(lines, indent):
    return lines[0][0] == indent and lines[0][1].startswith("- ")


def _scalar(text):
    if text.startswith("["):
        assert text.endswith("]"), f"not understood: {text}"
        return _flow(text)
    if text.startswith('"'):
        return json.loads(text)
    assert not re.match(r"['&*!|>%@`{]", text), f"not understood: {text}"
    assert ": " not in text, f"not understood: {text}"
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _flow(text):
    """Read a list on one line; its words may stand without quotation marks."""
    parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s,\[\]"]+', text)
    return [_scalar(part) for part in parts]
