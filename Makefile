# Every target is one line that works by itself; CI runs the same ones.
PYTHON ?= $(shell scripts/find-python)
VENV := .venv
PY := $(VENV)/bin/python
# Each has a PostgreSQL, a Redis and a model of its own; 0 runs all in one process. One more than
# there are cores: half of a run is waiting for servers and browsers.
TEST_PROCESSES ?= 3
export RASA_TELEMETRY_ENABLED = false
# Rasa is large: without byte code each start compiles it anew.
export PYTHONDONTWRITEBYTECODE =
# What is installed for development serves for running and training as well.
LOCK = $(firstword $(wildcard $(VENV)/dev.mark) $(wildcard $(VENV)/train.mark) run)
SYNC = scripts/install-packages $(VENV)
COMPILE = $(VENV)/bin/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url

.PHONY: help run test test-thorough test-clocks check train augment bench lint format lock audit bundle screenshots changelog clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/run.mark ## database, demo data, the bot and its web page (Ctrl-C stops)
	@$(PY) -m bot train --check || $(MAKE) --no-print-directory train
	@JIUYE_DEMO_SITE=1 $(PY) -m bot serve --demo

test: $(VENV)/dev.mark ## all tests, on the trained model, SQLite and a private PostgreSQL
	$(PY) -m bot train && $(PY) -m pytest -n $(TEST_PROCESSES) --dist loadfile

test-thorough: $(VENV)/dev.mark ## the same with all examples, floods and kills at full size (nightly)
	JIUYE_TESTS=thorough $(MAKE) test

test-clocks: $(VENV)/dev.mark ## the tests under other clocks and time zones (needs Debian's faketime)
	$(PY) -m bot train && scripts/test-clocks

check: $(VENV)/dev.mark ## in 90 seconds: lint, types, the nearest tests of what changed since HEAD~1, dialogues
	$(PY) -m scripts.check

train: $(VENV)/train.mark ## train the model when the one there does not fit; commit models/ then
	$(PY) -m bot train

augment: $(VENV)/train.mark ## write out the variants (dialect, typos…) that training adds, to var/variants
	$(PY) -m bot augment

bench: $(VENV)/dev.mark $(if $(filter nlu parse conversation,$(or $(NAME),parse)),.venv-baseline/mark) ## all benchmarks, or one: make bench NAME=parse
	$(PY) -m bot bench $(NAME)

lint: $(VENV)/dev.mark ## ruff, mypy, the checks of the policy files, of the register of personal data, of early warning's files, floors and names
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(PY) -m bot policies check && $(PY) -m bot privacy check && $(PY) -m bot warning check && $(PY) -m pytest -q -p no:cacheprovider tests/test_architecture.py tests/test_language.py tests/test_slot_reads.py

format: $(VENV)/dev.mark ## let ruff format and mend what it can
	$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

bundle: $(VENV)/run.mark ## everything for a machine without network, to var/bundle (docs/deploy.md)
	scripts/bundle $(PY)

lock: $(VENV)/uv.mark ## resolve pyproject.toml anew into the lock files
	$(COMPILE) pyproject.toml --universal --fork-strategy fewest --python-version 3.10 -o requirements.lock
	$(COMPILE) pyproject.toml --universal --fork-strategy fewest --python-version 3.10 --extra train -c requirements.lock -o requirements-train.lock
	$(COMPILE) pyproject.toml --universal --fork-strategy fewest --python-version 3.10 --extra dev -c requirements-train.lock -o requirements-dev.lock
	$(COMPILE) --no-config requirements-baseline.in --python-version 3.10 -o requirements-baseline.lock

audit: $(VENV)/dev.mark ## look the locked releases up among known advisories, where a service answers
	scripts/audit $(PY)

screenshots: $(VENV)/dev.mark ## take the pictures of docs/images anew (chromium)
	$(PY) -m tests.channels.screenshots

changelog: $(VENV)/dev.mark ## at a release, with its version in pyproject.toml: changes/ into CHANGELOG.md
	$(PY) -m scripts.changelog

clean: ## remove environments, databases and caches
	rm -rf $(VENV) .venv-baseline var .mypy_cache .ruff_cache .pytest_cache .rasa

$(VENV)/uv.mark:
	@test -n "$(PYTHON)" || scripts/find-python
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install -q --disable-pip-version-check uv || { echo "uv could not be installed: check the network, or set PIP_INDEX_URL for a mirror; then run make again." >&2; exit 1; }
	@touch $@

$(VENV)/run.mark: $(VENV)/uv.mark requirements.lock
	@$(SYNC) requirements$(patsubst %,-%,$(filter-out run,$(basename $(notdir $(LOCK))))).lock
	@touch $@

$(VENV)/train.mark: $(VENV)/uv.mark requirements-train.lock
	@$(SYNC) requirements-$(if $(wildcard $(VENV)/dev.mark),dev,train).lock
	@touch $@ $(VENV)/run.mark

$(VENV)/dev.mark: $(VENV)/uv.mark requirements-dev.lock
	@$(SYNC) requirements-dev.lock
	@touch $@ $(VENV)/train.mark $(VENV)/run.mark

# Rasa as it comes, for the benchmarks that compare with it.
.venv-baseline/mark: $(VENV)/uv.mark requirements-baseline.lock
	$$(scripts/find-python 3.10) -m venv .venv-baseline
	$(VENV)/bin/uv pip sync -q --require-hashes --python .venv-baseline/bin/python requirements-baseline.lock
	@touch $@
