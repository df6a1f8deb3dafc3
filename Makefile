# make run    set up, then start the planner with the demo visit
# make test   set up, then run all tests, the browser tests too
# make check  the quick look before a commit: style, types, import order, quickest tests
# make bench  measure the speed; make torture: kill, contend, wait
# PYTHON=/path/to/python3.13 chooses the Python; otherwise .ci/find-python does. WORKERS=0 runs the tests in one process.

SHELL := /bin/sh
VENV := .venv
WORKERS ?= 2
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ASSETS := ui/static/assets/.fetched
FONTS := planner/exports/fonts/.fetched
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test check bench torture lock assets-lock clean
.DEFAULT_GOAL := setup

setup: $(READY) $(ASSETS) $(FONTS)

# Done once, and again when what is pinned has changed or the folder was moved. The stamp comes last and names the
# folder, so that a set-up that was broken off starts over.
$(READY): requirements.lock pyproject.toml .ci/environment
	@.ci/environment $(VENV)
	@echo "$(CURDIR)" >$@
	@echo "The planner is set up: $(BIN)/planner"

ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): moved
moved:
.PHONY: moved
endif

# One go fetches both; the second rule is there for whoever deletes only the fonts.
$(ASSETS): ui/assets/package-lock.json ui/assets/wanted.py ui/assets/install.py | $(READY)
	@$(BIN)/python -m ui.assets.install
	@touch $@

$(FONTS): $(ASSETS)
	@[ -d $(@D) ] || $(BIN)/python -m ui.assets.install
	@touch $(ASSETS) $@

run: setup
	@$(BIN)/planner demo --run

test: setup
	@reason=$$(.ci/needed chromium); \
	if [ -n "$$reason" ]; then echo "Browser tests are skipped: $$reason"; fi; \
	server=$$(.ci/needed postgresql); \
	if [ -n "$$server" ]; then echo "Tests of the team store are skipped: $$server"; fi; \
	reader=$$(.ci/needed poppler-utils); \
	if [ -n "$$reader" ]; then echo "Tests that read PDFs are skipped: $$reader"; fi; \
	BROWSER_TESTS_SKIPPED="$$reason" POSTGRESQL_TESTS_SKIPPED="$$server" $(BIN)/python -m pytest -rs -n $(WORKERS) --dist loadfile

# Pages, accounts, processes, maps, files, stores and proofs take a second a test: they wait for `make test`.
SLOW := acceptance access benchmarks browser planner/access planner/audit planner/cli planner/exports planner/imports planner/routing planner/store ui

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -x -n $(WORKERS) --dist loadfile -m "not slow and not browser and not benchmark and not torture" --deselect tests/project/test_style.py \
		$(addprefix --ignore=tests/,$(SLOW))

bench: setup
	@$(BIN)/python -m pytest -q -s --timeout 0 -m benchmark tests/benchmarks

torture: setup
	@$(BIN)/python -m pytest -q -s --timeout 0 -m torture

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
