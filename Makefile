# Two commands are enough on a fresh machine: make run, make test. Needs Python 3.11 or newer, git and make.

PY := .venv/bin/python
EXTRACT := data/sample/neubrandenburg-2016.osm.pbf
AREA := data/local/area/area.json
BUILDERS := $(wildcard dispatch/roads/*.py dispatch/gazetteer/*.py dispatch/basemap/*.py) data/policies/speeds.toml
AXE := node_modules/axe-core/axe.min.js
ENV := .venv/installed .venv/project static/vendor/.installed
DATABASE := $(if $(DISPATCH_STORE_URL),$(patsubst sqlite:%,%,$(filter sqlite:%,$(DISPATCH_STORE_URL))),data/local/dispatch.db)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check bench lock browser osrm

help: ## what can be made
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-9s%s\n", $$1, $$2}'

run: $(ENV) $(AREA) $(DATABASE) ## start on the sample company (QUIET=1: no simulated callers; ARGS="--port 8123")
	@exec .venv/bin/dispatch $(if $(filter-out 0,$(QUIET)),run,demo) $(ARGS)

test: $(ENV) $(AXE) .venv/dev browser osrm check ## linters, types, import contracts and every test
ifeq ($(strip $(ARGS)),)
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile --ignore tests/browser
	@$(PY) -m pytest tests/browser # by themselves: a browser that has to share its cores keeps a crew waiting for its place
else
	@$(PY) -m pytest $(ARGS)
endif

check: .venv/installed .venv/dev ## linters, types and import contracts only
	@.ci/step "checking format" .venv/bin/ruff format --check .
	@.ci/step "checking style" .venv/bin/ruff check .
	@.ci/step "checking types" .venv/bin/mypy
	@.ci/step "checking imports" .venv/bin/lint-imports

bench: $(ENV) .venv/dev osrm ## measure against the goals (ONLY=section)
	@$(PY) -m tests.bench $(ONLY)

# Chromium and fonts for the browser tests; when they cannot be had, those tests fail and say so again.
browser: .venv/dev
	@.ci/browser

# The real OSRM, which roads are compared with; a machine without a wheel of it goes without.
osrm: .venv/dev
	@.ci/osrm

lock: .venv/dev ## write the requirements files again after a change in pyproject.toml
	@.ci/lock

# A .venv that was moved, cut off or lost its Python is made again, and with it everything inside.
ifneq ($(shell [ -x $(PY) ] && [ ! -e .venv/installing ] && [ "$$(cat .venv/made 2>/dev/null)" = "$(CURDIR)" ] && echo fit),fit)
.PHONY: .venv/made
endif

.venv/made:
	@.ci/venv

.venv/installed: requirements.txt .venv/made
	@.ci/pip "installing Python packages (1-2 min)" --require-hashes -r requirements.txt
	@touch $@

.venv/project: pyproject.toml .venv/installed
	@.ci/pip "installing Dispatch itself (5 s)" --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/dev: requirements-dev.txt .venv/installed
	@.ci/pip "installing what the tests need (1 min)" --require-hashes -r requirements-dev.txt
	@touch $@

static/vendor/.installed: package.json package-lock.json static/vendor.mjs | .venv/installed
	@.ci/vendor
	@touch $@

# The checker of pages for people who do not see, hear or point well; an install for running leaves it out.
$(AXE): package.json package-lock.json static/vendor.mjs | static/vendor/.installed
	@.ci/vendor include
	@touch $@

# The sample area is built again when the code that builds areas has changed; an area of the user's own is left alone.
$(AREA): $(BUILDERS) | $(ENV)
	@if [ -e $@ ] && ! grep -q '"extract": "$(notdir $(EXTRACT))"' $@; then \
	  echo "→ $(@D) is your own area, built by an older version: build it again with .venv/bin/dispatch build"; \
	else \
	  echo "→ building the sample area from $(EXTRACT) (1 min)"; \
	  .venv/bin/dispatch build $(EXTRACT) --out $(@D); \
	fi

# The database is made when it is missing and never made again: it is the user's own.

$(DATABASE): | $(ENV) $(AREA)
	@echo "→ creating the database with the sample company"
	@.venv/bin/dispatch init --sample
