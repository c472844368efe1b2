"""Two branches in real git repositories: found, told apart, rebased, merged, applied."""

import pytest
from branch_pairs import COMMUTING, CONFLICTING
from branch_world import BASE, Repository, start


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Return a folder that is filled once."""
    return tmp_path_factory.mktemp("base") / "project"


@pytest.fixture
def repository(base, tmp_path, capsys, monkeypatch):
    if not base.exists():
        start(base, capsys, monkeypatch)
    monkeypatch.chdir(tmp_path)
    found = Repository(base, capsys).copy(tmp_path / "project")
    monkeypatch.chdir(found.folder)
    return found


def fork(repository, pair):
    """Make both branches with their migrations and databases, and merge the other into one."""
    for name, side in (("other", pair.other), ("one", pair.one)):
        repository.git("switch", "--quiet", "--create", name, "main")
        make(repository, name, side)
        (repository.folder / f"{name}.db").write_bytes((repository.folder / "base.db").read_bytes())
        repository.done("migrate", "--quiet", database=name)
        repository.commit(name)
    repository.git("merge", "--quiet", "--no-edit", "other", check=False)
    repository.models(merged_models(pair))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--allow-empty", "--no-edit", "--message", "Merge")


def merged_models(pair):
    """Return the models of both sides, as far as there is such a thing."""
    text = pair.one.models(BASE)
    if pair.misfit:
        return text
    for old, new in pair.also:
        text = text.replace(old, new)
    return text if pair.also else pair.other.models(text)


def make(repository, name, side):
    if side.operation:
        repository.write(name, side.operation, depends_on=["0001_initial"])
    else:
        repository.models(side.models(BASE))
        repository.done("generate", "--name", name, "--quiet", *side.options)
        repository.allow(name, ["data-loss", "guard"])


def finds_two_heads(repository, words):
    """See that all four commands name both migrations, the fork, and why."""
    for command, code in (("check", 1), ("generate", 5), ("migrate", 5), ("status", 0)):
        printed = repository.refused(command, code=code)
        said = "there are 2 newest migrations since 0001_initial: 0002_one and 0002_other"
        assert said in printed, printed
        assert words in printed, printed
        assert "peewee-mig rebase" in printed
    assert repository.run("status", "--check")[0] == 1


def is_settled(repository):
    """See that databases which had one side, the other or neither end equal, and go back."""
    repository.commit("Settled")
    repository.done("check")
    repository.done("generate", "--check")
    (repository.folder / "none.db").write_bytes((repository.folder / "base.db").read_bytes())
    for database in ("one", "other", "none"):
        repository.done("migrate", database=database)
        assert "No drift" in repository.done("diff", database=database)
        repository.done("status", "--check", database=database)
    rows = repository.rows("none")
    assert repository.rows("one") == rows
    assert repository.rows("other") == rows
    for database in ("one", "other", "none"):
        repository.done("rollback", "0001", "--allow-data-loss", "all", database=database)
        assert "No drift" in repository.done("diff", database=database)


@pytest.mark.parametrize("pair", COMMUTING, ids=lambda pair: pair.name)
def test_commuting(pair, repository, monkeypatch, tmp_path):
    fork(repository, pair)
    finds_two_heads(repository, "they commute")
    merged = repository.copy(tmp_path / "merged")
    printed = repository.done("rebase")
    assert "Moved behind 0002_other (of one):\n  0002_one -> 0003_one\n" in printed
    assert "warning" not in printed
    is_settled(repository)
    assert repository.sql("one", "SELECT count(*) FROM peewee_mig_history") == [(1,)]
    monkeypatch.chdir(merged.folder)
    merged.done("merge")
    assert len(merged.names()) == 4
    is_settled(merged)


@pytest.mark.parametrize("pair", CONFLICTING, ids=lambda pair: pair.name)
def test_conflicting(pair, repository):
    fork(repository, pair)
    finds_two_heads(repository, f"they do not commute: {pair.clash}")
    printed = repository.refused("merge")
    assert pair.clash in printed
    assert repository.changed() == ""
    if pair.misfit:
        printed = repository.refused("rebase")
        assert "0002_one does not fit behind 0002_other" in printed
        assert pair.misfit in printed
        assert repository.changed() == ""
        return
    printed = repository.done("rebase")
    assert f"0002_one and 0002_other do not commute: {pair.clash}" in printed
    in_order(repository)


def in_order(repository):
    """See that a database which has the later one refuses the earlier one, by name."""
    repository.commit("Rebased")
    repository.done("check")
    before = repository.rows("one")
    printed = repository.refused("migrate", database="one")
    assert "0002_other comes after 0003_one here, and the two do not commute" in printed
    assert "peewee-mig rollback --database sqlite:///one.db 1, then: peewee-mig migrate" in printed
    assert repository.rows("one") == before
    assert "0002_other comes after 0003_one" in repository.run("status", database="one")[1]
    repository.done("rollback", "1", "--allow-data-loss", "all", database="one")
    for database in ("one", "other"):
        repository.done("migrate", database=database)
        assert "No drift" in repository.done("diff", database=database)
    assert repository.rows("one") == repository.rows("other")
