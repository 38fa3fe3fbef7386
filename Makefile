# `make` alone lists the targets. `make run` and `make test` are all a newcomer needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)
DIST := server/web/static/dist/manifest.json
CLIENT := $(shell find client_web/src client_web/package.json client_web/vite.config.ts -type f -not -path '*/locale/*' 2>/dev/null)
PYTEST := pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile  # a file's tests share what they set up
SAY = @printf '\033[1m— %s\033[0m\n'

.PHONY: help run demo simulate test check unit properties postgres browser benchmarks lock wire messages screens clean

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: $(VENV)/.run $(DIST) ## sets everything up and runs the demonstration
	@$(BIN)/python -m server.jobs.demonstration --serve

simulate: $(VENV)/.run ## seats simulated candidates in the running demonstration
	@$(BIN)/python -m server.jobs.simulate

test: $(VENV)/.test $(DIST) check unit postgres browser ## runs all checks and all tests

check: $(VENV)/.test client_web/node_modules/.made ## ruff, mypy, import-linter, catalogues, tsc, vitest
	$(SAY) "ruff"
	@ruff check --quiet .
	$(SAY) "mypy"
	@mypy
	$(SAY) "import-linter"
	@lint-imports --no-cache
	$(SAY) "translations complete"
	@python -m server.jobs.catalogues check
	$(SAY) "tsc and vitest"
	@python -m server.jobs.catalogues compile
	@cd client_web && npm run --silent check && npm test --silent

unit: $(VENV)/.test $(DIST) ## all tests but the browser's, on SQLite
	$(SAY) "tests on SQLite"
	@$(PYTEST) --ignore=tests/e2e

properties: $(VENV)/.test $(DIST) ## the property tests ten times over, on new random examples
	@for turn in 1 2 3 4 5 6 7 8 9 10; do \
	  SYNAK_TEST_PROPERTIES=search $(PYTEST) -p no:cacheprovider $$(grep -rl "from hypothesis" tests --include='test_*.py'); done

postgres: $(VENV)/.test $(DIST) ## the tests that touch a database, on PostgreSQL
	$(SAY) "tests on PostgreSQL"
	@python tests/postgres.py $(PYTEST) tests/service tests/web tests/realtime/test_relay.py tests/architecture/test_migrations.py

browser: $(VENV)/.test $(DIST) ## the tests in a real browser
	$(SAY) "a browser: $$(bash tests/e2e/find_browser.sh)"
	@$(PYTEST) tests/e2e

screens: $(VENV)/.test $(DIST) ## takes the README's screenshots from the real pages
	@PYTHONPATH=. python tests/e2e/screens.py
	@PYTHONPATH=. python tests/e2e/bank_screens.py
	@PYTHONPATH=. python tests/e2e/results_screens.py

wire: $(VENV)/.run ## writes client_web/src/common/wire.ts from the payload classes
	@python -m server.jobs.wire

messages: $(VENV)/.run ## collects new messages into the catalogues
	@python -m server.jobs.catalogues extract

benchmarks: $(VENV)/.benchmarks ## installs the peers that `python -m benchmarks.…` compares with
	$(SAY) "ready: python -m benchmarks.calibration, .selection, .simulation, .delivery, .bank, .results"

lock: ## pins and hashes requirements/*.in (needs uv)
	@cd requirements && for part in run test benchmarks; do \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links $$part.in -o $$part.txt; done

clean: ## removes what was built and installed, keeps var/
	@rm -rf $(VENV) client_web/node_modules server/web/static/dist client_web/src/locale

$(VENV)/.made:
	$(SAY) "a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Synak needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
	  $(PYTHON) -m pip install --quiet --user virtualenv && $(PYTHON) -m virtualenv --quiet $(VENV); }
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt
	$(SAY) "the server's packages (a minute, once)"
	@pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	$(SAY) "what the tests need (a minute, once)"
	@pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.benchmarks: $(VENV)/.run requirements/benchmarks.txt
	$(SAY) "what the benchmarks compare with (a minute, once)"
	@pip install --quiet --disable-pip-version-check --require-hashes -r requirements/benchmarks.txt
	@touch $@

client_web/node_modules/.made: $(VENV)/.run client_web/package-lock.json
	$(SAY) "the browser side's packages"
	@cd client_web && npm ci --loglevel=error --no-audit --no-fund
	@touch $@

$(DIST): client_web/node_modules/.made $(CLIENT) $(wildcard server/core/locale/*.po)
	$(SAY) "the browser side"
	@python -m server.jobs.catalogues compile
	@cd client_web && npm run --silent build
	@touch $@
