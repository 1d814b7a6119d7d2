# Redress: `make run` shows it, `make test` checks it, `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2

ASSETS := $(shell find web/assets -type f 2>/dev/null)
CATALOGS := $(shell find web -name '*.po' 2>/dev/null)

.PHONY: help setup run test test-only check format lint types imports words bench soak clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: .venv/.ready node_modules/.ready build/assets.stamp build/messages.stamp ## make .venv, install what is pinned, bundle the assets

.venv/.ready: constraints.txt setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Redress needs Python 3.11 or newer; say which with make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Redress needs Python's venv module (on Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Installing the Python packages into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

node_modules/.ready: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Redress needs Node.js 20 or newer with npm."; exit 1; }
	@echo "Installing the npm packages into node_modules ..."
	@npm ci --silent --no-audit --no-fund
	@touch $@

build/assets.stamp: node_modules/.ready $(ASSETS)
	@mkdir -p build
	@npm run --silent build
	@touch $@

build/messages.stamp: .venv/.ready $(CATALOGS)
	@mkdir -p build
	@for catalog in $(CATALOGS); do $(BIN)/pybabel --quiet compile -i $$catalog -o $${catalog%.po}.mo || exit 1; done
	@touch $@

run: export REDRESS_HOME ?= $(CURDIR)/var
run: setup ## show Redress: a demo bank on http://127.0.0.1:8000
	@exec $(BIN)/redress serve --demo --host $(HOST) --port $(PORT)

test: ## run every test (sets up all it needs)
	@bash .ci/machine
	@$(MAKE) --no-print-directory setup test-only

test-only:
	@$(BIN)/python -m pytest --no-header -n $(WORKERS) --dist worksteal $(TESTS)

check: setup format lint types imports test ## format, lint, types, import contracts, tests

format: .venv/.ready ## write the code the way ruff does
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --select I --fix .

lint: .venv/.ready ## ruff's rules
	@$(BIN)/ruff check .

types: .venv/.ready ## mypy --strict
	@$(BIN)/mypy engine forms web tests

imports: .venv/.ready ## the contracts between the rooms
	@$(BIN)/lint-imports --no-logo

words: .venv/.ready ## add new words of pages, forms and diagrams to the Chinese catalog
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract -F babel.cfg -o build/messages.pot .
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching -i build/messages.pot -d web/translations

bench: setup ## the benchmark beside other engines; PARTS="w1 http" for some of it; writes build/bench.json
	@$(BIN)/python -m tests.bench.run $(PARTS)

soak: setup ## the long tests: kill -9 a thousand times, a crowd for a minute
	@$(BIN)/python -m pytest -q -m soak $(TESTS)

clean: ## remove what was made (not var/, where the demo bank lives)
	@rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache web/static/dist
	@find . -name '*.mo' -not -path './.venv/*' -delete
