"""Every setting, its value and where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.commands.config import Setting, redact
from peewee_mig.commands.config_values import KEYS
from peewee_mig.commands.project import Project


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting; a password in it is hidden."""

    key: str
    value: object
    source: str

    def text(self) -> str:
        """Spell the value for people."""
        if isinstance(self.value, tuple):
            return ", ".join(self.value) or "-"
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) or "-"


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings; ``file`` empty: there is no configuration file."""

    file: str
    rows: tuple[Shown, ...]

    def to_json(self) -> dict[str, object]:
        """Return the settings for ``--json``."""
        settings = {row.key: {"value": row.value, "source": row.source} for row in self.rows}
        return {"file": self.file, "settings": settings}


def config_show(project: Project) -> Configuration:
    """List the settings of a project."""
    settings = project.settings
    file = str(settings.file) if settings.file else ""
    shown = tuple(_shown(key, getattr(settings, key)) for key in ("env", *KEYS))
    return Configuration(file, shown)


def _shown(key: str, setting: Setting[object]) -> Shown:
    value = redact(str(setting.value)) if key in ("database", "tenant_url") else setting.value
    return Shown(key, value, setting.source)
