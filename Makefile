# The two commands of the README are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
# Where `make run` serves: `make run PORT=8010`.
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# pip's progress bars on a terminal, one plain line elsewhere.
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(shell test -t 2 || echo --quiet)
# A worker a processor. Each file runs whole and in order in one worker: what it shares is made once,
# and no result hangs on where a file was cut. The browser's files come first: left to the end, as few
# tests that take long, they would keep one worker busy and the others idle.
PYTEST := $(BIN)/pytest --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder
CATALOGUES := $(wildcard survey/locales/*/LC_MESSAGES/messages.po)

# Compiled modules are kept: without them each command that a test starts compiles all it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast install check bench screenshots lock messages

help:
	@echo "make run        set everything up and serve http://127.0.0.1:$(PORT) (PORT=8010 for another)"
	@echo "make test       set everything up and run linters and the whole test suite"
	@echo "make test-fast  the tests that need no browser, server, page or model"
	@echo "make install    only the environment, in .venv"
	@echo "make bench      the tables of the README's Performance section"
	@echo "make screenshots  the pictures of the README"
	@echo "make lock       pin the requirements anew (needs uv)"
	@echo "make messages   bring the catalogues of fr and ar up to date with the templates"

run: install
	@$(BIN)/rayak setup
	@exec $(BIN)/rayak serve --port $(PORT)

install: $(VENV)/.runtime $(CATALOGUES:.po=.mo)

test: $(VENV)/.dev $(CATALOGUES:.po=.mo)
	@bash tests/system_packages.sh
	@$(MAKE) --no-print-directory check
	@$(PYTEST)

test-fast: $(VENV)/.dev $(CATALOGUES:.po=.mo)
	@$(PYTEST) -m "not slow"

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev $(CATALOGUES:.po=.mo)
	@$(BIN)/python -m tests.benchmarks

screenshots: $(VENV)/.dev $(CATALOGUES:.po=.mo)
	@$(BIN)/python -m tests.browser.screenshots

lock:
	for f in runtime parquet dev train; do uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/$$f.in -o requirements/$$f.txt || exit 1; done

messages: $(VENV)/.runtime
	@$(BIN)/pybabel -q extract -F survey/locales/babel.cfg --no-location --sort-output -k _l -o survey/locales/messages.pot .
	@for l in fr ar; do $(BIN)/pybabel -q update --no-fuzzy-matching -N -l $$l -D messages -d survey/locales -i survey/locales/messages.pot; done

%.mo: %.po | $(VENV)/.runtime
	@$(BIN)/pybabel -q compile -i $< -o $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rayak needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null \
	  || { [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && echo "Installing python3-venv ..." \
	       && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv --clear $(VENV); } \
	  || { rm -rf $(VENV); echo "Python cannot make an environment here. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Rayak needs into $(VENV) (about a minute) ..."
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.runtime
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
