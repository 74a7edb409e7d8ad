# Everything a developer or CI runs. `make` alone explains itself.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

export UV_PYTHON_DOWNLOADS := never
export PATH := $(CURDIR)/.avaaz/tools/node/bin:$(CURDIR)/.venv/bin:$(PATH):$(CURDIR)/.avaaz/tools/uv/bin

PYTHON_FOLDERS := agent api infra prompts migrations tests
DOMAINS := api/calls/*,api/credentials/*,api/identity/*,api/mail/*,api/oauth/*,api/sessions/*
NODE_MODULES := frontend/node_modules/.package-lock.json

.PHONY: help run install setup-run setup-test test lint audit coverage generate format test-unit test-api test-agent \
	test-models test-voice test-stack test-e2e test-bench test-frontend bench-voice images deploy clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run ## Install what is missing, then start everything; Ctrl-C stops it
	@exec avaaz up

install: setup-test ## Install and build everything that running and testing need

setup-run:
	@sh infra/stack/bootstrap.sh run

setup-test:
	@sh infra/stack/bootstrap.sh test

test: setup-test ## All checks and all tests, from a bare machine on
	@python -m tests.run

lint: $(NODE_MODULES) ## ruff, mypy, bandit, import rules, and the frontend's own checks
	ruff check $(PYTHON_FOLDERS)
	ruff format --check $(PYTHON_FOLDERS)
	mypy
	bandit --quiet --recursive --configfile pyproject.toml agent api infra prompts migrations
	lint-imports
	npm --prefix frontend run lint
	npm --prefix frontend run typecheck

audit: $(NODE_MODULES) ## Known holes in dependencies, where an advisory source can be asked
	@.ci/audit

coverage: setup-test ## What the tests of unit, api and agent reach; fails below 80 %, and 90 % in the API's domains
	pytest -m "unit or api or agent" --cov --cov-report=
	coverage report --fail-under=80
	coverage report --include="$(DOMAINS)" --fail-under=90

generate: $(NODE_MODULES) ## Write what follows from the code: API description, typed client, docs/reference
	python -m api.openapi > frontend/openapi.json
	npm --prefix frontend run generate
	python -m api.reference docs/reference
	python -m prompts.catalogue docs/reference/prompts.md

format: $(NODE_MODULES) ## Put the code into its one form
	ruff check --fix $(PYTHON_FOLDERS)
	ruff format $(PYTHON_FOLDERS)
	npm --prefix frontend run format

test-unit: ## Pure logic
	pytest -m unit

test-api: ## The API over a real Postgres
	pytest -m api

test-agent: ## The agent in text, without a server
	pytest -m agent

test-models: ## The model server through vendors' own clients
	pytest -m models

test-voice: ## Real audio through the real speech models
	pytest -m voice

test-stack: ## Starting, healing and stopping the whole stack
	pytest -m stack

test-e2e: ## A real browser against the whole stack
	pytest -m e2e

test-bench: ## The measuring programs themselves
	pytest -m bench

test-frontend: $(NODE_MODULES) ## The web application's tests
	npm --prefix frontend test

bench-voice: setup-test ## Measure spoken calls on this machine
	avaaz bench voice

images: ## Build the container images as docker-compose.yml names them
	AVAAZ_ENV_FILE=.env.production.example docker compose --env-file .env.production.example --profile tools build

deploy: ## Bring TAG up on this server, or the version before back (docs/deployment.md)
	sh infra/docker/deploy.sh "$(TAG)" "$(or $(ENV_FILE),.env.production)"

clean: ## Remove caches and build output; data in .avaaz and packages in .venv stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	rm -rf frontend/dist frontend/dev-dist frontend/coverage
	find $(PYTHON_FOLDERS) -name __pycache__ -type d -prune -exec rm -rf {} +

$(NODE_MODULES): frontend/package-lock.json
	npm --prefix frontend install --no-save --no-audit --no-fund
	@touch $@
