"""Names of classes and attributes, as a person would choose them."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

import peewee

_MODEL: type = peewee.Model

#: What an attribute of a model cannot be called: Python's words, and what Peewee has there.
_TAKEN = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(_MODEL), "Meta", "dirty_fields", "self", "cls"}
    - {"type"}
)

#: What the class of a model cannot be called: what a module of models imports or makes.
CLASSES = frozenset({
    *(name for name in dir(peewee) if name.endswith(("Field", "Key"))),
    "AutoIncrementField", "ArrayField", "BaseModel", "BinaryJSONField", "Check", "DatabaseProxy",
    "DateTimeTZField", "DeferredThroughModel", "Extension", "Function", "HStoreField",
    "IntervalField", "JSONField", "Model", "SQL", "SearchField", "TSVectorField", "Trigger", "View",
})  # fmt: skip

#: Words that end like a plural, and are none.
_SINGULAR = re.compile(r"(?:ss|us|is|as|os|news|series|species|lens|data|media)$")
_IRREGULAR = {
    "children": "child", "men": "man", "people": "person", "women": "woman", "indices": "index",
    "matrices": "matrix", "vertices": "vertex", "criteria": "criterion", "feet": "foot",
    "analyses": "analysis", "bases": "base", "buses": "bus",
}  # fmt: skip
_PLURALS = {singular: plural for plural, singular in _IRREGULAR.items()}


def snake(name: str) -> str:
    """Return a name in small letters: ``createdAt``, ``Created At`` are ``created_at``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    words = _normal(_normal(parted).lower())
    known = "".join(char if f"a{char}".isidentifier() else "_" for char in words)
    return _normal(re.sub(r"__+", "_", known).strip("_"))


def attribute(name: str) -> str:
    """Return a name that an attribute of a model can have."""
    words = snake(name)
    if not words.isidentifier():
        words = _normal(f"n{words}")
    return f"{words}_" if words in _TAKEN else words


def class_name(table: str) -> str:
    """Return the name of a class for a table: ``user_roles`` is ``UserRole``."""
    *words, last = snake(table).split("_")
    name = "".join(map(_capital, (*words, singular(last))))
    name = name if name.isidentifier() else _normal(f"Table{name}")
    return f"{name}_" if keyword.iskeyword(name) or name in CLASSES else name


def singular(word: str) -> str:
    """Return the singular of an English plural; any other word as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.endswith("s") or _SINGULAR.search(word) or len(word) < 3:  # noqa: PLR2004 (letters)
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 (letters: ``ties``)
        return f"{word[:-3]}y"
    if re.search(r"(?:sses|shes|ches|xes|zzes|(?:tat|vir|bon|camp|cens)uses|iases)$", word):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Return the plural of an English word; a plural as it is."""
    *words, last = word.split("_")
    return "_".join((*words, _plural(last)))


def free(name: str, taken: Collection[str]) -> str:
    """Return a name, or the first one with a number behind it, that is not taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def distinct(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return the names, those that occur again with a number."""
    used = {*taken}
    found: list[str] = []
    for name in names:
        found.append(free(name, used))
        used.add(found[-1])
    return found


def _normal(name: str) -> str:
    """Return the form in which Python keeps a name (PEP 3131)."""
    return unicodedata.normalize("NFKC", name)


def _plural(word: str) -> str:
    if word in _PLURALS or word in _IRREGULAR:
        return _PLURALS.get(word, word)
    if singular(word) != word or re.search(r"(?:news|series|species|data|media)$", word):
        return word
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(?:s|sh|ch|x|z)$", word) else f"{word}s"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
