"""The migrations folder of a package: in the file system, in a zip file, and found by its name."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from peewee_mig.commands.config import Options
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project, folder_of, open_project
from peewee_mig.commands.status import status
from peewee_mig.errors import HistoryError, UsageError
from peewee_mig.history.files import InPackage
from peewee_mig.history.folder import read_history
from peewee_mig.history.verify import ensure_intact, verify
from peewee_mig.history.writing import remove_migration, write_migration
from peewee_mig.sources.packages import find_package_folder
from peewee_mig.sources.paths import is_package_folder

EXAMPLE = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Return a folder with a package that has migrations, and that must not be imported."""
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('it was imported')\n")
    (package / "db").mkdir()
    (package / "db" / "__init__.py").write_text("")
    shutil.copytree(EXAMPLE, package / "db" / "migrations")
    (package / "single.py").write_text("")
    return package.parent


@pytest.fixture
def archive(sources: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a zip file with the package, from which Python imports."""
    archive = sources.with_name("shop.zip")
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(sources.rglob("*")):
            packed.write(path, path.relative_to(sources))
    shutil.rmtree(sources)
    monkeypatch.syspath_prepend(str(archive))
    yield archive
    sys.path_importer_cache.pop(str(archive), None)


def project_of(text: str, database: str, folder: Path) -> Project:
    return open_project(Options(database=database, directory=text), {}, folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop:migrations", True),
        ("shop.db:migrations/main", True),
        ("migrations", False),
        ("C:\\migrations", False),
        ("C:/migrations", False),
        ("./shop:migrations", False),
        ("shop:", False),
    ],
)
def test_which_text_names_a_folder_of_a_package(text: str, *, expected: bool) -> None:
    assert is_package_folder(text) is expected


def test_a_package_on_disk_is_a_folder(sources: Path) -> None:
    found = find_package_folder("shop.db:migrations", root=sources)
    assert found == sources / "shop/db/migrations"
    assert "shop" not in sys.modules


def test_the_command_line_looks_in_the_project_first(sources: Path) -> None:
    project = project_of("shop.db:migrations", f"sqlite:///{sources}/a.db", sources)
    assert len(migrate(project).applied) == len(read_history(EXAMPLE).names)
    assert status(project).ok


def test_a_zip_file_has_the_same_history(archive: Path, tmp_path: Path) -> None:
    project = project_of("shop.db:migrations", f"sqlite:///{tmp_path}/a.db", tmp_path)
    assert project.directory == archive / "shop/db/migrations"
    there, here = read_history(project.directory, project.files), read_history(EXAMPLE)
    assert there.names == here.names
    assert there.last_schema == here.last_schema
    assert verify(there) == ()
    assert [each.name for each in migrate(project).applied] == list(here.names)
    assert status(project).ok
    assert "shop" not in sys.modules


def test_a_damaged_snapshot_of_a_zip_file_is_named(archive: Path) -> None:
    damaged = archive.with_name("other.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-9] if name.endswith(".json") else content)
    folder = zipfile.Path(damaged, "shop/db/migrations/")
    directory, files = folder_of(folder)
    with pytest.raises(HistoryError, match="is no JSON") as caught:
        ensure_intact(read_history(directory, files))
    assert str(damaged) in caught.value.where


def test_a_file_that_an_archive_cannot_give_is_told(tmp_path: Path) -> None:
    damaged = tmp_path / "a.zip"
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("m/0001_first.py", "format = 1\n" * 500)
    content = damaged.read_bytes()
    damaged.write_bytes(content[:45] + b"\xff\xff\xff\xff" + content[49:])
    with pytest.raises(HistoryError, match=r"0001_first\.py cannot be read: \w+: "):
        read_history(*folder_of(zipfile.Path(damaged, "m/")))


def test_nothing_is_written_into_an_archive(archive: Path) -> None:
    project = project_of("shop.db:migrations", "", archive.parent)
    history = read_history(project.directory, project.files)
    before = archive.read_bytes()
    for act in (
        lambda: write_migration(history, "0099_more", "format = 1\noperations = []\n"),
        lambda: remove_migration(history, history.names[-1]),
    ):
        with pytest.raises(UsageError, match="inside of an archive") as caught:
            act()
        assert "--directory" in caught.value.hint
    assert archive.read_bytes() == before


def test_a_folder_that_is_not_in_the_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    project = project_of("shop.db:migrationen", f"sqlite:///{tmp_path}/a.db", archive.parent)
    with pytest.raises(UsageError, match="the folder migrationen does not exist"):
        migrate(project)
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shopp:migrations", "shopp is no package that Python finds"),
        ("shop.none:migrations", r"shop\.none is no package that Python finds"),
        ("shop.none.deeper:migrations", r"shop\.none\.deeper is no package"),
        ("shop.single:migrations", r"shop\.single is a module, not a package"),
        ("__main__:migrations", "__main__ is "),
        ("shop:db/../../other", "leads out of the package"),
    ],
)
def test_what_is_no_folder_of_a_package_is_refused(text: str, message: str, sources: Path) -> None:
    with pytest.raises(UsageError, match=message):
        find_package_folder(text, root=sources)


def test_a_package_without_an_init_has_a_folder(tmp_path: Path) -> None:
    (tmp_path / "spread" / "migrations").mkdir(parents=True)
    found = find_package_folder("spread:migrations", root=tmp_path)
    assert found == tmp_path / "spread/migrations"


def test_entries_of_an_archive_fail_as_those_of_a_folder_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("m/file", "x")
    files = InPackage(zipfile.Path(tmp_path / "a.zip", "m/"), tmp_path / "m")
    assert files.entries(tmp_path / "m") == [tmp_path / "m/file"]
    with pytest.raises(NotADirectoryError):
        files.entries(tmp_path / "m/file")
    with pytest.raises(FileNotFoundError):
        files.entries(tmp_path / "m/none")
