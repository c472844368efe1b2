"""Wrong command lines, configurations and models."""

from induced import Case

SQLITE = ("sqlite",)

PERSON = """class Person(Model):
    name = CharField(max_length=100)"""
WITH_NICK = f"{PERSON}\n    nickname = CharField(max_length=50, null=True)"
PET = """class Pet(Model):
    name = CharField(max_length=50)"""
WITH_SURNAME = """class Person(Model):
    surname = CharField(max_length=100)"""
WITH_FAMILY_NAME = WITH_SURNAME.replace("surname", "family_name")


def one(project):
    """One migration, not applied."""
    project.models(PERSON)
    project.done("peewee-mig generate --name initial")


def two(project):
    """Two migrations, not applied."""
    one(project)
    project.models(WITH_NICK)
    project.done("peewee-mig generate --name nick")


def applied(project):
    two(project)
    project.done("peewee-mig migrate")


def renamed(project):
    project.models(WITH_SURNAME)
    project.done("peewee-mig generate --name initial")
    project.models(WITH_FAMILY_NAME)


def with_rows(project):
    applied(project)
    project.sql("INSERT INTO person (name, nickname) VALUES ('Ada', 'Countess')")


def without_configuration(project):
    one(project)
    project.remove("peewee_mig.toml")


def with_url_only(project):
    without_configuration(project)
    project.execute("export DATABASE_URL=sqlite:///app.db")


def heads(project):
    """Two migrations after the first one, of two branches, of which one is applied."""
    two(project)
    for name in ("0002_nick.py", "snapshots/0002_nick.json"):
        project.sh(f"mv migrations/{name} .")
    project.models(PERSON, PET)
    project.done("peewee-mig generate --name pet")
    project.done("peewee-mig migrate")
    project.sh("mv 0002_nick.py migrations && mv 0002_nick.json migrations/snapshots")
    project.models(WITH_NICK, PET)


def two_files(project):
    one(project)
    project.write("setup.cfg", "[peewee_mig]\nmodels = models\ndatabase = sqlite:///app.db\n")


def with_environment(project):
    one(project)
    text = (project.folder / "peewee_mig.toml").read_text(encoding="utf-8")
    project.write("peewee_mig.toml", text + '[env.prod]\ndatabase = "sqlite:///prod.db"\n')


def with_variable(project):
    one(project)
    project.configure("sqlite:///${APP_DB}")


def with_url_elsewhere(project):
    with_environment(project)
    project.execute("export DATABASE_URL=sqlite:///other.db")


def setup(**settings):
    def make(project):
        one(project)
        project.configure(**settings)

    return make


def zoo(project):
    project.write("zoo/__init__.py", "")
    project.write("zoo/models.py", f"from peewee import *\n{PERSON}\n")
    project.write("zoo/db.py", "import peewee\ndatabase = peewee.SqliteDatabase('zoo.db')\n")


def pulled(project):
    project.sql("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
    project.models(PERSON)


def pulled_two(project):
    pulled(project)
    project.sql("CREATE TABLE shop_item (id INTEGER PRIMARY KEY)")


USAGE = (
    Case("command misspelt", SQLITE, one, "peewee-mig migrat --dry-run", 2, ("migrat",)),
    Case("option misspelt", SQLITE, one, "peewee-mig migrate --dryrun", 2, ("--dryrun",)),
    Case(
        "choice misspelt",
        SQLITE,
        one,
        "peewee-mig sql --dialect postgress",
        2,
        ("postgress",),
    ),
    Case(
        "fill without table",
        SQLITE,
        applied,
        "peewee-mig generate --fill nickname=x",
        2,
        ("table.column=VALUE",),
        values={"TABLE": "person"},
    ),
    Case(
        "fill misspelt",
        SQLITE,
        two,
        "peewee-mig generate --fill person.nicknam=x",
        2,
        ("person.nicknam", "no such column"),
    ),
    Case(
        "rename misspelt",
        SQLITE,
        renamed,
        "peewee-mig generate --rename person.surnam:person.family_name",
        2,
        ("person.surnam",),
    ),
    Case(
        "rename to a column that is misspelt",
        SQLITE,
        renamed,
        "peewee-mig generate --rename person.surname:person.famly_name",
        2,
        ("famly_name",),
    ),
    Case(
        "rename question",
        SQLITE,
        renamed,
        "peewee-mig generate --no-input",
        5,
        ("person.surname:person.family_name",),
    ),
    Case(
        "rename question, a loss",
        SQLITE,
        renamed,
        "peewee-mig generate",
        5,
        ("person.surname:person.family_name",),
        take=1,
    ),
    Case(
        "using of what does not change",
        SQLITE,
        two,
        "peewee-mig generate --using person.name=name",
        2,
        ("person.name",),
    ),
    Case("target unknown", SQLITE, two, "peewee-mig migrate 0002_nik", 2, ("0002_nik",)),
    Case("target ambiguous", SQLITE, heads, "peewee-mig drop 2", 2, ("0002_pet", "0002_nick")),
    Case(
        "rollback of what is pending",
        SQLITE,
        one,
        "peewee-mig rollback 0001_initial",
        2,
        ("0001_initial is not applied",),
    ),
    Case(
        "rollback of more than there is",
        SQLITE,
        applied,
        "peewee-mig rollback 5",
        2,
        ("cannot go back 5 migrations",),
    ),
    Case(
        "consent misspelt",
        SQLITE,
        with_rows,
        "peewee-mig rollback --allow-data-loss person.nick",
        2,
        ("person.nick",),
    ),
    Case(
        "name of a migration",
        SQLITE,
        renamed,
        "peewee-mig generate --no-renames --name '9 lives!'",
        2,
        ("9 lives!",),
    ),
    Case(
        "amend without migration",
        SQLITE,
        lambda p: p.models(PERSON),
        "peewee-mig generate --amend",
        2,
        ("no migration to amend",),
    ),
    Case(
        "amend what is applied",
        SQLITE,
        applied,
        "peewee-mig generate --amend",
        5,
        ("0002_nick is applied",),
    ),
    Case(
        "drop what is applied",
        SQLITE,
        applied,
        "peewee-mig drop 0002_nick",
        5,
        ("0002_nick is applied",),
    ),
    Case(
        "drop what is not the newest",
        SQLITE,
        two,
        "peewee-mig drop 0001_initial",
        5,
        ("0002_nick depends on it",),
    ),
    Case(
        "snapshot of no migration",
        SQLITE,
        two,
        "peewee-mig snapshot 0001_inital",
        2,
        ("0001_inital",),
    ),
    Case(
        "options that exclude each other",
        SQLITE,
        two,
        "peewee-mig generate --check --dry-run",
        2,
        ("exclude each other",),
    ),
    Case(
        "server version",
        SQLITE,
        two,
        "peewee-mig sql --dialect postgres --server-version fifteen",
        2,
        ("fifteen",),
        values={"VERSION": "15"},
    ),
    Case(
        "baseline by force without target",
        SQLITE,
        two,
        "peewee-mig baseline --force",
        2,
        ("TARGET",),
    ),
    Case(
        "baseline without migrations",
        SQLITE,
        lambda p: (p.models(PERSON), p.sql("SELECT 1")),
        "peewee-mig baseline",
        2,
        ("no migrations",),
        aim="peewee-mig generate --check",
    ),
    Case(
        "nothing pulled over a file",
        SQLITE,
        pulled,
        "peewee-mig pull --output models.py",
        5,
        ("models.py is there",),
    ),
    Case(
        "pull of two modules into a file",
        SQLITE,
        pulled_two,
        "peewee-mig pull --output shop.py --split prefix",
        2,
        ("one file",),
    ),
    Case(
        "pull of a table that is not there",
        SQLITE,
        pulled,
        "peewee-mig pull --table persn",
        2,
        ("no table",),
    ),
    Case(
        "init with other settings",
        SQLITE,
        one,
        "peewee-mig init --database sqlite:///b.db",
        2,
        ("another value of 'database'",),
        prose=True,
    ),
    Case(
        "fill that fits nothing pending",
        SQLITE,
        applied,
        "peewee-mig migrate --fill person.name=x",
        2,
        ("no pending migration",),
    ),
    # configuration
    Case(
        "two configuration files",
        SQLITE,
        two_files,
        "peewee-mig status",
        2,
        ("peewee_mig.toml", "setup.cfg"),
    ),
    Case(
        "configuration file not there",
        SQLITE,
        one,
        "peewee-mig status --config setup.cf",
        2,
        ("setup.cf",),
    ),
    Case(
        "configuration file of something else",
        SQLITE,
        lambda p: (without_configuration(p), p.write("setup.cfg", "[metadata]\nname = zoo\n")),
        "peewee-mig generate --config setup.cfg",
        2,
        ("no section for peewee_mig",),
    ),
    Case(
        "environment misspelt", SQLITE, with_environment, "peewee-mig status --env prd", 2, ("prd",)
    ),
    Case(
        "environment without a file",
        SQLITE,
        with_url_only,
        "peewee-mig status --env prod",
        2,
        ("prod",),
        aim="peewee-mig status",
    ),
    Case(
        "setting misspelt",
        SQLITE,
        setup(databse='"x.db"'),
        "peewee-mig status",
        2,
        ("'databse'", "peewee_mig.toml"),
        prose=True,
    ),
    Case(
        "variable not set",
        SQLITE,
        with_variable,
        "peewee-mig status",
        2,
        ("APP_DB",),
        values={"VALUE": "app.db"},
    ),
    Case(
        "two databases",
        SQLITE,
        with_url_elsewhere,
        "peewee-mig status --env prod",
        2,
        ("--env prod and DATABASE_URL",),
    ),
    Case(
        "no database",
        SQLITE,
        without_configuration,
        "peewee-mig status",
        2,
        ("no database",),
        values={"URL": "sqlite:///app.db"},
    ),
    Case("no models", SQLITE, without_configuration, "peewee-mig generate", 2, ("no models",)),
    Case(
        "two slashes",
        SQLITE,
        one,
        "peewee-mig status --database sqlite://app.db",
        2,
        ("two slashes",),
    ),
    Case("no colon", SQLITE, one, "peewee-mig status --database sqlite///app.db", 2, ("colon",)),
    Case(
        "scheme misspelt",
        SQLITE,
        one,
        "peewee-mig status --database sqllite:///app.db",
        2,
        ("sqllite",),
    ),
    Case(
        "database without a name",
        SQLITE,
        one,
        "peewee-mig sql --database postgresql://localhost",
        2,
        ("no database",),
        values={"DATABASE": "app"},
    ),
    Case(
        "port",
        SQLITE,
        one,
        "peewee-mig sql --database postgresql://h:54x/app",
        2,
        ("54x",),
        values={"PORT": "5432"},
    ),
    Case(
        "in memory",
        SQLITE,
        one,
        "peewee-mig migrate --database sqlite:///:memory:",
        2,
        ("in memory",),
    ),
    Case(
        "no folder of migrations",
        SQLITE,
        lambda p: p.models(PERSON),
        "peewee-mig migrate",
        2,
        ("migrations does not exist",),
    ),
    Case(
        "folder of migrations misspelt",
        SQLITE,
        one,
        "peewee-mig migrate --directory migration",
        2,
        ("migration does not exist",),
    ),
    Case(
        "folder that is a file",
        SQLITE,
        one,
        "peewee-mig migrate --directory models.py",
        2,
        ("is a file",),
    ),
    Case(
        "attribute of a database",
        SQLITE,
        lambda p: (one(p), zoo(p)),
        "peewee-mig status --database zoo.db:databse",
        2,
        ("databse",),
    ),
    # models
    Case(
        "module misspelt", SQLITE, zoo, "peewee-mig generate --models zoo.model", 2, ("zoo.model",)
    ),
    Case(
        "attribute of the models misspelt",
        SQLITE,
        zoo,
        "peewee-mig generate --models zoo.models:Persn",
        2,
        ("Persn",),
    ),
    Case(
        "module with a slash",
        SQLITE,
        zoo,
        "peewee-mig generate --models zoo/models.py",
        2,
        ("zoo/models.py",),
    ),
    Case(
        "module without models",
        SQLITE,
        zoo,
        "peewee-mig generate --models zoo.db",
        2,
        ("no models",),
        values={"MODULE": "zoo.models"},
    ),
    Case(
        "models that do not import",
        SQLITE,
        lambda p: p.models("class Person(Modell):\n    x = 1"),
        "peewee-mig generate",
        2,
        ("models.py:3", "Modell"),
        prose=True,
    ),
    Case(
        "models that are one table",
        SQLITE,
        lambda p: p.models(
            PERSON,
            PERSON.replace("Person", "P2") + "\n    class Meta:\n        table_name = 'person'",
        ),
        "peewee-mig generate",
        2,
        ("Person", "P2", "person"),
        prose=True,
    ),
    Case(
        "name that is too long",
        ("mysql",),
        lambda p: p.models(PERSON + "\n    " + "x" * 70 + " = IntegerField(null=True)"),
        "peewee-mig generate",
        5,
        ("no names over 64 characters", "x" * 70),
        prose=True,
    ),
    Case(
        "type that an engine has not",
        SQLITE,
        lambda p: p.write(
            "models.py",
            "from peewee import *\nfrom playhouse.postgres_ext import ArrayField\n\n\n"
            f"{PERSON}\n    tags = ArrayField(TextField, index=False)\n",
        ),
        "peewee-mig generate",
        5,
        ("SQLite", "person.tags"),
        prose=True,
    ),
)
