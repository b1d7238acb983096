# Every target works as the first command in a fresh clone; what it needs is set up on the way.

PYTHON ?= python3
BIN := .venv/bin
UV := uv==0.13.9

# Homebrew's libraries are not on the loader's path of every Python. Set per command: macOS strips it from /bin/sh.
ifeq ($(shell uname -s),Darwin)
  HERE := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib
endif

define HAS_PYTHON
command -v $(PYTHON) >/dev/null || { echo "set-up: no $(PYTHON). Install Python 3.11 or newer (Debian: apt-get install -y python3 python3-venv; macOS: brew install python)." >&2; exit 1; }
endef

.PHONY: help setup book test test-long bench lint clean lock
.DEFAULT_GOAL := help

help:  ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf 'make %-10s %s\n' "$$name" "$$text"; done

setup: .venv/press.stamp  ## prepare .venv and the system libraries; nothing to do the second time

.venv/press.stamp: pyproject.toml requirements.lock .ci/setup.py
	@$(HAS_PYTHON)
	@$(PYTHON) .ci/setup.py press
	@touch $@

# Holds all that the press needs too.
.venv/checks.stamp: pyproject.toml requirements-dev.lock .ci/setup.py
	@$(HAS_PYTHON)
	@$(PYTHON) .ci/setup.py checks
	@touch .venv/press.stamp $@

book: .venv/press.stamp  ## every dossier of specimens/ and the anthology into out/
	@$(HERE) $(BIN)/dossier render
	@$(HERE) $(BIN)/dossier anthology

test: lint  ## linters, types, tests
	@$(HERE) $(BIN)/python -m pytest -q -n 2 --dist loadgroup

test-long: .venv/checks.stamp  ## the tests that take their time
	@$(HERE) $(BIN)/python -m pytest -q -n 2 --dist loadgroup -m long

bench: .venv/checks.stamp  ## what costs how much; leave the machine alone meanwhile
	@for bench in $(filter-out %/timing.py,$(wildcard tests/bench/*.py)); do $(HERE) $(BIN)/python $$bench || exit 1; done

lint: .venv/checks.stamp  ## ruff and mypy
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted; run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(HERE) $(BIN)/python -m mypy --no-error-summary

clean:  ## remove what runs have made; the environment stays
	rm -rf out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find render tests layouts -name __pycache__ -type d -prune -exec rm -rf {} +

# Resolved for every platform and Python from 3.11 on, so that one file serves Debian and macOS.
lock:  ## renew both lock files
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && $(PYTHON) -m venv "$$tools" && \
	"$$tools/bin/pip" install --quiet --disable-pip-version-check $(UV) && \
	compile() { "$$tools/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
	  --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$$@"; } && \
	compile --group build --output-file requirements.lock && \
	compile --group build --extra check --extra dask --group dev --constraints requirements.lock --output-file requirements-dev.lock
