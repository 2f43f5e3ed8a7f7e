# Two commands suffice: `make run` plays the baseline, `make test` tests everything.
# Each builds the environment that it needs in .venv, once, and again when the requirements change.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
REQUIREMENTS := pyproject.toml $(wildcard constraints-*.txt)
PYTEST_ARGS ?=
PLAY_ARGS ?=

# $(1): what to install, for example .[test]
define install
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	@constraints=constraints-$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt; \
	test -f $$constraints || constraints=/dev/null; \
	echo "Installing into $(VENV) ($$constraints)"; \
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -c $$constraints -e '$(1)'
	@touch $@
endef

.PHONY: run play test lint bench claims environment clean

run: $(VENV)/.installed
	$(BIN)/pharmarket run

play: $(VENV)/.installed-app
	$(BIN)/pharmarket play $(PLAY_ARGS)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/pharmarket bench

# All claims: plays worlds of full size for half an hour, keeps experiments/results/claims.json and docs/claims.md.
claims: $(VENV)/.installed
	$(BIN)/python -m experiments.claims --write

# What the tests need, and nothing run: for other interpreters, for example
# `make environment PYTHON=python3.13 VENV=.venv-3.13`.
environment: $(VENV)/.installed-test

$(VENV)/.installed: $(REQUIREMENTS)
	$(call install,.)

$(VENV)/.installed-app: $(REQUIREMENTS)
	$(call install,.[app])
	@touch $(VENV)/.installed

$(VENV)/.installed-test: $(REQUIREMENTS)
	$(call install,.[test])
	@$(BIN)/python -m tests.get_browser
	@touch $(VENV)/.installed $(VENV)/.installed-app

clean:
	rm -rf $(VENV) .venv-3.13 build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
