# make run    set up, then start the planner with the demo visit
# make test   set up, then run all tests, the browser tests too
# make check  the quick look before a commit: style, types, import order, quickest tests
# PYTHON=/path/to/python3.13 chooses the Python; otherwise .ci/find-python does.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test check bench torture lock assets-lock clean
.DEFAULT_GOAL := setup

setup: $(READY)

# Done once, and again when what is pinned has changed. The stamp comes last, so a broken set-up starts over.
$(READY): requirements.lock pyproject.toml ui/assets/package-lock.json ui/assets/wanted.py ui/assets/install.py .ci/find-python .ci/environment
	@.ci/environment $(VENV)
	@$(BIN)/python -m ui.assets.install
	@touch $@
	@echo "Ready: $(BIN)/planner"

run: $(READY)
	@$(BIN)/planner demo --run

test: $(READY)
	@reason=$$(.ci/chromium); \
	if [ -n "$$reason" ]; then echo "Browser tests are skipped: $$reason"; fi; \
	BROWSER_TESTS_SKIPPED="$$reason" $(BIN)/python -m pytest -q -p no:cacheprovider

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -x -m "not slow and not browser and not benchmark and not torture"

bench: $(READY)
	@$(BIN)/python -m pytest -q -s -m benchmark tests/benchmarks

torture: $(READY)
	@$(BIN)/python -m pytest -q -s -m torture

# The two lock files are written without download addresses: whoever installs chooses the registry, the hashes bind.
lock: $(READY)
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip install -q uv==0.13.9
	@.ci/lock $(VENV)/lock/bin/uv

assets-lock: $(READY)
	@$(BIN)/python -m ui.assets.install --lock

clean:
	rm -rf $(VENV) ui/static/assets planner/exports/fonts *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
