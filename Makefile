# make demo   the main job, from seeding an embedded panel to a second plan with nothing to do
# make test   everything that must pass: ruff, mypy, import-linter, pytest
# make look   remarks, not gates: what is long, copied, or excused
# make bench  the figures in benchmarks/README.md; a quarter of an hour, on a machine with nothing else to do

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN_PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SEEN := pyproject.toml constraints.txt

.PHONY: demo test lint types floors pytest look bench test-lowest clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(RUN_PIP) install --upgrade --constraint constraints.txt pip

$(VENV)/installed-run: $(BIN)/python $(SEEN)
	$(RUN_PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(BIN)/python $(SEEN)
	$(RUN_PIP) install --upgrade --constraint constraints.txt pip
	$(RUN_PIP) install --constraint constraints.txt --editable '.[sheets,keyring,age]' --group dev
	@touch $@ $(VENV)/installed-run

demo: $(VENV)/installed-run
	$(BIN)/python examples/demo.py

test: lint types floors pytest
	@$(BIN)/python -m tests.support.excuses

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

floors: $(VENV)/installed-dev
	$(BIN)/lint-imports --cache-dir $(VENV)/import-linter

pytest: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 3 --dist worksteal

look: $(VENV)/installed-dev
	@$(BIN)/python -m tests.support.look

BENCHMARKS := version validate tables customer_add adduser panel_load snapshot noop_plan

bench: $(VENV)/installed-dev
	@missed=; for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || missed="$$missed $$name"; done; \
	if [ -n "$$missed" ]; then echo "missed:$$missed"; exit 1; fi

# The lower bounds in pyproject.toml are promises: this runs the tests with exactly those versions.
test-lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip --disable-pip-version-check --quiet install --upgrade --constraint constraints.txt pip
	$(VENV)-lowest/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints-lowest.txt --editable '.[sheets,keyring,age]' --group dev
	$(VENV)-lowest/bin/python -m pytest -n 2 --dist worksteal

clean:
	rm -rf $(VENV) $(VENV)-lowest dist build .mypy_cache .ruff_cache .pytest_cache
