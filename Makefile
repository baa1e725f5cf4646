# Python 3.11 or newer and make are all that is assumed; the rest comes from requirements.lock.

PYTHON ?= python3
# A uv that answers, not merely a name on PATH; else one of our own.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .tools/bin/uv)
OWN_UV := $(filter .tools/%,$(UV))
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help demo up down test check bench chaos messages reference lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) ## Play the programme's story on real servers
	.venv/bin/ntm demo

up: $(INSTALLED) ## Start PostgreSQL, Temporal and the worker
	.venv/bin/ntm up

down: $(INSTALLED) ## Stop them; the data stay
	.venv/bin/ntm down

test: check ## Check, then run every test
	.venv/bin/pytest -n 2 --dist loadfile

check: $(INSTALLED) ## Lint, format, types and import rules
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: $(INSTALLED) ## Measure it beside baselines; some minutes, some CPU
	.venv/bin/python -m bench

chaos: $(INSTALLED) ## Kill its servers while officials decide; CHAOS_SECONDS, CHAOS_WALKS
	.venv/bin/python -m chaos

messages: $(INSTALLED) ## Write the catalogues of both languages from the code
	.venv/bin/python -m tests.language.catalogues

reference: $(INSTALLED) ## Write docs/reference.md and the glossary's words from the code
	.venv/bin/python -m tests.docs.reference

lock: $(OWN_UV) ## Resolve the dependencies again
	$(UV) pip compile --universal --generate-hashes --no-emit-index-url --extra dev \
		--python-version 3.11 pyproject.toml -o requirements.lock \
		--custom-compile-command "make lock"

clean: ## Remove the environment and every cache; the record in .ntm stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Written last, so that an installation that was interrupted is done again.
$(INSTALLED): requirements.lock pyproject.toml $(OWN_UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is missing or older than 3.11: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	[ -x .venv/bin/python ] || $(UV) venv --no-python-downloads \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip sync --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
	$(UV) pip install --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is missing or older than 3.11: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv: install it (Debian: python3-venv), or put uv on PATH" >&2; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'
