# Stride. `make` shows what there is.
LINT      := .tools/bin/golangci-lint
FUNCTIONS := $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
BOOTSTRAP := CGO_ENABLED=0 GOOS=linux go build -tags lambda.norpc -trimpath -buildvcs=false -ldflags '-s -w'
FUZZTIME  ?= 10s
# The race detector needs a C compiler; without one the tests run without it.
RACE      := $(if $(shell command -v gcc || command -v clang),-race)

# Which deployment, and for which machine its programs are (arm64, amd64).
STAGE     ?= dev
ARCH      ?= arm64

.DEFAULT_GOAL := help
.PHONY: help run build local lambdas lambdas-arm64 lambdas-amd64 test bench hello-arm64 hello-amd64 lint fmt fuzz examples clean
.PHONY: infra-test cdk-test synth nag deploy diff destroy sam-env sam-stores cost

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: local ## build the local server and start it; Ctrl-C stops it
	@exec build/stride-local

build: local lambdas ## build the local server and the bootstraps of all functions

local:
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -o build/stride-local ./cmd/stride-local

lambdas: lambdas-arm64 lambdas-amd64

lambdas-arm64: $(FUNCTIONS:%=lambda-arm64-%)

lambdas-amd64: $(FUNCTIONS:%=lambda-amd64-%)

lambda-arm64-%:
	GOARCH=arm64 $(BOOTSTRAP) -o build/lambda/arm64/$*/bootstrap ./functions/$*

lambda-amd64-%:
	GOARCH=amd64 $(BOOTSTRAP) -o build/lambda/amd64/$*/bootstrap ./functions/$*

test: ## vet and test everything
	go vet ./...
	go test $(RACE) -shuffle=on -count=1 ./...

bench: lambdas hello-arm64 hello-amd64 ## measure, side by side with a yardstick
	go run ./tools/bench

hello-arm64 hello-amd64: hello-%:
	GOARCH=$* $(BOOTSTRAP) -o build/bench/$*/hello/bootstrap ./tools/hello

lint: $(LINT) ## run the linters
	$(LINT) run
	cd infra/cdk && $(CURDIR)/$(LINT) run

fmt: $(LINT) ## modernise and format the code
	go fix ./...
	$(LINT) fmt

fuzz: ## fuzz each target for FUZZTIME
	@for target in $$(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' cmd functions internal | sed 's/func //'); do \
		echo "$$target" && \
		go test -run '^$$' -fuzz "^$${target#*:}\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$${target%%:*}")" || exit 1; \
	done

infra-test: cdk-test synth nag ## vet and test the stacks, write the templates, check them

cdk-test:
	cd infra/cdk && go vet ./... && go test ./...

synth: build/cdkapp infra/node_modules lambdas-$(ARCH) ## write the templates of STAGE (dev) for ARCH (arm64) into build/cdk.out
	rm -rf build/cdk.out
	$(CDK) synth --quiet

nag: infra/node_modules
	node infra/nag.cjs build/cdk.out

deploy: synth ## deploy STAGE
	$(CDK) deploy --app ../../build/cdk.out --all --require-approval $(APPROVAL)

diff: synth ## show what a deployment of STAGE would change
	$(CDK) diff --app ../../build/cdk.out --all

destroy: synth ## remove STAGE; refused where its data has to stay
	@if grep -q '"production": *true' infra/cdk/stages/$(STAGE).json; then \
		echo "Stage $(STAGE) keeps its data: docs/operations.md says how to end it by hand." >&2; exit 1; fi
	$(CDK) destroy --app ../../build/cdk.out --all

sam-env: synth ## write build/env.json for sam local, which finds the stores at SAM_HOST (docs/sam.md)
	go run ./tools/samenv -host $(SAM_HOST) build/cdk.out > build/env.json

sam-stores: ## serve table and secret to sam local, beside a DynamoDB of your own (docs/sam.md)
	go run ./tools/samstores

cost: ## estimate what 1,000 runners cost, and nobody
	go run ./tools/cost

# The CDK's command line is pinned by infra/package-lock.json. It runs offline
# and without credentials but for deploy, diff and destroy.
CDK = cd infra/cdk && ../node_modules/.bin/cdk --no-notices --context stage=$(STAGE) --context arch=$(ARCH)
APPROVAL ?= broadening
SAM_HOST ?= 127.0.0.1

build/cdkapp: FORCE
	cd infra/cdk && go build -trimpath -buildvcs=false -o ../../$@ .

infra/node_modules: infra/package-lock.json
	cd infra && npm ci --no-audit --no-fund --silent
	@touch $@

FORCE:

examples: ## write golden files and the examples in documents anew, from what the code does now
	go test ./internal/plan -run 'Golden|Algorithm' -update
	go test ./internal/contract -run 'Examples|Pages' -update
	go test ./internal/e2e -update

clean: ## remove what was built; data in .stride stays
	rm -rf build

$(LINT): Makefile
	GOBIN=$(CURDIR)/.tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@touch $@
