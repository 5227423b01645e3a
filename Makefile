# Glia. `make run` trains the first notebook; `make test` proves everything. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PREFIX ?= /usr/local
RELEASE := -c release --static-swift-stdlib
GLIA := .build/release/glia
NOTEBOOK ?= Notebooks/01-digits.glia

.PHONY: help run test build debug bench bench-peers install format lint fuzz sanitize clean dependencies

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

dependencies:
	@Scripts/dependencies.sh

build: dependencies ## build the release command, .build/release/glia
	swift build $(RELEASE) --product glia

debug: dependencies ## build everything for debugging, tests included
	swift build --build-tests

run: build ## train a network on handwritten digits; leaves a report in out/
	$(GLIA) run $(NOTEBOOK)

test: dependencies ## everything that proves Glia right: lint, unit tests, conformance, golden numbers, notebooks
	@Scripts/test.sh

bench: build ## time every workload and print the table
	@Benchmarks/run.sh

bench-peers: build ## the same, beside PyTorch, Keras, JAX from the virtual environments in PEERS_PY and TORCH_PY
	@Benchmarks/run.sh --peers

install: build ## install glia under PREFIX (default /usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(GLIA) "$(DESTDIR)$(PREFIX)/bin/glia"

format: ## lay out every Swift file by the rules of .swift-format
	swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: ## check layout and that no module imports upward
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	@Scripts/imports.py

fuzz: ## look for crashes for longer than the tests do (DURATION in seconds, default 600; SEED to begin with, default 0)
	GLIA_FUZZ_SECONDS=$(or $(DURATION),600) GLIA_FUZZ_SEED=$(or $(SEED),0) swift test --filter Fuzz

sanitize: dependencies ## run the tests of the language with the address sanitizer, in a build folder of its own
	ASAN_OPTIONS=detect_leaks=0 GLIA_ONLY=Syntax,Interpreter,Session swift test --no-parallel --sanitize=address \
	  --scratch-path .build/sanitize

clean: ## remove what was built
	rm -rf .build out
