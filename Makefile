# Kakehashi: `make serve` builds the default release and serves it, `make test` runs the whole suite.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
export KAKEHASHI_HOME ?= .kakehashi

.PHONY: serve test test-pure test-faults test-rest check bench explore soak audit sbom clean

serve: $(VENV)/serve.stamp
	$(BIN)/kakehashi build
	$(BIN)/kakehashi serve --port $(PORT)

# Three parts side by side: what computes, which alone needs the whole corpus; faults, which mostly wait; and all the rest.
PURE := tests/unit tests/property tests/conformance
FAULTS := tests/faults
test: $(VENV)/dev.stamp
	$(MAKE) --no-print-directory --jobs=3 --keep-going --output-sync=target test-pure test-faults test-rest

test-pure: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(PURE)

test-faults: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(FAULTS)

test-rest: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(addprefix --ignore=,$(PURE) $(FAULTS))

# ruff, mypy, and the architecture: each contract of import-linter is a sentence.
check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kakehashi check

# Long runs, by hand; their results stand in docs/benchmarks.md.
bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.loading
	$(BIN)/python -m benchmarks.crosswalk
	$(BIN)/python -m benchmarks.coverage
	$(BIN)/python -m benchmarks.closing
	$(BIN)/python -m benchmarks.serving

# The suite's properties on examples that nobody has seen, again and again; each failure prints its example.
explore: $(VENV)/dev.stamp
	for round in 1 2 3 4 5; do KAKEHASHI_EXAMPLES_OF=explore $(BIN)/python -m pytest tests/property || exit 1; done

soak: $(VENV)/dev.stamp
	KAKEHASHI_KILLS=300 $(BIN)/python -m pytest tests/faults/test_killed_build.py tests/faults/test_remote_faults.py
	KAKEHASHI_FUZZ=20000 $(BIN)/python -m pytest tests/property/test_fuzz_sources.py
	KAKEHASHI_PROBLEMS=50 KAKEHASHI_EXAMPLES=1000 $(BIN)/python -m pytest tests/property/test_closing.py
	KAKEHASHI_WORLDS=100000 $(BIN)/python -m pytest tests/property/test_engine.py
	KAKEHASHI_OPERATIONS=40000 $(BIN)/python -m pytest tests/property/test_same_answers.py
	KAKEHASHI_WHOLE=1 $(BIN)/python -m pytest tests/integration/test_three_stores.py
	KAKEHASHI_SWAPS=12 KAKEHASHI_SWAP_EVERY=5 $(BIN)/python -m pytest tests/faults/test_hot_swap.py
	KAKEHASHI_IMAGE=1 $(BIN)/python -m pytest tests/integration/test_docker.py
	KAKEHASHI_SOAK=600 $(BIN)/python -m pytest tests/integration/test_soak.py

# Known vulnerabilities of what is pinned, and of what it is tested with. It asks the package index, and fails where that does not
# answer for every package: a run that could look at nothing must not pass.
audit: $(VENV)/dev.stamp
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --vulnerability-service pypi -r requirements.lock -r requirements-dev.lock

# The software bill of materials (CycloneDX) of what is delivered.
sbom: $(VENV)/dev.stamp
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json

$(VENV)/serve.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-build-isolation --no-deps -e .
	touch $@

clean:
	rm -rf $(VENV) .kakehashi
