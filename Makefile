# The commands of this project: `make help` lists them.
#
#   DATA_DIR=folder            the data set that run, lab and app use, relative to this folder
#   ENGINE=turicreate|turilite the engine, a kernel; default: Turi Create where it is set up
#   ARGS="..."                 options for data and grade (ARGS=--help), lab and app
#   BUILD=folder               where run and html put their results; default: build
#   SUBMISSIONS=folder         what `make grade` grades: notebooks, or a folder per student
#   PICTURES=folder TO=folder  what `make pictures` makes a data set of, and where it puts that

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup data pictures app run test lab html assignment check refresh grade lint bench lock clean

BIN := .venv/bin
# The first Python that will do: under pyenv, `python3` alone fails where 3.8 isn't installed.
PYTHON3 := $(shell unset PYTHONPATH PYTHONHOME; for p in python3 /usr/bin/python3 python "env PYENV_VERSION=system python3"; \
	do $$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo "$$p" && break; done)
# Tests of turilite beside Turi Create, and of what runs in the kernels of both.
TESTS_BESIDE := tests/turilite $(wildcard tests/assignment/*.py)
TESTS := notebooks tests
# Two at a time, a file in one go: most tests wait for the kernels that they start.
PYTEST := -m pytest -n 2 --dist loadfile --timeout 600 --durations 20
CHROMIUM := $(shell command -v chromium || command -v google-chrome)
CHOSEN = $(BIN)/python -c 'from assignment.engine import chosen_engine; print(chosen_engine())'
TO_BUILD = $(if $(BUILD),--build "$(BUILD)")
SETUP = $(or $(PYTHON3),$(error Python 3.8 or later is needed, and none was found)) \
	scripts/setup_env.py --engine "$(ENGINE)"

# Without compiled modules every start of Turi Create would take 4 s and not 1 s.
unexport MPLBACKEND PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME PYTHONSTARTUP
ifdef DATA_DIR
export DATA_DIR
endif
ifdef ENGINE
export ENGINE
endif

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## make .venv with all packages and turilite, and Turi Create's kernel where it installs
	@$(SETUP)
	@$(BIN)/python scripts/check_environment.py

data: ## download, verify and unpack the course data (ARGS=--help: options)
	@$(SETUP) $(if $(findstring --csv,$(ARGS)),--dev) \
		$(if $(findstring --rebuild,$(ARGS))$(findstring --from-cifar10,$(ARGS)),--pictures)
	@$(BIN)/python scripts/fetch_data.py $(ARGS)

pictures: ## make a data set of your own pictures (PICTURES=folder, TO=folder)
	@$(SETUP) --pictures
	@$(BIN)/python scripts/make_pictures.py $(if $(PICTURES),"$(PICTURES)") $(if $(TO),--to "$(TO)")

app: ## open a page that finds pictures similar to yours in the data set
	@$(SETUP) --pictures --app
	@$(BIN)/python scripts/open_app.py $(ARGS)

run: ## run the notebooks into build/ and check every answer
	@$(SETUP)
	@$(BIN)/python scripts/run_notebooks.py $(TO_BUILD)

test: ## rerun the notebooks against their stored outputs, and test all the rest
	@$(SETUP) --dev --teaching --pictures --app $(if $(CHROMIUM),--browser)
	@$(BIN)/python $(PYTEST) --nbval $(TESTS)
	@test "$$($(CHOSEN))" = turilite || \
		.turicreate/bin/python $(PYTEST) $(TESTS_BESIDE)
	@echo "make test: all passed, the notebooks on $$($(CHOSEN))"

lab: ## open the notebooks in JupyterLab (ARGS: its options)
	@$(SETUP)
	@$(BIN)/python scripts/open_lab.py $(ARGS)

html: ## turn the notebooks, as they are stored, into pages in build/html
	@$(SETUP)
	@$(BIN)/python scripts/run_notebooks.py --stored $(TO_BUILD)

assignment: ## make the students' edition and an nbgrader course in build/ (ARGS=--help: options)
	@$(SETUP) --teaching
	@$(BIN)/python scripts/make_assignment.py $(ARGS)

check: ## check the environment and the data set, a line per item
	@$(if $(wildcard $(BIN)/python),$(BIN)/python,$(PYTHON3)) scripts/check_environment.py

refresh: ## run the notebooks in place on the sample, to renew their stored outputs
	@$(SETUP)
	@DATA_DIR=data/sample $(BIN)/python scripts/run_notebooks.py --in-place

grade: ## rerun other people's notebooks within bounds and judge them (SUBMISSIONS=folder)
	@$(SETUP)
	@$(BIN)/python scripts/grade.py $(if $(SUBMISSIONS),"$(SUBMISSIONS)") $(ARGS)

lint: ## check format, style and layers of modules, and the style of notebooks
	@$(SETUP) --dev
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports

bench: ## compare the engines into benchmarks/
	@$(SETUP) --engine turicreate
	@$(BIN)/python benchmarks/bench.py $(ARGS)

lock: ## renew requirements.lock after a change of requirements.txt (needs uv)
	grep -v '^-' requirements.txt \
		| uv pip compile - --universal --python-version 3.8 --no-annotate --quiet -o requirements.lock

clean: ## remove what was made here: .venv, .turicreate, .tools, build; never the data
	rm -rf .venv .turicreate .tools build .pytest_cache .ruff_cache .hypothesis
