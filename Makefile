# What one can do here. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# A clone shares pip's own cache and the model files in the user's cache with every other clone.
# Compiling all 400 MB of Python takes 80 s; of these a fifth is ever imported, and compiled then.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
	--constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help chat setup test check bench screenshots clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: $(VENV)/ready ## Set up what is missing, index corpus/, and open the page at http://127.0.0.1:7860
	@$(BIN)/footnote chat

setup: $(VENV)/ready ## Set up .venv, dependencies, verified weights and the index of corpus/
	@$(BIN)/footnote ingest

test: $(VENV)/tested ## Set up what is missing and run every test, those in the browser too
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

check: $(VENV)/tested ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/tested ## Time adding beside what others use, searching, and the models at hand
	@$(BIN)/python -m eval.adding --set corpus
	@$(BIN)/python -m eval.speed --set corpus
	@$(BIN)/footnote bench models

screenshots: $(VENV)/tested ## Make the pictures of the page in docs/ anew (needs Chromium)
	@$(BIN)/python docs/screenshots.py

clean: ## Remove .venv and .footnote; downloads in the user's cache stay
	rm -rf $(VENV) .footnote

$(VENV)/ready: EXTRA := eval
$(VENV)/tested: EXTRA := dev
$(VENV)/ready $(VENV)/tested: pyproject.toml constraints.txt
	@echo "Setting up $(VENV): a few minutes the first time."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Footnote needs Python 3.11 or newer.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[$(EXTRA)]'
	@$(BIN)/footnote weights
	@touch $(VENV)/ready $@
