# `make demo` and `make test` set up all they need. The same lines for Windows, without make, are in README.md.
# The first Python that runs and is new enough; a name on the path may be a shim without an interpreter behind it.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin
OUT ?= demo-out
SEED ?= 1

.PHONY: demo window test check soak bench screenshots clean

demo: .venv/.ready
	$(BIN)/dronesampler demo --seed $(SEED) --out $(OUT)

window: .venv/.ready
	$(BIN)/dronesampler

test: check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile -m "not soak"

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache > build/lint-imports.txt || { cat build/lint-imports.txt; exit 1; }

soak: .venv/.ready
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m soak

bench: .venv/.ready
	for table in tests/bench/bench_*.py; do $(BIN)/python $$table || exit 1; done

screenshots: .venv/.ready
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m dronesampler_ui.screenshots build/screenshots

.venv/.ready: pyproject.toml .ci/system-libraries
	@mkdir -p build
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found; please install one, or name it: make PYTHON=…"; exit 1; }
	@PYTHON=$(PYTHON) bash .ci/system-libraries
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[desktop,dev]'
	@touch $@

clean:
	rm -rf .venv build demo-out
