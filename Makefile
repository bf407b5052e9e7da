# Graft: try, prove and teach kernel live patching. Everything here says what it does.

SWIFT ?= swift
TEST_PACKAGES := xmlschema==4.3.2 junitparser==5.0.3 jsonschema==4.26.0 pyyaml==6.0.3 pexpect==4.9.0
TEST_COMMANDS := prove pip3 man col chromium asciinema sbatch slurmctld slurmd munged
TEST_DEBIAN   := perl python3-pip man-db bsdextrautils chromium asciinema slurm-client slurmctld slurmd munge
TEST_MODULES  := xmlschema, junitparser, jsonschema, yaml, pexpect
DEMO  := Scenarios/manual/central-experiment.graft

# The tests compare two machines over millions of steps: optimised, and with all checks of the language, they take a
# quarter of the time, the longer build included. What is built for the desk stays apart.
OPTIMISED := -Xswiftc -O --scratch-path .build/optimised

.PHONY: help run test test-tools lint format fuzz bench install deps clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

run: deps ## Build, and watch the central experiment of the kGraft manual
	@echo "==> building graft"
	@$(SWIFT) build --product graft
	@echo "==> graft run $(DEMO)"
	@$$($(SWIFT) build --show-bin-path)/graft run $(DEMO)

test: deps lint ## Build everything and run every test, with PROGRAMS (2000) made-up programs
	@echo "==> swift test"
	@$(SWIFT) build --build-tests $(OPTIMISED)
	@GRAFT_PROGRAMS=$${PROGRAMS:-2000} GRAFT_SHIPPED_STEPS=20000 $(SWIFT) test --skip-build $(OPTIMISED)

# What judges beside our own tests: prove, a Python with validators and a pseudo-terminal, a browser,
# asciinema, Slurm. A test that
# needs one of them is left out where it is missing, and fails where CI is set.
test-tools: ## Install what the tests use beside the toolchain (CI does this first)
	@for tool in $(TEST_COMMANDS); do command -v $$tool >/dev/null || missing=1; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends $(TEST_DEBIAN); \
	  else echo "the tests use what Debian has in: $(TEST_DEBIAN)"; exit 1; fi; \
	fi
	@python3 -c 'import $(TEST_MODULES)' 2>/dev/null || \
	  PIP_BREAK_SYSTEM_PACKAGES=1 pip3 install -q --disable-pip-version-check $(TEST_PACKAGES)

lint: ## Check the layout of every source file
	@echo "==> swift format lint"
	@$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

format: ## Lay every source file out anew
	@$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

# Each program has a seed of its own, from SEED on, and they are tried in portions: after each one stands how
# long it took, and how to go on from there should it be broken off. PORTIONS on other machines begin at other
# seeds: PROGRAMS=100000 with SEED=0, 100000, 200000 … Of each the machines are held side by side, searches are
# compared with and without every reduction, and where it is small with what the reference machine enumerates:
# faults, dead ends, failed checks and the set of outcomes. Then every shipped scenario on both machines, each to its end.
PORTION ?= 20000
fuzz: deps ## Spoilt texts for MINUTES (10), then PROGRAMS (1000000: some hours, in portions) made-up programs on both machines
	@$(SWIFT) build --build-tests $(OPTIMISED)
	@seed=$${SEED:-$$(date +%s)}; echo "==> SEED=$$seed"; \
	  GRAFT_FUZZ_MINUTES=$${MINUTES:-10} GRAFT_FUZZ_SEED=$$seed \
	  $(SWIFT) test --skip-build $(OPTIMISED) --filter FuzzTests || exit 1; \
	  left=$${PROGRAMS:-1000000}; began=$$(date +%s); \
	  while [ $$left -gt 0 ]; do \
	    count=$$(( left < $(PORTION) ? left : $(PORTION) )); \
	    GRAFT_PROGRAMS=$$count GRAFT_FUZZ_SEED=$$seed $(SWIFT) test --skip-build $(OPTIMISED) --filter 'RandomTests|randomPrograms' || exit 1; \
	    seed=$$((seed + count)); left=$$((left - count)); \
	    echo "==> $$left left after $$(( ($$(date +%s) - began) / 60 )) minutes; from here on:" \
	      "make fuzz MINUTES=0 SEED=$$seed PROGRAMS=$$left"; \
	  done && \
  GRAFT_SHIPPED_STEPS=1000000000 GRAFT_SHIPPED_WORLDS=20000 \
  $(SWIFT) test --skip-build $(OPTIMISED) --filter ShippedScenarioTests

bench: deps ## Measure, beside the peers that are installed
	@$(SWIFT) build -c release
	@Benchmarks/run.sh
	@Benchmarks/search.sh

PREFIX ?= /usr/local

install: deps ## Install graft, its completions and its manual page below PREFIX (/usr/local)
	@echo "==> building graft, with everything in it"
	@$(SWIFT) build -c release --static-swift-stdlib --product graft
	@graft=$$($(SWIFT) build -c release --static-swift-stdlib --show-bin-path)/graft; to=$(DESTDIR)$(PREFIX); \
	install -D -m 755 $$graft $$to/bin/graft && \
	mkdir -p $$to/share/man/man1 $$to/share/bash-completion/completions $$to/share/zsh/site-functions \
	  $$to/share/fish/vendor_completions.d && \
	$$graft manual >$$to/share/man/man1/graft.1 && \
	$$graft --generate-completion-script bash >$$to/share/bash-completion/completions/graft && \
	$$graft --generate-completion-script zsh >$$to/share/zsh/site-functions/_graft && \
	$$graft --generate-completion-script fish >$$to/share/fish/vendor_completions.d/graft.fish && \
	echo "==> installed $$to/bin/graft"

# Debian's libedit is what the REPL's line editing stands on.
deps:
	@if [ -e /usr/include/histedit.h ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "==> installing libedit-dev"; \
	  apt-get update -qq && apt-get install -y -qq libedit-dev pkg-config; \
	else \
	  echo "graft needs libedit's headers; install them with:"; \
	  echo "  sudo apt-get install libedit-dev pkg-config"; exit 1; \
	fi

clean: ## Remove what was built
	@rm -rf .build
