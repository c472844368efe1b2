"""The files that ``pull`` writes: all of them or none, and none over another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from peewee_mig.errors import FailedError, RefusedError, UsageError, same_command

if TYPE_CHECKING:
    from peewee_mig.sources.written.modules import Module


def refuse_existing(output: Path) -> None:
    """Refuse to write over anything."""
    if output.is_dir() and not any(output.iterdir()):
        return
    if output.exists():
        raise RefusedError(
            f"{output} is there already, and pull writes over nothing",
            committed="nothing was written",
            hint=f"print the models: {same_command(without=['--output'])};"
            " compare: peewee-mig pull --update",
        )


def write_all(output: Path, modules: Collection[Module]) -> tuple[Path, ...]:
    """Write one module as a file, several as a package."""
    alone = len(modules) == 1 and output.suffix == ".py"
    if output.suffix == ".py" and not alone:
        raise UsageError(
            f"{output} is one file, and there are {len(modules)} modules",
            hint=f"name a folder: {same_command('--output', str(output.with_suffix('')))}",
        )
    if alone:
        (module,) = modules
        texts = {output: module.text}
    else:
        texts = {output / "__init__.py": ""}
        texts |= {output / module.path: module.text for module in modules}
    with _whole(output) as written:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text, encoding="utf-8")
    return tuple(texts)


@contextmanager
def _whole(output: Path) -> Iterator[list[Path]]:
    """Take the files away again that were written before one could not be."""
    written: list[Path] = []
    try:
        yield written
    except OSError as error:
        for path in written:
            if path.is_file():
                path.unlink()
        raise FailedError(
            f"{output} cannot be written: {error.strerror}",
            where=str(error.filename or output),
            committed="nothing was written",
            hint=f"print the models: {same_command(without=['--output'])}; or name a place where"
            " you may write",
        ) from error
