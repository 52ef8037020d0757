package stacks_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/infra/cdk/stacks"
	"github.com/stride-run/stride/internal/route"
)

func TestFunctionsAreThoseOfTheTable(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		count := 0
		for _, r := range e.of("AWS::Lambda::Function") {
			if ours(r) {
				count++
			}
		}
		if count != len(functions) {
			t.Errorf("%d functions in the templates, %d in the table", count, len(functions))
		}
		for _, f := range functions {
			r := e.function(t, f.Name)
			for field, want := range map[string]any{
				"Runtime": "provided.al2023", "Architectures": []string{"arm64"}, "Handler": "bootstrap", "MemorySize": f.MemoryMB,
				"Timeout": f.Timeout.Seconds(), "Description": f.Purpose, "TracingConfig": map[string]string{"Mode": "Active"},
			} {
				if got := r.at(field); text(got) != text(want) {
					t.Errorf("%s: %s = %s, want %s", f.Name, field, text(got), text(want))
				}
			}
			if !strings.Contains(text(r.at("LoggingConfig")), `"LogFormat":"JSON"`) || !strings.Contains(text(r.at("LoggingConfig")), "Log") {
				t.Errorf("%s logs to %s", f.Name, text(r.at("LoggingConfig")))
			}
			variables, _ := r.at("Environment", "Variables").(map[string]any)
			for _, name := range f.Environment {
				if text(variables[name]) == `""` && name != "STRIDE_ALLOWED_ORIGINS" && name != "STRIDE_ORIGIN" || variables[name] == nil {
					t.Errorf("%s: %s is %s", f.Name, name, text(variables[name]))
				}
			}
			for name, used := range map[string]bool{
				"AWS_ENDPOINT_URL_DYNAMODB": f.Table != "", "AWS_ENDPOINT_URL_SECRETS_MANAGER": f.Secret != "",
				"AWS_ENDPOINT_URL_S3": len(f.Uploads) > 0 || f.Issuer != "", "AWS_ENDPOINT_URL_SQS": f.Queue != "",
			} {
				if value, ok := variables[name]; ok != used || used && value != "" {
					t.Errorf("%s: %s is %v, want it to be there, and empty: %v", f.Name, name, value, used)
				}
			}
		}
		for _, group := range e.of("AWS::Logs::LogGroup") {
			if group.at("RetentionInDays") == nil {
				t.Errorf("%s keeps its lines for ever", group.ID)
			}
		}
	})
}

// TestNewFunctionNeedsNoNewStack puts a function of each kind into the tables
// as they are: rows are all that it takes.
func TestNewFunctionNeedsNoNewStack(t *testing.T) {
	functions := append(slices.Clone(route.Functions),
		route.Function{
			Name: "dummy", Purpose: "Nothing.", Trigger: route.HTTP, MemoryMB: 256, Timeout: 4 * time.Second, Table: route.Read,
			Actions: []string{"GetItem"}, Keys: []string{"RUNNER"}, Queue: "drain", Environment: []string{"STRIDE_TABLE", "STRIDE_DRAIN_QUEUE"},
		},
		route.Function{Name: "drain", Purpose: "Less.", Trigger: route.Queue, MemoryMB: 256, Timeout: 20 * time.Second, Environment: []string{"STRIDE_STAGE"}},
	)
	routes := append(slices.Clone(route.Routes), route.Route{
		Method: "GET", Path: "/api/dummies/{dummy_id}", Function: "dummy", Auth: route.Token, Throttle: route.Throttle{Rate: 1, Burst: 1}, Counts: "Dummies",
	})
	e, err := build(stacks.Config{Stage: "dev", Functions: functions, Routes: routes}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"Api/DummyFn", "Api/DummyRole", "Api/DummyLog", "Api/DummyNearMemoryLimit", "Api/DummyColdStart", "Api/GET .api.dummies.{dummy_id}",
		"Api/DrainFn", "Data/DrainQueue", "Data/DrainDeadLetters", "Ops/DrainDeadLetters",
	} {
		e.named(t, path)
	}
	board := text(e.of("AWS::CloudWatch::Dashboard")[0].at("DashboardBody"))
	if !strings.Contains(board, "Dummies") || !strings.Contains(board, e.function(t, "drain").ID) {
		t.Error("the dashboard shows nothing of them")
	}
	if waits := text(e.named(t, "Ops/Waiting").at("Metrics")); !strings.Contains(waits, ",drain])") {
		t.Errorf("messages may wait for ever: %s", waits)
	}
}

// TestStagesShareAnAccount finds names that two stages would both have.
// CloudFront's are the account's, and CDK leaves the stage out of some.
func TestStagesShareAnAccount(t *testing.T) {
	e := everything(t)
	for kind, path := range map[string][]string{
		"AWS::CloudFront::Function":              {"Name"},
		"AWS::CloudFront::CachePolicy":           {"CachePolicyConfig", "Name"},
		"AWS::CloudFront::OriginAccessControl":   {"OriginAccessControlConfig", "Name"},
		"AWS::CloudFront::ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig", "Name"},
		"AWS::CloudWatch::Dashboard":             {"DashboardName"},
	} {
		found := e.of(kind)
		if len(found) == 0 {
			t.Errorf("no %s", kind)
		}
		for _, r := range found {
			if !strings.Contains(text(r.at(path...)), "everything") {
				t.Errorf("%s is called %s in every stage", r.ID, text(r.at(path...)))
			}
		}
	}
	for _, group := range e.of("AWS::Logs::LogGroup") {
		if name := group.at("LogGroupName"); name != nil && !strings.Contains(text(name), "everything") {
			t.Errorf("%s is called %v in every stage", group.ID, name)
		}
	}
}

func TestReservedConcurrencyIsASetting(t *testing.T) {
	e := everything(t)
	if got := text(e.function(t, "login").at("ReservedConcurrentExecutions")); got != "7" {
		t.Errorf("login: %s", got)
	}
	if got := e.function(t, "open").at("ReservedConcurrentExecutions"); got != nil {
		t.Errorf("open: %v", got)
	}
}

// TestHiddenFunctions counts what CDK brings along: the trigger of the keys,
// and what copies the site.
func TestHiddenFunctions(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		var found []string
		for _, r := range e.of("AWS::Lambda::Function") {
			if at, _ := r.Metadata["aws:cdk:path"].(string); !ours(r) {
				found = append(found, strings.SplitN(at, "/", 3)[1])
			}
		}
		slices.Sort(found)
		want := []string{"AWSCDK.TriggerCustomResourceProviderCustomResourceProvider", "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C"}
		if !slices.ContainsFunc(functions, func(f route.Function) bool { return f.Trigger == route.Rotation }) {
			want = want[1:]
		}
		if !slices.Equal(found, want) {
			t.Errorf("CDK brings %q, want %q", found, want)
		}
	})
}

// TestSAM holds what `sam local` needs to find a function and its program.
func TestSAM(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		for _, f := range functions {
			m := e.function(t, f.Name).Metadata
			if path, _ := m["aws:cdk:path"].(string); strings.Count(path, "/") != 2 {
				t.Errorf("%s: path %q has not three parts", f.Name, path)
			}
			if asset, _ := m["aws:asset:path"].(string); m["aws:asset:property"] != "Code" || !strings.HasPrefix(asset, "asset.") {
				t.Errorf("%s: asset %q for %v", f.Name, asset, m["aws:asset:property"])
			}
		}
	})
}

func TestArchitectureIsAChoice(t *testing.T) {
	e, err := build(stacks.Config{Stage: "sam", Architecture: "amd64"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range route.Functions {
		if got := text(e.function(t, f.Name).at("Architectures")); got != `["x86_64"]` {
			t.Errorf("%s: %s", f.Name, got)
		}
	}
}

func TestConfigRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*stacks.Config)
		want   string
	}{
		{"no stage", func(c *stacks.Config) { c.Stage = "" }, "stage"},
		{"stage in capitals", func(c *stacks.Config) { c.Stage = "Dev" }, "stage"},
		{"local stage", func(c *stacks.Config) { c.Stage = "local" }, "one machine"},
		{"architecture", func(c *stacks.Config) { c.Architecture = "riscv" }, "architecture"},
		{"domain alone", func(c *stacks.Config) { c.Domain = "stride.example" }, "certificate_arn"},
		{"issuer's certificate alone", func(c *stacks.Config) { c.IssuerCertificate = "arn" }, "issuer_domain"},
		{"zone without its id", func(c *stacks.Config) { c.HostedZone = "stride.example" }, "hosted_zone_id"},
		{"name outside its zone", func(c *stacks.Config) {
			c.HostedZone, c.HostedZoneID, c.Domain, c.Certificate = "stride.example", "Z1", "notstride.example", "arn"
		}, "hosted_zone"},
		{"budget below nothing", func(c *stacks.Config) { c.BudgetUSD = -1 }, "budget_usd"},
		{"any origin", func(c *stacks.Config) { c.AllowedOrigins = []string{"*"} }, "allowed_origins"},
		{"plain origin", func(c *stacks.Config) { c.Production, c.AllowedOrigins = true, []string{"http://app.example"} }, "allowed_origins"},
		{"firewall elsewhere", func(c *stacks.Config) { c.WebACL = "make" }, "us-east-1"},
		{"canary elsewhere", func(c *stacks.Config) { c.Canary = true }, "us-east-1"},
		{"nobody's concurrency", func(c *stacks.Config) { c.ReservedConcurrency = map[string]int{"nobody": 1} }, "nobody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := stacks.Config{Stage: "dev"}
			tt.change(&c)
			if _, err := build(c, t.TempDir()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one about %s", err, tt.want)
			}
		})
	}
}

func TestVariableWithoutValue(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(p.(string), "STRIDE_NEW") {
			t.Errorf("panic %v, want one that names the variable", p)
		}
	}()
	functions := slices.Clone(route.Functions)
	functions[0].Environment = []string{"STRIDE_NEW"}
	_, _ = build(stacks.Config{Stage: "dev", Functions: functions}, t.TempDir())
	t.Error("nobody noticed")
}

func TestStagesAreRead(t *testing.T) {
	files, _ := filepath.Glob("../stages/*.json")
	if len(files) < 2 {
		t.Fatalf("stages: %q", files)
	}
	for _, file := range files {
		stage := strings.TrimSuffix(filepath.Base(file), ".json")
		c, err := stacks.ReadConfig("../stages", stage)
		if err != nil || c.Production != (stage == "production") {
			t.Errorf("%s: production %v, %v", stage, c.Production, err)
		}
	}
	if _, err := stacks.ReadConfig("../stages", "nowhere"); err == nil || !strings.Contains(err.Error(), "production.json") {
		t.Errorf("error %v, want one that lists the stages", err)
	}
}
