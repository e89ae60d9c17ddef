# Two commands do all set-up themselves: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready

.PHONY: help run test check lint types layers docs bench worlds mutants sample clean

help:            ## what can be made here
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'screening needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Set PYTHON=/path/to/python3.11.')"
	@echo "Setting up .venv (once; a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable ".[dev]"
	@$(PYTHON) -c "open('$(READY)', 'w').close()"

run: $(READY)    ## screen the sample municipality for September, October and November 2026
	@$(BIN)/python data/sample/run.py

test: $(READY)   ## all tests, warnings as errors, with branch coverage
	$(BIN)/python -m pytest --cov --cov-fail-under=95

check: lint types layers docs test  ## every gate: lint, types, layers, docs in step, tests

lint: $(READY)   ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## mypy, strict
	$(BIN)/mypy

layers: $(READY) ## imports point down
	$(BIN)/lint-imports

docs: $(READY)   ## generated pages are in step with what they are made from
	$(BIN)/python docs/generate.py --check

bench: $(READY)  ## the measurements of docs/performance.md
	$(BIN)/python -m benchmarks

worlds: $(READY) ## precision and recall of every rule over labelled worlds; the alert share of a first run
	$(BIN)/python -m benchmarks.worlds
	$(BIN)/python -m benchmarks.worlds.municipality

mutants: $(READY) ## which small changes of the checks nobody would notice (docs/mutation.md)
	$(BIN)/python -m benchmarks.mutants

sample: $(READY) ## make the sample municipality's files again (byte for byte the same)
	$(BIN)/python data/sample/make_sample.py

clean:           ## forget the environment, the sample's store and its reports
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('.venv', '.screening', 'build')]"
