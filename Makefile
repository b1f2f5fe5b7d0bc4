# Everything runs in .venv, which is made on first use from pinned, hashed requirements: a bare machine needs only
# make and Python 3.11 or later. `make help` lists the targets.

.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

# PYTHON names an interpreter to use in place of the newest one found.
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3 python)
VENV    := .venv
BIN     := $(VENV)/bin
STAMPS  := $(VENV)/.stamps
IMAGE   := jsm-sla-bot
ARGS    ?=

PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
INSTALL := $(PIP) install --require-hashes --no-deps

.DEFAULT_GOAL := help
.PHONY: help demo test slow check lock image bench chaos differential explore fuzz mutants clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  ARGS='...' is handed to the program that the target runs, e.g. make test ARGS='-k calendar'"

demo: $(STAMPS)/run ## Play the bot against a fake Jira on this machine
	@$(BIN)/jsm-sla-bot demo $(ARGS)

# A worker for each core; `ARGS='-n 0'` runs everything in one process, for a debugger. Compiled modules are kept in any
# environment: the tests start a hundred processes, and each would compile the bot again.
test slow: export PYTHONDONTWRITEBYTECODE :=
PYTEST = $(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal

test: $(STAMPS)/dev ## Run the tests, without the slow ones
	@$(PYTEST) -m "not slow and not chaos" $(ARGS)

slow: $(STAMPS)/dev ## Run the slow tests: real processes, whole weeks, a kill at each call (minutes)
	@$(PYTEST) -m "slow and not chaos" $(ARGS)

check: $(STAMPS)/dev ## Lint, format, types and layers: seconds
	@echo "ruff check";          $(BIN)/ruff check --quiet .
	@echo "ruff format --check"; $(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ." >&2; exit 1; }
	@echo "mypy --strict";       $(BIN)/mypy --no-error-summary
	@echo "import-linter";       out=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$out" >&2; exit 1; }
	@echo "All checks passed."

# Hashes and versions only: no index, no host. Each file holds to the versions of the one before it.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" $(ARGS)
RUNTIME := pyproject.toml --extra sandbox --extra calendars --extra postgres

lock: $(STAMPS)/dev ## Pin the requirements again (ARGS=--upgrade for newer versions)
	@[ -x $(BIN)/uv ] || { echo "Installing uv (once) ..."; $(PIP) install 'uv>=0.9,<1'; }
	@$(COMPILE) $(RUNTIME) -o requirements.txt
	@$(COMPILE) --group build -o requirements-build.txt
	@$(COMPILE) $(RUNTIME) --extra report -c requirements.txt -c requirements-build.txt --group dev -o requirements-dev.txt
	@$(COMPILE) -c requirements-dev.txt --group sbom -o requirements-sbom.txt
	@$(COMPILE) -c requirements-dev.txt --group bench -o requirements-bench.txt
	@echo "requirements*.txt written."

# What was built, from which commit: for who meets the image without the checkout.
LABEL  := org.opencontainers.image
LABELS  = --label $(LABEL).version=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
          --label $(LABEL).revision=$$(git describe --always --dirty --abbrev=40 --exclude '*' 2>/dev/null || echo unknown)

image: ## Build the container image with docker, podman or buildah
	@if docker info >/dev/null 2>&1; then docker build -t $(IMAGE) $(LABELS) $(ARGS) .; \
	elif command -v podman >/dev/null; then podman build --format docker -t $(IMAGE) $(LABELS) $(ARGS) .; \
	elif command -v buildah >/dev/null; then buildah build --format docker -t $(IMAGE) $(LABELS) $(ARGS) .; \
	else echo "make image needs a running docker, or podman, or buildah." >&2; exit 1; fi

bench: $(STAMPS)/bench ## Measure against other libraries
	@[ -d benchmarks ] || { echo "There is no benchmarks/ in this checkout." >&2; exit 1; }
	@$(BIN)/python -m benchmarks $(ARGS)

chaos: $(STAMPS)/dev ## Live through a fortnight of faults and kills, twenty seeds (an hour; ARGS='-k 117' for one)
	@$(BIN)/python -m pytest tests/chaos -m chaos $(ARGS)

differential: $(STAMPS)/dev ## Compare business time with two others on 20,000 random cases
	@DIFFERENTIAL_CASES=20000 $(BIN)/python -m pytest tests/sla/test_differential.py $(ARGS)

explore: $(STAMPS)/dev ## Test the properties with new random examples, more of them (minutes)
	@$(PYTEST) -m hypothesis --hypothesis-profile explore --timeout=0 $(ARGS)

fuzz: $(STAMPS)/dev ## Damage answers and ledgers at random 400,000 times (FUZZ_SEED=1 for another chance)
	@FUZZ_CASES=$${FUZZ_CASES:-400000} $(BIN)/python -m pytest tests/fuzz --timeout=0 $(ARGS)

mutants: $(STAMPS)/bench ## Break the engine line by line and see whether a test notices (minutes)
	@PYTHONPATH=src $(BIN)/mutmut run $(ARGS); PYTHONPATH=src $(BIN)/mutmut results

clean: ## Remove .venv and everything else that make or the checks wrote
	@rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache mutants
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment, one stamp for each step, newer than the files it was made from.

$(STAMPS)/venv:
	@python=; for candidate in $(PYTHONS); do \
	  "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && { python=$$candidate; break; }; done; \
	[ -n "$$python" ] || { echo "No usable Python among: $(PYTHONS)." \
	  "Install Python 3.11 or later with its venv module (on Debian and Ubuntu: apt install python3-venv)," \
	  "or name one: make PYTHON=/path/to/python3" >&2; exit 1; }; \
	echo "Making $(VENV) with $$("$$python" --version) ..."; \
	"$$python" -m venv --clear $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/venv pyproject.toml requirements.txt requirements-build.txt
	@echo "Installing what the bot and its demo need (under a minute, once) ..."
	@$(INSTALL) -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements-dev.txt
	@echo "Installing what the checks and tests need (about a minute, once) ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(STAMPS)/bench: $(STAMPS)/dev requirements-bench.txt
	@echo "Installing what the benchmark needs (once) ..."
	@$(INSTALL) -r requirements-bench.txt
	@touch $@
