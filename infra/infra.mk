# The stacks: checking, deploying, and trying them out with SAM. The Makefile
# at the top includes this; all paths are from there.

# Which deployment, and for which machine its programs are (arm64, amd64).
STAGE    ?= dev
ARCH     ?= arm64
# Which stacks: all, or some by name (Issuer), with those that they need.
STACKS   ?= --all
# What cdk asks about before it deploys: broadening of rights, or never.
APPROVAL ?= broadening
# Where containers find the stores that sam-stores serves.
SAM_HOST ?= 127.0.0.1

# The CDK's command line is pinned by infra/package-lock.json. It needs neither
# network nor credentials but for deploy, diff and destroy.
CDK = cd infra/cdk && ../node_modules/.bin/cdk --no-notices --context stage=$(STAGE) --context arch=$(ARCH)

.PHONY: infra-test cdk-test synth nag deployed-test deploy diff destroy sam-env sam-stores cost durations

infra-test: cdk-test synth nag deployed-test ## vet and test the stacks, write the templates, check them

cdk-test:
	cd infra/cdk && go vet ./... && go test -count=1 ./...

synth: build/cdkapp infra/node_modules lambdas-$(ARCH) site ## write the templates of STAGE (dev) for ARCH (arm64) into build/cdk.out
	rm -rf build/cdk.out
	$(CDK) synth --quiet

# The real programs, with the variables and rights that the templates give them.
deployed-test: $(DATABASE) lambdas-$(shell go env GOARCH)
	STRIDE_TEST_TEMPLATES=$(CURDIR)/build/cdk.out go test -count=1 ./internal/deployed

nag: infra/node_modules
	node infra/nag.cjs build/cdk.out

deploy: synth ## deploy STAGE
	$(CDK) deploy --app ../../build/cdk.out $(STACKS) --require-approval $(APPROVAL)

diff: synth ## show what a deployment of STAGE would change
	$(CDK) diff --app ../../build/cdk.out $(STACKS)

destroy: ## remove STAGE; refused where its data has to stay
	@if ! grep -Eq '"production"[[:space:]]*:[[:space:]]*false' infra/cdk/stages/$(STAGE).json; then \
		echo "Stage $(STAGE) does not say \"production\": false, so its data has to stay: docs/operations.md tells how to end it by hand." >&2; exit 1; fi
	$(MAKE) synth
	$(CDK) destroy --app ../../build/cdk.out --all

sam-env: synth ## write build/env.json for sam local, which finds the stores at SAM_HOST (docs/sam.md)
	go run ./tools/samenv -host $(SAM_HOST) build/cdk.out > build/env.json

sam-stores: ## serve table and secret to sam local, beside a DynamoDB of your own (docs/sam.md)
	go run ./tools/samstores

cost: synth ## estimate what 1,000 runners cost STAGE, and nobody
	@go run ./tools/cost build/cdk.out

# Measured on whatever machine this is, so it is not part of any check.
durations: $(DATABASE) synth lambdas-$(shell go env GOARCH) ## time the real programs anew, for cost
	STRIDE_TEST_TEMPLATES=$(CURDIR)/build/cdk.out STRIDE_TEST_DURATIONS=$(CURDIR)/tools/cost/durations.json \
		go test -count=1 -run Durations ./internal/deployed

build/cdkapp: FORCE
	cd infra/cdk && go build -trimpath -buildvcs=false -o ../../$@ .

infra/node_modules: infra/package-lock.json
	cd infra && npm ci --no-audit --no-fund --silent
	@touch $@

FORCE:
