# Everything starts here: `make help`. Each target sets up what it needs first.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
# Test processes side by side, each with a database of its own; one more than processors, for journeys mostly wait.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
SHARED := ../shared

.PHONY: help setup demo serve test test-shared shared-data check bench coverage nightly screenshots

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## makes or refreshes the environment .venv, with the tools for testing
	@bin/bootstrap dev

demo: ## runs the shipped sample day on embedded servers and says where the documents lie
	@bin/bootstrap run
	@$(PYTHON) manage.py demo

serve: ## runs web, worker, scheduler, card agent, timestamps and agent bank until Ctrl-C
	@bin/bootstrap run
	@$(PYTHON) manage.py serve

test: ## runs all tests on real servers and in a real browser, then holds the promises on branches
	@bin/bootstrap test
	@rm -f .coverage .coverage.*
	@$(PYTHON) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=
	@bin/coverage

test-shared: shared-data setup ## runs the suites whose data lie only in ../shared
	@$(PYTHON) -m pytest -q -m shared

shared-data:
	@test -d $(SHARED)/data || { echo "test-shared: $(SHARED)/data is missing, and these suites need it" >&2; exit 2; }

check: setup ## format, lint, types, layers, migrations, generated documents, texts in English
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) .venv/bin/lint-imports --no-logo
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@$(PYTHON) manage.py generate_docs --check
	@$(PYTHON) -m bin.messages --check

coverage: ## runs all tests and measures every one of them: at least 90 % overall
	@bin/bootstrap test
	@rm -f .coverage .coverage.*
	@MEASURE=everything $(PYTHON) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=
	@MEASURE=everything bin/coverage

bench: setup ## measures the promised ratios, one JSON line each
	@$(PYTHON) -m benchmarks

nightly: setup ## the long runs
	@$(PYTHON) -m pytest -q -m nightly

screenshots: ## takes a picture of every page, and of each role's home, in four looks, into var/screenshots
	@bin/bootstrap test
	@$(PYTHON) -m tests.browser.screenshots
