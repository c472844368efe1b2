"""Dotted paths, without Peewee: asked before anything is imported."""

from __future__ import annotations

import re

#: A package, a colon and a relative folder; ``C:\\x`` and ``C:/x`` are folders of Windows.
_RESOURCE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^/\\:][^:]*")

_FILE_SUFFIXES = ("db", "db3", "sqlite", "sqlite3")


def is_package_folder(text: str) -> bool:
    """Whether a text names a folder of a package (``app:migrations``), not one of the disk."""
    return _RESOURCE.fullmatch(text) is not None


def is_dotted_path(text: str) -> bool:
    """Whether a text is the dotted path of an object, not a URL or a file.

    ``app.db:database`` is; of ``app.db.database`` and ``app.db`` the last word decides:
    ``db``, ``db3``, ``sqlite`` and ``sqlite3`` end the name of a file.
    """
    module, colon, attribute = text.partition(":")
    if colon:
        return _is_dotted(module) and _is_dotted(attribute)
    return _is_dotted(text) and "." in text and text.rpartition(".")[2] not in _FILE_SUFFIXES


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def is_in_memory(name: str) -> bool:
    """Whether the name of a SQLite database is that of one that no file holds."""
    return name in ("", ":memory:") or name.startswith("file::memory:") or "mode=memory" in name
