# `make audit` sets everything up and audits sample_records/; `make test` does what CI does.
# On Windows without make: the two lines in README.md.
PYTHON ?= python3.11
PYTHON_FOUND := $(shell command -v $(PYTHON) || command -v python3)
VENV := .venv
RUN := $(VENV)/bin

.PHONY: help audit test test-long fuzz mutation validity prevalence bench bench-batch bench-peers bench-documents bench-overview pictures system clean
INPUTS ?= 1000000

help:
	@echo "make audit      set up, audit sample_records/ and say where the reports are"
	@echo "make test       everything CI does: lint, types, layers, tests against the built wheel"
	@echo "make test-long  the slow tests too"
	@echo "make fuzz       a million inputs with anything done to them (INPUTS=20000 for fewer)"
	@echo "make mutation   what the examples notice of changed checks, and the checks of planted defects"
	@echo "make validity   precision and recall on labelled data, where they are at hand"
	@echo "make prevalence how often checks find something, beside rates known from elsewhere"
	@echo "make bench      measure speed and memory"
	@echo "make bench-batch  measure exports of many records: rates, memory, the second run"
	@echo "make bench-peers  twelve field rules by other engines and by ours, side by side"
	@echo "make bench-documents  measure 500 PDFs by one process and by two: an hour"
	@echo "make bench-overview   measure the overview of 10,000 records"
	@echo "make pictures   draw the pictures of the README anew"

audit: $(VENV)/.installed system
	$(RUN)/trial-audit report sample_records --out reports --as-of 2026-06-11
	@echo "Reports: open reports/index.html"

test: $(VENV)/.installed system
	$(RUN)/python -m pip install --quiet --disable-pip-version-check tox
	$(RUN)/tox run

test-long: $(VENV)/.installed system
	$(RUN)/python -m pip install --quiet --disable-pip-version-check tox
	$(RUN)/tox run -e py -- -m "long or not long"
	@if command -v java >/dev/null; then $(RUN)/tox run -e spark; else echo "No Java: Spark is not tested."; fi

fuzz: $(VENV)/.installed
	$(RUN)/python -m pip install --quiet --disable-pip-version-check hypothesis
	PYTHONPATH=.:tests $(RUN)/python -m fuzz.run --inputs $(INPUTS)

mutation: $(VENV)/.installed
	PYTHONPATH=tests $(RUN)/python tests/mutation.py

validity: $(VENV)/.installed
	$(RUN)/python benchmarks/validity.py --write
	$(RUN)/python scripts/make_docs.py

prevalence: $(VENV)/.installed
	$(RUN)/python benchmarks/prevalence.py

bench: $(VENV)/.installed
	$(RUN)/python -m pip install --quiet --disable-pip-version-check psutil
	$(RUN)/python benchmarks/speed.py
	$(RUN)/python benchmarks/reports.py

bench-batch: $(VENV)/.installed
	$(RUN)/python benchmarks/batch.py

bench-peers: $(VENV)/.installed
	$(RUN)/python benchmarks/peers.py
bench-documents: $(VENV)/.installed system
	$(RUN)/python benchmarks/documents.py

bench-overview: $(VENV)/.installed system
	$(RUN)/python benchmarks/overview.py

pictures: $(VENV)/.installed system
	$(RUN)/python scripts/make_pictures.py

# Pango draws the PDFs. It is installed where that is allowed; elsewhere the line to type is printed.
system:
	@sh scripts/system-libraries.sh pango

$(VENV)/.installed: pyproject.toml
	@test -n "$(PYTHON_FOUND)" || { echo "Python 3.11 or newer is needed: https://www.python.org/downloads/"; exit 2; }
	@$(PYTHON_FOUND) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON_FOUND) is older. Set PYTHON=..."; exit 2; }
	@$(PYTHON_FOUND) -m venv $(VENV) >/dev/null || { rm -rf $(VENV); sh scripts/system-libraries.sh venv $(PYTHON_FOUND) && $(PYTHON_FOUND) -m venv $(VENV); }
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(RUN)/python -m compileall -q audit
	@touch $@

clean:
	rm -rf $(VENV) .tox dist build reports
