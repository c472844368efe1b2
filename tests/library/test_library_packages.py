"""The example project as a wheel: on the path as it is, and installed; and as a zip file."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from peewee_mig import Migrator
from peewee_mig.cli.main import call
from peewee_mig.errors import HistoryError, UsageError

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(__file__).parent / "example"

METADATA = "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of the example, as the format prescribes it."""
    wheel = tmp_path_factory.mktemp("dist") / "shop-1.0-py3-none-any.whl"
    files = {
        path.relative_to(EXAMPLE).as_posix(): path.read_bytes()
        for path in sorted(EXAMPLE.glob("shop/**/*"))
        if path.suffix in (".py", ".json", ".typed")
    }
    files["shop-1.0.dist-info/METADATA"] = METADATA.encode()
    files["shop-1.0.dist-info/WHEEL"] = WHEEL.encode()
    record = "".join(f"{name},{_hash(data)},{len(data)}\n" for name, data in files.items())
    files["shop-1.0.dist-info/RECORD"] = f"{record}shop-1.0.dist-info/RECORD,,\n".encode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return wheel


def _hash(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture(scope="module", params=["the wheel itself", "installed", "sources"])
def place(
    request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return what is put on the path."""
    if request.param == "the wheel itself":
        return wheel
    if request.param == "sources":
        return EXAMPLE
    target = tmp_path_factory.mktemp("site")
    options = ("--no-index", "--no-deps", "--quiet", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", target, wheel], check=True
    )
    return target


def run(place: Path, folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python with the example on the path."""
    return subprocess.run(
        [sys.executable, "-B", *args],
        cwd=folder,
        env={"PYTHONPATH": f"{place}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_program_finds_its_migrations_wherever_it_is(place: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from shop import start; file = Path('shop.db')\n"
        "print(*start.start(file), sep=chr(10)); print(start.stop(file)); print(start.others(file))"
    )
    done = run(place, tmp_path, "-c", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == [
        "pending: 1",
        "0001_initial applied",
        "0001_initial forward",
        "0001_initial",
        "True",
    ]


def test_the_commands_read_a_wheel(
    wheel: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.syspath_prepend(str(wheel))
    monkeypatch.chdir(tmp_path)
    options = ("--database", "sqlite:///app.db", "--directory", "shop:migrations")
    for args, code, said in (
        (["status"], 0, "1 pending. next: peewee-mig migrate --database sqlite:///app.db"),
        (["migrate"], 0, "1 migration applied in "),
        (["status", "--check"], 0, "Up to date."),
        (["check"], 0, "All is well."),
        (["sql", "--dialect", "postgres"], 0, 'CREATE TABLE "category" ('),
        (["baseline"], 0, "0001_initial"),
        (["diff"], 0, ""),
        (["graph"], 0, "0001_initial"),
        (["show", "0001"], 0, "create table category"),
        (["erd", "0001"], 0, "product"),
        (["rollback"], 0, "1 migration rolled back in "),
        (["snapshot", "0001"], 2, "is inside of an archive, which is read only"),
        (["drop", "0001"], 2, "is inside of an archive, which is read only"),
        (["merge"], 2, "is inside of an archive, which is read only"),
        (["rebase"], 2, "is inside of an archive, which is read only"),
    ):
        capfd.readouterr()
        assert call([*args, *options]) == code, args
        printed = capfd.readouterr()
        assert said in printed.out + printed.err, args


def test_a_folder_that_is_inside_of_a_file_is_told(wheel: Path, tmp_path: Path) -> None:
    migrator = Migrator(tmp_path / "a.db", directory=wheel / "shop" / "migrations")
    with pytest.raises(UsageError, match="is inside of a file") as caught:
        migrator.status()
    assert "PACKAGE:FOLDER" in caught.value.hint


def test_a_wheel_without_snapshots_says_so(wheel: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if "snapshots" not in name:
                new.writestr(name, old.read(name))
    migrator = Migrator(tmp_path / "a.db", directory=zipfile.Path(other, "shop/") / "migrations")
    with pytest.raises(HistoryError, match="snapshot 0001_initial is missing"):
        migrator.migrate()
