# Needs python3 (3.10 or newer), pip, git and make. Everything else goes into $(VENV).
PYTHON ?= python3
VENV := .venv

LOCK := requirements-dev.lock
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV := uv==0.13.8

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv test test-all demo lock

help:
	@echo 'make test          run the tests (ARGS="..." goes to pytest)'
	@echo 'make test-all      the slow tests of the tracking library too'
	@echo 'make demo          run trackfix on a copy of a small legacy project'
	@echo 'make venv          only create or refresh $(VENV)'
	@echo 'make lock          rewrite $(LOCK) from pyproject.toml (UPGRADE=1: newest versions)'

test: venv
	$(BIN)/python -m pytest $(ARGS)

test-all: venv
	$(BIN)/python -m pytest -m '' $(ARGS)

demo: venv
	$(BIN)/python fixtures/demo.py

venv: $(VENV)/.installed

# A new lock means a new environment: what it no longer names is gone.
$(VENV)/.locked: $(LOCK)
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("trackfix needs Python 3.10 or newer")'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) install --quiet --require-hashes -r $(LOCK)
	touch $@

# The build backend is in the lock too, so nothing unpinned is fetched.
$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	touch $@

# One lock for every supported Python and system: hence uv, and not pip-compile.
lock:
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet '$(UV)'
	$(BIN)/uv --no-config pip compile pyproject.toml --extra dev --quiet --universal \
		--python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--strip-extras --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) -o $(LOCK)
