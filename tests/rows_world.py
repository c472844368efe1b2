"""Tables with reference rows as values, made of a few words, for tests of every engine."""

from dataclasses import dataclass, field

from peewee_mig import op
from peewee_mig.schema import Schema


@dataclass(frozen=True)
class State:
    """Roles (name -> label), what they may (role, permission), a tree (name -> parent).

    ``ranked``: roles have a rank, of that type; ``called``: what their name is called;
    ``flat``: the tree knows no parents.
    """

    roles: dict = field(default_factory=dict)
    may: tuple = ()
    tree: dict = field(default_factory=dict)
    ranked: str = ""
    called: str = "name"
    flat: bool = False
    tables: tuple = ("role", "may", "tree")

    @property
    def schema(self):
        made = {"role": self._role, "may": self._may, "tree": self._tree}
        return Schema.of(made[name]().object for name in self.tables)

    def _role(self):
        rank = [op.column("rank", self.ranked, null=True)] if self.ranked else []
        rows = [self._role_row(name, label) for name, label in self.roles.items()]
        return op.create_table(
            "role",
            op.column("id", "AUTO"),
            op.column(self.called, "VARCHAR(20)"),
            op.column("label", "VARCHAR(40)", null=True),
            *rank,
            op.primary_key("id"),
            op.index("role_name", self.called, unique=True),
            *([op.rows(self.called, rows)] if rows else []),
        )

    def _role_row(self, name, label):
        rank = str(len(name)) if "CHAR" in self.ranked else len(name)
        return {
            self.called: name,
            **({} if label is None else {"label": label or None}),
            **({"rank": rank} if self.ranked else {}),
        }

    def _may(self):
        rows = [
            {"role_id": op.ref("role", "id", {self.called: role}), "what": what}
            for role, what in self.may
        ]
        return op.create_table(
            "may",
            op.column("role_id", "INT"),
            op.column("what", "VARCHAR(20)"),
            op.primary_key("role_id", "what"),
            op.index("may_role_id", "role_id"),
            op.foreign_key("role_id", "role", "id"),
            *([op.rows(["role_id", "what"], rows)] if rows else []),
        )

    def _tree(self):
        if self.flat:
            rows = [{"name": name} for name in self.tree]
            return op.create_table(
                "tree",
                op.column("id", "AUTO"),
                op.column("name", "VARCHAR(20)"),
                op.primary_key("id"),
                op.index("tree_name", "name", unique=True),
                *([op.rows("name", rows)] if rows else []),
            )
        parents = [
            {"name": name, "parent_id": op.ref("tree", "id", {"name": parent}) if parent else None}
            for name, parent in self.tree.items()
        ]
        return op.create_table(
            "tree",
            op.column("id", "AUTO"),
            op.column("name", "VARCHAR(20)"),
            op.column("parent_id", "INT", null=True),
            op.primary_key("id"),
            op.index("tree_name", "name", unique=True),
            op.index("tree_parent_id", "parent_id"),
            op.foreign_key("parent_id", "tree", "id"),
            *([op.rows("name", parents)] if parents else []),
        )

    def expected(self):
        """Return what :meth:`found` returns of a database that has these rows, and no others."""
        return {
            "role": {
                (name, label or None, *([str(len(name))] if self.ranked else []))
                for name, label in self.roles.items()
            },
            "may": set(self.may),
            "tree": {
                (name,) if self.flat else (name, parent or None)
                for name, parent in self.tree.items()
            },
        }

    def found(self, query, quote='"'):
        """Read all rows, without their numbers."""
        name = f"r.{quote}{self.called}{quote}"
        rank = f", r.{quote}rank{quote}" if self.ranked else ""
        queries = {
            "role": f"SELECT {name}, r.label{rank} FROM role r",
            "may": f"SELECT {name}, m.what FROM may m JOIN role r ON r.id = m.role_id",
            "tree": "SELECT name FROM tree"
            if self.flat
            else "SELECT t.name, p.name FROM tree t LEFT JOIN tree p ON p.id = t.parent_id",
        }
        return {
            table: {tuple(None if v is None else str(v) for v in row) for row in query(sql)}
            for table, sql in queries.items()
            if table in self.tables
        }
