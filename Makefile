# Standoff.  `make` sweeps every scenario and draws every map; `make help` lists the rest.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := results

PYTHON ?= python3
UV_VERSION := 0.13.9
WORKERS ?= 2
DEEP_EXAMPLES := HYPOTHESIS_PROFILE=deep

BIN := .venv/bin
STANDOFF := $(BIN)/standoff
UV := .cache/bootstrap/bin/uv
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=  # bytecode is kept of what is imported, a seventh of what is installed
export UV_SYSTEM_CERTS := 1

SCENARIOS := $(basename $(notdir $(wildcard scenarios/*.toml)))

.PHONY: results setup test test-deep test-web browser screenshot check format lint types sweep maps reports cluster bench docs clean help

results: .venv/.stamp       ## sweep every scenario and draw its maps (only what is out of date)
	@$(STANDOFF) make --workers $(WORKERS)

setup: .venv/.stamp         ## make the environment in .venv/

.venv/.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Standoff needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@test -x $(UV) || $(PYTHON) -m pip install -q --target .cache/bootstrap uv==$(UV_VERSION) 2>/dev/null || { \
	  $(PYTHON) -m venv .cache/bootstrap || \
	  { echo "this Python has neither pip nor venv; on Debian: apt install python3-venv"; exit 1; }; \
	  .cache/bootstrap/bin/pip install -q uv==$(UV_VERSION); }
	test -x $(BIN)/python || $(UV) venv -q --python $(PYTHON) .venv
	$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

test: .venv/.stamp          ## pass the tests
	$(BIN)/python -m pytest -q -n $(WORKERS)

test-deep: .venv/.stamp     ## the long property runs
	$(DEEP_EXAMPLES) $(BIN)/python -m pytest -q -n $(WORKERS) -m "not browser" --timeout 3600

test-web: browser           ## drive the explorer in the system's Chromium (CHROMIUM=path; LATENCY=1 asks for the figures)
	$(BIN)/python -m pytest -q -m browser tests/browser

browser: .venv/.stamp       ## what drives Chromium in test-web, from the package index
	@$(BIN)/python -c 'import playwright' 2>/dev/null || $(UV) pip install -q --python $(BIN)/python --group browser

screenshot: browser         ## take the README's picture of the explorer anew
	$(BIN)/python -m tests.browser.screenshot

check: lint types test      ## lint, format, types, tests

lint: .venv/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: .venv/.stamp
	$(BIN)/mypy

format: .venv/.stamp        ## bring the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sweep: .venv/.stamp         ## sweep one scenario: make sweep SCENARIO=chicken
	@test -n "$(SCENARIO)" || { echo "which one? make sweep SCENARIO=name, of: $(SCENARIOS)"; exit 2; }
	$(STANDOFF) sweep $(SCENARIO) --workers $(WORKERS) --resume

maps: .venv/.stamp          ## draw the maps of every dataset there is
	for name in $(SCENARIOS); do if ls results/$$name/*.zarr >/dev/null 2>&1; then $(STANDOFF) map $$name || exit; fi; done

reports: .venv/.stamp       ## write a page for each scenario and an index, into results/report/
	@$(STANDOFF) report --workers $(WORKERS)

cluster: .venv/.stamp       ## sweep on a cluster of two workers here, kill one, show that the bytes are those of threads
	$(BIN)/python -m tests.cluster

bench: .venv/.stamp         ## measure against the peers, and write benchmarks/*.md
	$(UV) pip install -q --python $(BIN)/python --group bench
	for file in $(filter-out benchmarks/compare.py,$(wildcard benchmarks/*.py)); do PYTHONPATH=. $(BIN)/python $$file || exit; done

docs: .venv/.stamp          ## write anew what is made from the code: rooms, schema, pictures of the README
	$(BIN)/python -m tests.made

lock:                       ## bring requirements.lock up to date
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements.lock

clean:                      ## remove what make made
	rm -rf .venv .cache build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	find . -name __pycache__ -type d -exec rm -rf {} +

help:                       ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | column -t -s '|' 2>/dev/null || grep '## ' Makefile
