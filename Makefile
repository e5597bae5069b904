# Regulars: `make run` shows it, `make test` proves it. README.md says what each needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install run test quick races sqlite browser walks migrations soak check style types layers unused pages models texts fmt lock

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
LOCKS := requirements/uv.txt requirements/dev.txt
CATALOGS := $(wildcard config/locale/*/LC_MESSAGES/*.po)
PRODUCT := config crm loyalty reminders
PYTEST := $(BIN)/python -m pytest
SERVICES := $(BIN)/python -m tests.services
# what one process has compiled the next one reads, also where the machine says that nothing shall be kept
unexport PYTHONDONTWRITEBYTECODE
ON_SQLITE := env -u DATABASE_URL -u BROKER_URL -u REDIS_URL

help:
	@echo "make run      the salon on http://127.0.0.1:$(PORT), with a demo to try; Ctrl-C stops it"
	@echo "make test     everything that proves it (install, check, quick, races, browser, migrations)"
	@echo "make install  dependencies and translations     make quick  the tests while you work"
	@echo "make check    style, types, layers, texts       make fmt    put the code into shape"
	@echo "make soak     the long runs                     make lock   new versions of the libraries"

# What everything begins with: dependencies and compiled translations.
install: .venv/.installed $(CATALOGS:.po=.mo)

.venv/.installed: $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regulars needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 install")'
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@$(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python install --quiet --require-hashes -r requirements/uv.txt
	@# compiled once here: every later start of every process is twice as quick
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

%.mo: %.po .venv/.installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(lastword $(filter-out LC_MESSAGES,$(subst /, ,$(dir $<))))

# The keys are those that an earlier `manage.py migrate` has made, else new ones; who has real clients keeps a copy.
.env: | install
	@umask 077; $(BIN)/python -c 'from config.keys import keep_keys; from pathlib import Path; keep_keys(Path("var/keys.env"))'
	@umask 077; { cat var/keys.env; echo DEMO=1; } > .env.new && mv .env.new .env

run: install .env
	@exec $(BIN)/python manage.py run_salon --port $(PORT)

test:
	@$(PYTHON) tests/parts.py

quick: install
	$(SERVICES) -- $(PYTEST) -n 2 --dist worksteal -m "not race and not browser and not walk and not migrations and not soak"

races: install
	$(SERVICES) -- $(PYTEST) -n 2 --dist loadfile -m "race and not soak"
	$(ON_SQLITE) $(PYTEST) -n 2 --dist loadfile -m "race and sqlite and not soak"

sqlite: install
	$(ON_SQLITE) $(PYTEST) -n 2 --dist worksteal -m "sqlite and not race and not browser and not migrations and not soak"

browser: install
	$(SERVICES) --browser -- $(PYTEST) -m "browser and not soak"

walks: install
	$(SERVICES) -- $(PYTEST) -n 2 --dist worksteal -m "walk and not soak"

migrations: install
	$(SERVICES) -- $(PYTEST) --migrations -m "migrations and not soak"

soak: install
	$(SERVICES) --browser -- $(PYTEST) -m soak

# each of them speaks, also when another has failed; the longest goes first, and the others beside it
check: install
	@$(MAKE) --keep-going --no-print-directory --jobs=2 types pages layers models texts unused style

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types:
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/mypy
layers:
	$(BIN)/lint-imports
unused:
	$(BIN)/deptry --no-ansi $(PRODUCT)
pages:
	$(BIN)/djlint templates --lint --quiet
models:
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
texts:
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py check_translations

fmt: install
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# No address is written down: the locks install from whatever index a machine is set up with.
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links
lock: install
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) requirements/ses.in -o requirements/ses.txt
	$(COMPILE) requirements/messengers.in -o requirements/messengers.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/services.in -o requirements/services.txt
