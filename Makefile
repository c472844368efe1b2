# The targets of this project. Needs only Python and make: .venv is made on demand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PEEWEE_MIG ?= $(BIN)/peewee-mig

# The value goes through the shell's environment, so that quotes and spaces survive. Only a
# value of make's command line counts: some systems set NAME in the environment.
given = $(if $(findstring command line,$(origin $(1))),$(2))
name = $(call given,NAME,$${NAME:+--name "$$NAME"})
named = $(call given,NAME,$${NAME:+"$$NAME"})
target = $(call given,TARGET,$${TARGET:+"$$TARGET"})
args = $(call given,ARGS,$(ARGS))

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@echo "Targets (NAME=... names a migration, TARGET=... says where to, ARGS=... passes options on):"
	@awk -F ':.*## ' '/^[a-z][a-z%-]*:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "DATABASE_URL=... takes the place of the embedded database (see setup.cfg)."

# --- migrations ------------------------------------------------------------------------

.PHONY: generate
generate: $(CORE) ## Write the migration that the models need (NAME=...)
	@$(PEEWEE_MIG) generate $(name) $(args)

.PHONY: migrate
migrate: $(CORE) ## Apply what the database lacks (TARGET=...)
	@$(PEEWEE_MIG) migrate $(target) $(args)

.PHONY: rollback
rollback: $(CORE) ## Undo the last migration (TARGET=... a number of them, or down to a name)
	@$(PEEWEE_MIG) rollback $(target) $(args)

.PHONY: push
push: $(CORE) ## Make a database for play what the models say, without a migration
	@$(PEEWEE_MIG) push $(args)

.PHONY: reset
reset: $(CORE) ## Drop what the history made in a database for development, migrate anew, seed
	@$(PEEWEE_MIG) reset $(args)

.PHONY: seed
seed: $(CORE) ## Give a database the rows that it should begin with (NAME=... one of them, ARGS="--tag TAG")
	@$(PEEWEE_MIG) seed $(named) $(args)

.PHONY: pull
pull: $(CORE) ## Print Peewee models for the tables of a database (ARGS="--output models.py")
	@$(PEEWEE_MIG) pull $(args)

.PHONY: baseline
baseline: $(CORE) ## Record the migrations that a database has already, running nothing (TARGET=...)
	@$(PEEWEE_MIG) baseline $(target) $(args)

.PHONY: repair
repair: $(CORE) ## Say what the database has, put the records right (ARGS="--yes", "--unlock", ...)
	@$(PEEWEE_MIG) repair $(args)

.PHONY: rebase
rebase: $(CORE) ## After a merge of two branches: put your migrations behind those of others
	@$(PEEWEE_MIG) rebase $(args)

.PHONY: merge
merge: $(CORE) ## Join the migrations of two branches that are applied somewhere (NAME=...)
	@$(PEEWEE_MIG) merge $(name) $(args)

.PHONY: diff
diff: $(CORE) ## Show how the database differs from its migrations (TARGET=... or another database)
	@$(PEEWEE_MIG) diff $(target) $(args)

.PHONY: squash
squash: $(CORE) ## Put several migrations in one (ARGS="0002 0007", "--all", "--remove NAME")
	@$(PEEWEE_MIG) squash $(args)

.PHONY: status
status: $(CORE) ## Show what is applied and what is pending
	@$(PEEWEE_MIG) status $(args)

.PHONY: graph
graph: $(CORE) ## Draw the migrations and what each depends on (ARGS=--mermaid)
	@$(PEEWEE_MIG) graph $(args)

.PHONY: show
show: $(CORE) ## Tell all about one migration (NAME=... or TARGET=...)
	@$(PEEWEE_MIG) show $(target) $(named) $(args)

.PHONY: erd
erd: $(CORE) ## Draw the tables (TARGET=... of a migration or a difference, ARGS="--output schema.svg")
	@$(PEEWEE_MIG) erd $(target) $(args)

.PHONY: sql
sql: $(CORE) ## Print the SQL of migrations, offline (TARGET=... one of them)
	@$(PEEWEE_MIG) sql $(target) $(args)

.PHONY: db-check
db-check: $(CORE) ## Check the migrations folder only, offline
	@$(PEEWEE_MIG) check $(args)

db-%: ## The same target by another name: db-generate, db-migrate, ...
	@$(MAKE) --no-print-directory $*

# --- development -----------------------------------------------------------------------

# ARGS is for one command, not for all of these.
.PHONY: check
check: args :=
check: db-check format-check lint types layers test ## Check everything: migrations, format, lint, types, layers, tests

.PHONY: test
test: $(DEV) ## Run the tests, on every engine that is there
	@$(BIN)/python -m pytest -n 3 $(args)

.PHONY: coverage
coverage: $(DEV) ## Fail unless tests reach every branch of schema, operations, diff and plan
	@$(BIN)/python -m pytest -q -n 2 tests/unit tests/properties tests/golden \
		--cov=peewee_mig.schema --cov=peewee_mig.operations --cov=peewee_mig.diff \
		--cov=peewee_mig.plan --cov-branch --cov-fail-under=100

.PHONY: test-thorough
test-thorough: $(DEV) ## Run the tests with many more generated examples (hours)
	@$(BIN)/python -m pytest -n 2 --hypothesis-profile=thorough

.PHONY: test-peewee
test-peewee: ## Run what does not need the newest Peewee with an older one (PEEWEE=3.17.0)
	@test -x $(VENV)-peewee/bin/pip || $(PYTHON) -m venv $(VENV)-peewee
	@$(VENV)-peewee/bin/python -m pip install --quiet --disable-pip-version-check \
		--editable '.[dev]' 'peewee==$(or $(PEEWEE),3.17.0)'
	@$(VENV)-peewee/bin/python -m pytest -n 2 tests/golden tests/scenarios tests/unit/test_peewee.py \
		tests/live/test_pull.py tests/live/test_setups_*.py $(args)

.PHONY: golden
golden: $(DEV) ## Rewrite the golden files; review them with git diff
	@$(BIN)/python -m pytest -q tests/golden tests/scenarios tests/unit/test_docs_commands.py --update-golden

.PHONY: bench
bench: $(DEV) ## Measure how fast the program starts, and what grows (minutes)
	@$(BIN)/python -m pytest -q -s tests/bench -o python_files='bench_*.py'

.PHONY: format
format: $(DEV) ## Format the code
	@$(BIN)/ruff format --quiet .

.PHONY: format-check
format-check: $(DEV) ## Fail if the code is not formatted
	@$(BIN)/ruff format --check --quiet .

.PHONY: lint
lint: $(DEV) ## Lint the code
	@$(BIN)/ruff check --quiet .

.PHONY: types
types: $(DEV) ## Check the types
	@$(BIN)/mypy --no-error-summary

.PHONY: layers
layers: $(DEV) ## Check that imports go one way only
	@$(BIN)/lint-imports --config setup.cfg >$(VENV)/layers.log || { cat $(VENV)/layers.log; exit 1; }

.PHONY: clean
clean: ## Remove the environment and the caches (not the database)
	@rm -rf $(VENV) $(VENV)-peewee *.egg-info build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache .coverage*

# --- the environment -------------------------------------------------------------------

$(CORE): setup.cfg pyproject.toml
	@echo "Preparing $(VENV) ..." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(DEV): $(CORE)
	@echo "Installing what the tests need ..." >&2
	@$(PIP) --editable '.[dev]'
	@touch $@
