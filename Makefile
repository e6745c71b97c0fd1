# Needs python3 (3.10 or newer), pip, git and make. Everything else goes into $(VENV).
PYTHON ?= python3
VENV := .venv

LOCK := requirements-dev.lock
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV := $(BIN)/uv --no-config pip

# The lowest MLflow that pyproject.toml allows, in an environment of its own.
LOWEST := mlflow-skinny==3.1.0
LOWEST_VENV := .venv-lowest
LOWEST_LOCK := requirements-lowest.lock

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv test test-lowest demo lock

help:
	@echo 'make test          run the tests (ARGS="..." goes to pytest)'
	@echo 'make test-lowest   run those of the tracking library with $(LOWEST)'
	@echo 'make demo          run trackfix on a copy of a small legacy project'
	@echo 'make venv          only create or refresh $(VENV)'
	@echo 'make lock          rewrite both locks from pyproject.toml (UPGRADE=1: newest versions)'

test: venv
	$(BIN)/python -m pytest $(ARGS)

test-lowest:
	$(MAKE) --no-print-directory test VENV=$(LOWEST_VENV) LOCK=$(LOWEST_LOCK) ARGS='tests/tracking tests/examples $(ARGS)'

demo: venv
	$(BIN)/python fixtures/demo.py

venv: $(VENV)/.installed

# A new lock means a new environment: what it no longer names is gone. By pip and not by uv, which
# would be quicker, because pip alone goes by the settings of the machine it runs on.
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
COMPILE = $(UV) compile pyproject.toml --quiet --universal --python-version 3.10 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(VENV)/.locked
	$(COMPILE) --extra dev -o $(LOCK)
	echo '$(LOWEST)' | $(COMPILE) - --extra test -o $(LOWEST_LOCK)
