"""The make targets that a project includes: ``peewee_mig.mk``."""

from __future__ import annotations

from collections.abc import Collection

FILE = "peewee_mig.mk"

_NAME = '$(call peewee_mig_given,NAME,$${NAME:+--name "$$NAME"})'
_NAMED = '$(call peewee_mig_given,NAME,$${NAME:+"$$NAME"})'
_TARGET = '$(call peewee_mig_given,TARGET,$${TARGET:+"$$TARGET"})'

#: Target -> what it takes besides ARGS.
TARGETS = {
    "generate": _NAME,
    "migrate": _TARGET,
    "rollback": _TARGET,
    "push": "",
    "reset": "",
    "seed": _NAMED,
    "pull": "",
    "baseline": _TARGET,
    "repair": "",
    "rebase": "",
    "merge": _NAME,
    "squash": "",
    "diff": _TARGET,
    "status": "",
    "graph": "",
    "show": f"{_TARGET} {_NAMED}",
    "erd": _TARGET,
    "sql": _TARGET,
    "check": "",
}
_HEAD = """\
# Targets of peewee-mig. In your Makefile: include peewee_mig.mk
#
#   make generate NAME=add_nicknames    make migrate TARGET=0007    make check ARGS=--json
#
# Each is also there as db-generate, db-migrate, ... Set PEEWEE_MIG if the program is not on
# the PATH, such as PEEWEE_MIG := .venv/bin/peewee-mig

PEEWEE_MIG ?= peewee-mig

# Only a value of make's command line counts: some systems set NAME in the environment.
peewee_mig_given = $(if $(findstring command line,$(origin $(1))),$(2))
peewee_mig_goal := $(.DEFAULT_GOAL)
"""
_FOOT = """
# The first target of your Makefile stays its default.
.DEFAULT_GOAL := $(peewee_mig_goal)
"""


def make_targets(taken: Collection[str]) -> str:
    """Return the text of the file; ``taken``: targets that the Makefile has already."""
    rules = [_rule(name, takes, short=name not in taken) for name, takes in TARGETS.items()]
    return "".join([_HEAD, *rules, _FOOT])


def _rule(name: str, takes: str, *, short: bool) -> str:
    names = f"{name} db-{name}" if short else f"db-{name}"
    command = " ".join(filter(None, ["$(PEEWEE_MIG)", name, takes, _ARGS]))
    return f"\n.PHONY: {names}\n{names}:\n\t@{command}\n"


_ARGS = "$(call peewee_mig_given,ARGS,$(ARGS))"
