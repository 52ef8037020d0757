# Stride. `make` shows what there is.
LINT      := .tools/bin/golangci-lint
WORKFLOWS := .tools/bin/actionlint
FUNCTIONS := $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
BOOTSTRAP := CGO_ENABLED=0 GOOS=linux go build -tags lambda.norpc -trimpath -buildvcs=false -ldflags '-s -w'
FUZZTIME  ?= 10s
# The race detector needs a C compiler; without one the tests run without it.
RACE      := $(if $(shell command -v gcc || command -v clang),-race)
DYNOXIDE  := internal/local/dynoxide
# The local DynamoDB is a program that npm gets, pinned by version and digest:
# the one program here that is not built from this repository. Whoever names
# another one by AWS_ENDPOINT_URL_DYNAMODB does not need it.
DATABASE  := $(if $(AWS_ENDPOINT_URL_DYNAMODB),,$(DYNOXIDE)/node_modules/.installed)

SITE      := internal/local/site/dist/index.html
WEB       := $(shell find web/src web/public web/scripts -type f 2>/dev/null) $(wildcard web/*.json web/*.ts web/index.html)

.DEFAULT_GOAL := help
.PHONY: help run build site local test-web test-browser lambdas lambdas-arm64 lambdas-amd64 test corpus soak mutants bench hello-arm64 hello-amd64 peak lint fmt fuzz examples clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: local ## build the local server and start it; Ctrl-C stops it
	@exec build/stride-local

build: local lambdas ## build the local server with the site, and the bootstraps of all functions

site: $(SITE)

$(SITE): $(WEB) web/node_modules/.installed
	cd web && npm run --silent build -- --logLevel warn && node scripts/embed.mjs
	@touch $@

local: $(DATABASE) $(SITE)
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -o build/stride-local ./cmd/stride-local

lambdas: lambdas-arm64 lambdas-amd64

lambdas-arm64: $(FUNCTIONS:%=lambda-arm64-%)

lambdas-amd64: $(FUNCTIONS:%=lambda-amd64-%)

lambda-arm64-%:
	GOARCH=arm64 $(BOOTSTRAP) -o build/lambda/arm64/$*/bootstrap ./functions/$*

lambda-amd64-%:
	GOARCH=amd64 $(BOOTSTRAP) -o build/lambda/amd64/$*/bootstrap ./functions/$*

test: test-web $(DATABASE) ## vet and test everything but what needs a browser
	go vet ./...
	go test $(RACE) -shuffle=on -count=1 ./...
	@$(MAKE) -s cdk-test

test-web: $(SITE)
	cd web && npm run --silent check && npm test --silent && node scripts/first-view.mjs

test-browser: local ## test the site in Chromium, which CHROMIUM names
	cd web && npm run --silent test-browser

corpus: ## test against the real FIT files that STRIDE_TEST_FIT names
	@test -n "$$STRIDE_TEST_FIT" || { echo 'STRIDE_TEST_FIT is not set: it names a folder of FIT files with their index.csv' >&2; exit 1; }
	go test -count=1 -v -run 'Corpus|Bombs' ./internal/recording

soak: $(DATABASE) ## test reliability at full size; takes an hour
	STRIDE_SOAK=1 go test -count=1 -timeout 3h ./internal/dynamo ./internal/boot/accounts ./internal/api/plans ./internal/local/server

mutants: $(DATABASE) ## take each guard out once; a test has to fail for every one
	go run ./tools/mutants

bench: $(DATABASE) lambdas hello-arm64 hello-amd64 peak ## measure, side by side with a yardstick
	go run ./tools/bench

peak:
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -o build/bench/peak ./tools/peak

hello-arm64 hello-amd64: hello-%:
	GOARCH=$* $(BOOTSTRAP) -o build/bench/$*/hello/bootstrap ./tools/hello

lint: $(LINT) $(WORKFLOWS) ## run the linters
	$(LINT) run
	cd infra/cdk && $(CURDIR)/$(LINT) run
	$(WORKFLOWS)
	@! grep -n 'uses:' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$$' || { echo 'pin these actions to a commit, with the release beside it' >&2; exit 1; }

fmt: $(LINT) ## modernise and format the code
	go fix ./...
	$(LINT) fmt

fuzz: ## fuzz each target for FUZZTIME
	@for target in $$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' cmd functions internal | sed 's/func //'); do \
		echo "$$target" && \
		go test -run '^$$' -fuzz "^$${target#*:}\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$${target%%:*}")" || exit 1; \
	done

examples: $(DATABASE) ## write golden files and the examples in documents anew, from what the code does now
	go test ./internal/plan -run 'Golden|Algorithm' -update
	go test ./internal/runner -run Zones -update
	go test ./internal/api/planning -run Readme -update
	go test ./internal/contract -run 'Examples|Pages' -update
	go test ./internal/e2e -update
	cd infra/cdk && go test ./stacks -run Listing -update

$(DYNOXIDE)/node_modules/.installed: $(DYNOXIDE)/package-lock.json
	cd $(DYNOXIDE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@mkdir -p $(@D) && touch $@

web/node_modules/.installed: web/package-lock.json web/.npmrc
	cd web && npm ci --loglevel=error
	@touch $@

clean: ## remove what was built; data in .stride stays
	rm -rf build web/dist
	git clean -fdqX internal/local/site/dist

$(LINT): Makefile
	GOBIN=$(CURDIR)/.tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mkdir -p $(@D) && touch $@

$(WORKFLOWS): Makefile
	GOBIN=$(CURDIR)/.tools/bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
	@mkdir -p $(@D) && touch $@

include infra/infra.mk
