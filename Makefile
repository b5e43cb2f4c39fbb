# One word per chore; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ARGS ?=
FUZZ ?= 1000000
SCORES ?= 100000
SIZES ?= 1000 10000
YEAR ?= 100 300 1000

.DEFAULT_GOAL := help
.PHONY: help install run test test-kill test-fuzz rehearse bench bench-cycle bench-year lint format migration lock wheel clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.dev ## build .venv with everything needed to run, test and check

run: $(VENV)/.run ## start the service with a sample company on http://127.0.0.1:8000 (PORT=… for another port)
	$(BIN)/workflows run --demo $(ARGS)

test: $(VENV)/.dev ## run all tests: SQLite, PostgreSQL, Chromium (ARGS="tests/engine -k name" for some)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

test-kill: $(VENV)/.dev ## kill processes between any two statements, at length
	$(BIN)/python -m pytest -m kill --long-kill $(ARGS)

test-fuzz: $(VENV)/.dev ## try a million expressions: none escapes, none takes 10 ms; score 100,000 random inputs twice (FUZZ=… SCORES=…)
	FUZZ=$(FUZZ) SCORES=$(SCORES) $(BIN)/python -m pytest -n0 -s tests/expression/test_fuzz.py tests/scoring/test_oracle.py $(ARGS)

rehearse: $(VENV)/.run ## play the year 2026 of the sample company and count what came out
	$(BIN)/workflows simulate --from 2026-01-01 --to 2026-12-31 $(ARGS)

bench: $(VENV)/.dev ## measure steps, pages and bulk starts
	$(BIN)/python -m pytest -m bench --bench -s $(ARGS)

bench-cycle: $(VENV)/.dev ## measure a month's appraisal for 1,000 and for 10,000 employees (SIZES="…")
	$(BIN)/python -m benchmarks.appraisal_cycle $(SIZES)

bench-year: $(VENV)/.dev ## rehearse the year 2026 of 100, 300 and 1,000 people and measure it (YEAR="100 --to 2026-01-31" for less)
	$(BIN)/python -m benchmarks.simulated_year $(YEAR)

lint: $(VENV)/.dev ## formatting, rules, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## let ruff format and sort
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

migration: $(VENV)/.dev ## write a new revision for changed tables (NAME="add …")
	@test -n "$(NAME)" || { echo "make migration NAME=\"add what changed\""; exit 1; }
	$(BIN)/python -m workflows.migrations.write "$(NAME)"
	$(BIN)/ruff check -q --fix src/workflows/migrations/versions
	$(BIN)/ruff format -q src/workflows/migrations/versions

lock: $(VENV)/.dev ## write requirements/*.txt anew from pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate pyproject.toml -o requirements/run.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate requirements/build.in -o requirements/build.txt

wheel: $(VENV)/.run ## build the wheel into dist/
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove the environment and everything built; databases stay
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更高版本：make PYTHON=python3.12 …"; \
	  echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "缺少 Python 的 venv 模块，请先执行: apt-get install python3-venv"; \
	  echo "Python's venv module is missing. Run first: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements/run.txt requirements/build.txt pyproject.toml
	$(PIP) install -q --require-hashes --no-deps -r requirements/run.txt -r requirements/build.txt
	$(PIP) install -q --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(PIP) install -q --require-hashes --no-deps -r requirements/dev.txt
	@touch $@
