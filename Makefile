# Verbs only. `make run` runs the main job, `make test` passes the tests; both do all set-up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := $(wildcard libs/* services/*)
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test check fmt lock schema e2e bench sbom up down clean

setup: $(STAMP)

$(STAMP): requirements.lock $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation $(foreach m,$(MEMBERS),-e $(m))
	@touch $@

# FEEDS="https://…" adds feeds to the demo newspapers.
run: setup
	$(BIN)/onrecord run --demo tests/site/serve.py $(if $(FEEDS),--feeds $(FEEDS))

test: setup check
	$(BIN)/python -m pytest tests/unit tests/contract tests/hostile tests/observability tests/deploy tests/integration tests/e2e

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python libs/contracts/generate.py --check
	$(BIN)/python docs/generate.py --check
	$(BIN)/python deploy/grafana/generate.py --check

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv: pip install uv
lock:
	uv export --all-packages --all-groups --no-emit-workspace --no-emit-project --no-header --no-annotate \
	  --format requirements.txt --quiet --output-file requirements.lock

schema: setup
	$(BIN)/python libs/contracts/generate.py
	$(BIN)/python docs/generate.py
	$(BIN)/python deploy/grafana/generate.py

e2e: setup
	$(BIN)/python -m pytest tests/e2e

# Figures of this machine; quality needs ONRECORD_SHARED.
bench: setup
	$(BIN)/python tests/bench/runtime/cpu_per_message.py
	$(BIN)/python tests/bench/pipeline/measure.py

up:
	test -d deploy/compose/secrets && test -f deploy/compose/secrets/api_token || $(PYTHON) deploy/tools/make_secrets.py
	docker compose up -d --build

down:
	docker compose down

# Bill of materials and licences of the default install; fails on GPL and AGPL.
sbom: setup
	$(BIN)/python deploy/sbom/report.py --to build/sbom

clean:
	rm -rf .onrecord .mypy_cache .ruff_cache .pytest_cache
