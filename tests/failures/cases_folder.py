"""Migrations and snapshots that are edited, gone, renamed, in conflict, or not in git."""

from cases_usage import PERSON, PET, WITH_NICK, applied, heads, one, two
from induced import Case

SQLITE = ("sqlite",)
AGE = "    age = IntegerField(null=True)"


def in_git(make):
    def setup(project):
        project.write(".gitignore", "app.db*\n")
        project.git("init --quiet")
        make(project)
        commit(project)

    return setup


def commit(project):
    project.git("add --all", "commit --quiet --message work")


def then(make, *changes):
    """What happens in a project with commits."""

    def setup(project):
        in_git(make)(project)
        for change in changes:
            change(project)

    return setup


def edit(pattern, old, new):
    return lambda project: project.edit(pattern, old, new)


def remove(*patterns):
    return lambda project: [project.remove(each) for each in patterns]


def sh(line):
    return lambda project: project.sh(line)


def one_applied(project):
    one(project)
    project.done("peewee-mig migrate")


def conflict(project):
    """Two branches that made a migration of the same name."""
    in_git(one)(project)
    project.git("switch --quiet --create other")
    project.models(WITH_NICK)
    project.done("peewee-mig generate --name more")
    project.sh("mv models.py models.other")
    project.git("add --all migrations", "commit --quiet --message other", "switch --quiet main")
    project.git("checkout --quiet main -- models.py")
    project.models(PERSON + "\n" + AGE)
    project.done("peewee-mig generate --name more")
    project.git("add --all migrations models.py", "commit --quiet --message ours")
    assert project.sh("git merge --quiet other") != 0


def snapshot_conflict(project):
    conflict(project)
    project.git("checkout --ours -- migrations/0002_more.py")


def on_another_branch(project):
    """A database that has a migration of a branch that is not checked out."""
    in_git(one)(project)
    project.git("switch --quiet --create other")
    project.models(WITH_NICK)
    project.done("peewee-mig generate --name nick --apply")
    commit(project)
    project.git("switch --quiet main")


def renamed_by_hand(project):
    applied(project)
    project.sh("mv migrations/0002_nick.py migrations/0002_nickname.py")
    project.sh("mv migrations/snapshots/0002_nick.json migrations/snapshots/0002_nickname.json")


def guarded(project):
    one(project)
    project.models(PERSON + "\n    locale = CharField(max_length=10)")
    project.done("peewee-mig generate --name locale")


SNAPSHOT = "migrations/snapshots/0002_nick.json"
MODULE = "migrations/0002_nick.py"

FOLDER = (
    Case(
        "git: applied module edited",
        SQLITE,
        then(applied, edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)")),
        "peewee-mig migrate",
        5,
        ("0001_initial was edited after it was applied",),
    ),
    Case(
        "git: pending module edited",
        SQLITE,
        then(one, edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)")),
        "peewee-mig migrate",
        5,
        ("0001_initial", "snapshot"),
    ),
    Case(
        "git: applied module edited, with its snapshot",
        SQLITE,
        then(
            one_applied,
            edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)"),
            lambda p: p.done("peewee-mig snapshot 0001_initial"),
        ),
        "peewee-mig migrate",
        5,
        ("0001_initial was edited after it was applied",),
    ),
    Case(
        "git: status tells what was edited",
        SQLITE,
        then(one_applied, edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)")),
        "peewee-mig status --check",
        1,
        ("0001_initial was edited after it was applied",),
    ),
    Case(
        "git: first module deleted",
        SQLITE,
        then(applied, remove("migrations/0001*.py")),
        "peewee-mig migrate",
        5,
        ("0002_nick depends on 0001_initial",),
    ),
    Case(
        "git: deletion of the first module committed",
        SQLITE,
        then(applied, remove("migrations/0001*", "migrations/snapshots/0001*"), commit),
        "peewee-mig migrate",
        5,
        ("0002_nick depends on 0001_initial",),
    ),
    Case(
        "git: deletion of an applied module, and a new one",
        SQLITE,
        then(
            applied,
            remove("migrations/0002*", "migrations/snapshots/0002*"),
            commit,
            lambda p: p.models(PERSON, PET),
            lambda p: p.done("peewee-mig generate --name pet"),
            remove("migrations/0002_pet.py", "migrations/snapshots/0002_pet.json"),
        ),
        "peewee-mig rollback zero --allow-data-loss all",
        5,
        ("0002_nick",),
    ),
    Case(
        "git: database ahead of the code",
        SQLITE,
        on_another_branch,
        "peewee-mig rollback 1",
        5,
        ("0002_nick", "its file is not here"),
    ),
    Case(
        "git: baseline of a database ahead",
        SQLITE,
        on_another_branch,
        "peewee-mig baseline",
        5,
        ("0002_nick",),
    ),
    Case(
        "git: snapshot deleted",
        SQLITE,
        then(two, remove(SNAPSHOT)),
        "peewee-mig migrate",
        5,
        ("snapshot 0002_nick is missing",),
    ),
    Case(
        "snapshot deleted",
        SQLITE,
        lambda p: (two(p), p.remove(SNAPSHOT)),
        "peewee-mig migrate",
        5,
        ("snapshot 0002_nick is missing",),
        take=1,
    ),
    Case(
        "snapshot edited",
        SQLITE,
        lambda p: (two(p), p.edit(SNAPSHOT, "(50)", "(60)")),
        "peewee-mig migrate",
        5,
        ("snapshot 0002_nick was edited",),
        take=1,
    ),
    Case(
        "git: snapshot edited",
        SQLITE,
        then(two, edit(SNAPSHOT, "(50)", "(60)")),
        "peewee-mig check",
        1,
        ("snapshot 0002_nick was edited",),
    ),
    Case(
        "git: snapshot cut off",
        SQLITE,
        then(two, sh(f"echo {{ > {SNAPSHOT}")),
        "peewee-mig migrate",
        5,
        ("snapshot 0002_nick is no JSON", f"{SNAPSHOT}:"),
    ),
    Case(
        "git: snapshot of another version",
        SQLITE,
        then(
            two,
            edit("migrations/0001*.py", "VARCHAR(100)", "VARCHAR(200)"),
            lambda p: p.done("peewee-mig snapshot 0001_initial"),
        ),
        "peewee-mig migrate",
        5,
        ("0002_nick was made on another version of 0001_initial",),
    ),
    Case(
        "git: snapshot without module",
        SQLITE,
        then(two, remove(MODULE)),
        "peewee-mig migrate",
        5,
        ("snapshot 0002_nick has no migration",),
    ),
    Case(
        "left-over snapshot",
        SQLITE,
        lambda p: (two(p), p.remove(MODULE)),
        "peewee-mig generate --name nick",
        5,
        ("0002_nick",),
        take=1,
    ),
    Case(
        "git: module is no Python",
        SQLITE,
        then(two, sh(f"echo 'op.(' >> {MODULE}")),
        "peewee-mig status",
        5,
        ("0002_nick.py is not valid Python", f"{MODULE}:"),
    ),
    Case(
        "git: module raises",
        SQLITE,
        then(two, sh(f"echo 'op.add_colum(1)' >> {MODULE}")),
        "peewee-mig migrate",
        5,
        ("AttributeError", "add_colum"),
    ),
    Case(
        "git: module is empty",
        SQLITE,
        then(two, sh(f": > {MODULE}")),
        "peewee-mig migrate",
        5,
        ("0002_nick.py does not say its format",),
    ),
    Case(
        "git: operations are no list",
        SQLITE,
        then(
            two, sh(f"sed -i '/^operations/,$d' {MODULE} && echo 'operations = None' >> {MODULE}")
        ),
        "peewee-mig check",
        1,
        ("0002_nick.py has no operations",),
    ),
    Case(
        "name with one digit",
        SQLITE,
        lambda p: (two(p), p.sh(f"mv {MODULE} migrations/2_nick.py"), p.remove(SNAPSHOT)),
        "peewee-mig migrate",
        5,
        ("2_nick.py is not named like a migration",),
    ),
    Case(
        "git: conflict in a module",
        SQLITE,
        conflict,
        "peewee-mig migrate",
        5,
        ("0002_more.py holds an unresolved merge conflict",),
    ),
    Case(
        "git: conflict in a snapshot",
        SQLITE,
        snapshot_conflict,
        "peewee-mig check",
        1,
        ("0002_more.json holds an unresolved merge conflict",),
        aim="peewee-mig migrate",
    ),
    Case("two heads", SQLITE, heads, "peewee-mig migrate", 5, ("0002_nick and 0002_pet",)),
    Case(
        "two heads, the other one",
        SQLITE,
        heads,
        "peewee-mig generate",
        5,
        ("0002_nick and 0002_pet",),
        take=1,
    ),
    Case(
        "two heads, status",
        SQLITE,
        heads,
        "peewee-mig status --check",
        1,
        ("0002_nick and 0002_pet",),
        aim="peewee-mig migrate",
    ),
    Case(
        "git: not added",
        SQLITE,
        lambda p: (in_git(lambda p: p.models(PERSON))(p), one(p)),
        "peewee-mig check",
        1,
        ("git does not know 0001_initial.py yet",),
    ),
    Case(
        "git: ignored",
        SQLITE,
        lambda p: (
            in_git(lambda p: p.write(".gitignore", "*.json\napp.db\n"))(p),
            one(p),
            p.git("add migrations/0001_initial.py"),
        ),
        "peewee-mig check",
        1,
        ("git ignores 0001_initial.json",),
    ),
    Case(
        "models ahead",
        SQLITE,
        lambda p: (one(p), p.models(WITH_NICK)),
        "peewee-mig check",
        1,
        ("the models are ahead", "nickname"),
    ),
    Case(
        "models ahead, asked",
        SQLITE,
        lambda p: (one(p), p.models(WITH_NICK)),
        "peewee-mig generate --check",
        1,
        ("nickname",),
        aim="peewee-mig generate --check",
    ),
    Case("pending, asked", SQLITE, one, "peewee-mig status --check", 1, ("1 pending",)),
    Case(
        "guard that nobody acknowledged",
        SQLITE,
        guarded,
        "peewee-mig check",
        1,
        ("guard", "locale"),
        values={"VALUE": "en"},
    ),
    Case(
        "renamed by hand",
        SQLITE,
        renamed_by_hand,
        "peewee-mig migrate",
        5,
        ("0002_nick",),
        take=1,
    ),
    Case(
        "row removed by hand",
        SQLITE,
        lambda p: (applied(p), p.sql("DELETE FROM peewee_mig_history WHERE name LIKE '0001%'")),
        "peewee-mig migrate",
        5,
        ("0001_initial",),
    ),
)
