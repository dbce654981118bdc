# Verbs only. `make run` runs the main job, `make test` passes the tests; both do all set-up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := $(wildcard libs/* services/*)
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test check fmt lock schema e2e bench clean

setup: $(STAMP)

$(STAMP): requirements.lock $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation $(foreach m,$(MEMBERS),-e $(m))
	@touch $@
