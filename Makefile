# Every target is one line that works by itself; CI runs the same ones.
PYTHON ?= python3.10
VENV := .venv
PY := $(VENV)/bin/python
# Each has a PostgreSQL, a Redis and a model of its own; 0 runs all in one process.
TEST_PROCESSES ?= 2
export RASA_TELEMETRY_ENABLED = false
# Rasa and TensorFlow are large: without byte code each start compiles them anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run test train augment bench lint format lock screenshots clean

help: ## show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run ## database, demo data, model, the bot and its web page (Ctrl-C stops)
	JIUYE_DEMO_SITE=1 $(PY) -m bot serve --demo

test: $(VENV)/dev ## all tests, on the trained model, SQLite and a private PostgreSQL
	$(PY) -m bot train && $(PY) -m pytest -n $(TEST_PROCESSES) --dist loadfile

train: $(VENV)/run ## train the model when it is missing or stale
	$(PY) -m bot train

augment: $(VENV)/run ## write out the variants (dialect, typos…) that training adds, to var/variants
	$(PY) -m bot augment

bench: $(VENV)/dev ## all benchmarks, or one: make bench NAME=parse
	$(PY) -m bot bench $(NAME)

lint: $(VENV)/dev ## ruff, mypy, and the check of the policy files
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(PY) -m bot policies check

format: $(VENV)/dev ## let ruff format and mend what it can
	$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

lock: $(VENV)/uv ## resolve pyproject.toml anew into the two lock files
	$(VENV)/bin/uv pip compile -q pyproject.toml --override overrides.txt --generate-hashes --no-emit-index-url --python $(PY) -o requirements.lock
	$(VENV)/bin/uv pip compile -q pyproject.toml --extra dev -c requirements.lock --override overrides.txt --generate-hashes --no-emit-index-url --python $(PY) -o requirements-dev.lock

screenshots: $(VENV)/dev ## take the pictures of docs/images anew (chromium)
	$(PY) -m tests.channels.screenshots

clean: ## remove the environment, models, databases and caches
	rm -rf $(VENV) var models/*.tar.gz models/*.json .mypy_cache .ruff_cache .pytest_cache .rasa

$(VENV)/uv:
	@scripts/python-found $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check uv
	@touch $@

$(VENV)/run: $(VENV)/uv requirements.lock
	@test -e $(VENV)/dev || $(VENV)/bin/uv pip sync -q --require-hashes --python $(PY) requirements.lock
	@test ! -e $(VENV)/dev || $(VENV)/bin/uv pip sync -q --require-hashes --python $(PY) requirements-dev.lock
	@touch $@

$(VENV)/dev: $(VENV)/uv requirements-dev.lock
	$(VENV)/bin/uv pip sync -q --require-hashes --python $(PY) requirements-dev.lock
	@touch $@ $(VENV)/run
