# Needs only make and Python 3.11+. Every verb first sets up what it uses; when nothing has changed that takes
# no time.

PYTHON ?= python3
RUN := .venv/bin/python
SETUP := $(PYTHON) dev/setup.py
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: demo
demo: ## start everything with a sandbox full of products, print one URL (PORT=… to choose the port)
	@$(SETUP) venv packages shopify node page
	@$(RUN) -m dev.demo

.PHONY: test
test: ## run all tests (ARGS="tests/sync -k price" for a part)
	@$(SETUP)
	@$(RUN) -m dev.test $(ARGS)

.PHONY: check
check: ## format, lint, types, import rules, API schema, tracked files
	@$(SETUP) venv packages shopify node
	@$(RUN) -m dev.check

.PHONY: dev
dev: ## the demo with reloading of server, workers and page
	@$(SETUP) venv packages shopify node
	@$(RUN) -m dev.live

.PHONY: schema
schema: ## write schema.graphql after a change of the API
	@$(SETUP) venv packages
	@$(RUN) -m dev.sdl --write

.PHONY: lock
lock: ## resolve the Python dependencies anew
	@$(SETUP) venv packages
	@$(RUN) -m dev.lock

.PHONY: bench
bench: ## measure points, calls, statements, seconds and memory (ARGS="…" passes on)
	@$(SETUP)
	@$(RUN) -m bench $(ARGS)

.PHONY: chaos
chaos: ## break everything at random, then compare (N=200 rounds, SEED=…; ROUND=… plays one again)
	@$(SETUP) venv packages shopify
	@N="$(N)" SEED="$(SEED)" ROUND="$(ROUND)" $(RUN) -m tests.chaos

.PHONY: help
help: ## show this list
	@$(PYTHON) dev/help.py Makefile
