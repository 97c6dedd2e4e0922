# What there is to do here. `make help` lists it.

SHELL    := bash
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PROGRAM  ?= bin/wsk-scenario
SCENARIO ?= scenarios/startup.yaml
ARGS     ?=
FUZZTIME ?= 10s
SOAK     ?= 1h

# A folder without version control, or one of another user, must build too.
export GOFLAGS := -buildvcs=false $(filter-out -buildvcs%,$(GOFLAGS))

# Folders that begin with a dot are not in ./...
TOOLS := ./.ci/bench ./.ci/built ./.ci/cluster ./.ci/cluster/checks ./.ci/cluster/pause ./.ci/image ./.ci/oci

LINT := go tool -modfile=.ci/tools.mod

.DEFAULT_GOAL := help
.PHONY: help needs build run test test-cluster lint bench fuzz soak image cluster-up cluster-down uplot clean

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

needs: ## install what actions and tests need and this machine lacks (Debian, Ubuntu)
	@.ci/needs test

# Kubernetes' libraries are half of the program and no call of a load goes through them: that small functions of theirs are not
# copied to where they are used, and that there are no tables for debuggers, makes it 71 MB instead of 84.
SMALL := -trimpath -gcflags 'k8s.io/...=-l'

build: ## build bin/wsk-scenario
	@.ci/needs go
	CGO_ENABLED=0 go build $(SMALL) -ldflags '-s -w -X main.version=$(VERSION)' -o $(PROGRAM) ./cmd/wsk-scenario

run: build ## run SCENARIO (scenarios/startup.yaml) on the embedded OpenWhisk; ARGS are passed on
	@.ci/needs run
	bin/wsk-scenario run $(SCENARIO) $(ARGS)

test: needs lint ## check everything: lint, then all tests with the race detector
	go test -race -timeout 60m ./...
	go test -timeout 60m ./.ci/built ./.ci/bench
	@$(MAKE) --no-print-directory test-cluster

# Three parts wait on a cluster each. A machine that permits no cluster says so as its last word, and fails where that must not be.
WORKERS  := Worker
RELEASES := Doctor|EachRole|KilledUp|OneRelease|WhyAPod|InPods|DeletingPods|HowManyInvokers|PutsBackWhat
CLUSTER  := go test -timeout 100m

test-cluster: ## check what needs a real Kubernetes, which is built and started for it
	@.ci/needs test
	@if why=$$(go run ./.ci/cluster permitted 2>&1); then \
	  $(CLUSTER) -run '$(WORKERS)' ./.ci/cluster/checks & workers=$$!; \
	  $(CLUSTER) -parallel 4 -run '$(RELEASES)' -skip '$(WORKERS)' ./.ci/cluster/checks & releases=$$!; \
	  $(CLUSTER) -skip '$(WORKERS)|$(RELEASES)' ./.ci/oci ./.ci/cluster/checks; others=$$?; \
	  wait $$workers; workers=$$?; wait $$releases && [ $$workers = 0 ] && [ $$others = 0 ]; \
	else \
	  echo "not checked: cluster ($$(head -1 <<< "$$why" | sed 's/^cluster: //'))"; [ "$${CI:-}" != true ]; \
	fi

lint: ## check format, go vet and staticcheck
	@.ci/needs go
	@unformatted=$$("$$(go env GOROOT)/bin/gofmt" -l cmd dsl engine schema .ci); \
	  if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./... $(TOOLS)
	$(LINT) staticcheck ./... $(TOOLS)

bench: ## run the benchmarks, then ours beside vegeta, hey, fortio, k6, wrk, autocannon and the loop of owperf
	@.ci/needs go
	go test -run '^$$' -bench . -benchmem ./...
	@.ci/needs bench
	go test -run '^$$' -bench . ./.ci/built
	go run ./.ci/bench

fuzz: ## fuzz every fuzz target for FUZZTIME (10s)
	@.ci/needs go
	@set -euo pipefail; for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; done

soak: ## load the embedded server for SOAK (1h) while its containers are killed
	@.ci/needs test
	go test -run '^TestSoak$$' -v -count=1 -timeout 24h ./engine/standalone -soak $(SOAK)

image: ## build the image of wsk-scenario for amd64 and arm64, an archive in bin
	@.ci/needs go
	go run ./.ci/image -version '$(VERSION)'

cluster-up: ## start a real Kubernetes with two nodes on this machine, and leave it running
	@.ci/needs test
	@go run ./.ci/cluster up

cluster-down: ## stop it
	@go run ./.ci/cluster down

UPLOT := 1.6.32

uplot: ## take uPlot, which draws lines and points in the HTML report, from npm anew
	cd engine/report/page/static && npm pack --silent uplot@$(UPLOT) && tar xzf uplot-$(UPLOT).tgz && rm uplot-$(UPLOT).tgz && \
	  mv package/dist/uPlot.iife.min.js uplot.js && mv package/dist/uPlot.min.css uplot.css && mv package/LICENSE uplot.LICENSE && rm -r package

clean: ## remove what was built
	rm -rf bin
