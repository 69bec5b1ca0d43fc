# make run     set up what is missing, serve the app, print its address
# make test    set up what the tests need, Chromium included, then make check
# make help    the rest

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PORT ?= 8501
HOST ?= 127.0.0.1
WORKERS ?= 2
EXAMPLES ?= 2000
SLOW ?= 2

OWN := $(if $(MODEL),-- --model '$(MODEL)' $(foreach shape,$(INPUT),--input '$(shape)') \
	$(if $(OUTPUT),--output '$(OUTPUT)'))

SETUP := bash scripts/setup.sh "$(or $(PYTHON),python3)"
RUN := .venv/bin/python -m

.PHONY: help run dev test check slow fuzz format bench picture setup setup-dev setup-bench

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

run: setup ## Serve the app on PORT (8501) of HOST (this machine only); MODEL=file.py:Net INPUT=1,3,64,64
	@$(RUN) streamlit run app.py --server.port $(PORT) --server.address $(HOST) $(OWN)

dev: setup ## Serve the app and reload it when a file is saved
	@$(RUN) streamlit run app.py --server.port $(PORT) --server.address $(HOST) \
		--server.fileWatcherType auto --server.runOnSave true

test: setup-dev ## Install what the tests need, then check everything
	@$(RUN) scripts.chromium
	@$(MAKE) --no-print-directory check

check: ## Format, lint, types, tests (warnings are errors), of the front end too
	@$(RUN) ruff format --check --quiet .
	@$(RUN) ruff check --quiet .
	@$(RUN) mypy
	@$(RUN) scripts.front check test
	@$(RUN) pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

slow: ## Run the browser tests while every run of a page is held back by SLOW (2) seconds
	@SLOW=$(SLOW) $(RUN) pytest tests/browser -n $(WORKERS) --dist loadfile

fuzz: ## Try EXAMPLES random networks, all operations, hostile inputs, many seeds and settings
	@FUZZ=$(EXAMPLES) $(RUN) pytest tests/models/test_properties.py tests/flow/sweep \
		tests/flow/proof/test_check_networks.py tests/lessons/format/test_lessons_as_data.py -n $(WORKERS)

format: ## Format the code and mend what the linter can mend
	@$(RUN) ruff check --fix --quiet . || true
	@$(RUN) ruff format .
	@$(RUN) scripts.front format

bench: setup-dev setup-bench ## Measure, and write benchmarks/results.md
	@$(RUN) benchmarks

picture: setup-dev ## Draw the README's screenshot
	@$(RUN) scripts.picture

setup:
	@$(SETUP) requirements.txt

setup-dev:
	@$(SETUP) requirements-dev.txt
	@$(RUN) scripts.front setup

setup-bench:
	@$(SETUP) benchmarks/requirements.txt --no-deps
