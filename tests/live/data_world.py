"""A project whose migrations have functions, on any engine."""

import textwrap

from live_world import BASE, LiveWorld

from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration

TEMPLATE = '''"""Step."""

from peewee_mig import op

format = 1

{mode}depends_on = {on!r}


{code}

operations = [
{body}]
'''


class DataWorld(LiveWorld):
    """``write_code``: write a migration with functions."""

    def write_code(self, code, *operations, atomic=None):
        history = read_history(self.migrations)
        name = f"{len(history.names) + 1:04}_step"
        text = TEMPLATE.format(
            mode="" if atomic is None else f"atomic = {atomic}\n\n",
            on=[history.head] if history.head else [],
            code=textwrap.dedent(code).strip() + "\n",
            body="".join(f"    {each},\n" for each in operations),
        )
        write_migration(history, name, text)
        return name

    def write_base(self):
        self.write(BASE)
        self.migrate()

    def people(self, count):
        """Insert people of consecutive ages."""
        values = ", ".join(f"('p{n:05}', {n})" for n in range(1, count + 1))
        self.sql(f"INSERT INTO people (name, age) VALUES {values}")

    def column(self, sql):
        """Return the first values of rows."""
        return [row[0] for row in self.sql(sql)]
