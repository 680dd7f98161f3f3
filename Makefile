# Every target sets up what it needs: python3, python3-venv and make are all it takes.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test test-full test-local-model check fix bench lock clean

demo: $(READY)
	$(BIN)/docmill run tests/samples/contract.pdf tests/samples/annual-report.docx \
		tests/samples/minutes.md --recipe summarize --provider offline --to demo --format docx,md,json
	@echo; echo "Finished documents (offline extracts, no model was asked):"; ls -1 demo/*.*

test: $(READY)
	$(BIN)/pytest -q -n 2 --dist loadgroup -m "not full"

test-full: $(READY)
	tests/install-debian-packages
	$(BIN)/pytest -q -m full

# llama.cpp and a small model, some 130 MB; on two cores it takes minutes.
test-local-model: $(READY)
	tests/install-local-model
	$(BIN)/pytest -q -s tests/infer/test_local_model.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/docmill recipes check

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	for benchmark in tests/benchmarks/[a-z]*.py; do \
		$(BIN)/python -m "$$(echo "$${benchmark%.py}" | tr / .)" || exit 1; \
	done

# Needs uv. The lock names no registry, and holds a hash for every file.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock

clean:
	rm -rf .venv demo

# The lock holds everything, so nothing is left to resolve. Asked to, an older pip takes the newest
# coverage for pytest-cov's coverage[toml], finds no hash for it and stops.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
