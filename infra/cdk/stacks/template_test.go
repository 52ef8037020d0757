package stacks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/infra/cdk/stacks"
	"github.com/stride-run/stride/internal/route"
)

func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// A resource is one of a template.
type resource struct {
	ID             string `json:"-"`
	Type           string
	Properties     map[string]any
	Metadata       map[string]any
	DependsOn      any
	DeletionPolicy string
}

// at returns what is under a path of names in the properties; nil: nothing.
func (r resource) at(path ...string) any {
	var value any = r.Properties
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// text is the JSON of a value, to look for something anywhere in it.
func text(value any) string {
	encoded, _ := json.Marshal(value)
	return string(encoded)
}

// An estate is all templates of one app: stack, then id of the resource.
type estate map[string]map[string]resource

// theStack is the type, and the name, of what stands for a stack itself.
const theStack = "the stack"

// of returns the resources of a type in all stacks, or in some of them.
func (e estate) of(kind string, in ...string) []resource {
	var found []resource
	for _, name := range stacks.Names {
		if len(in) > 0 && !slices.Contains(in, name) {
			continue
		}
		for _, r := range e[name] {
			if r.Type == kind {
				found = append(found, r)
			}
		}
	}
	return found
}

// named returns the resource whose construct has a path such as Api/GenerateFn.
func (e estate) named(t *testing.T, path string) resource {
	t.Helper()
	for _, all := range e {
		for _, r := range all {
			if at, _ := r.Metadata["aws:cdk:path"].(string); at == path+"/Resource" || at == path {
				return r
			}
		}
	}
	t.Fatalf("there is no %s", path)
	return resource{}
}

// build makes all templates. assertions.Template_FromStack refuses a stack
// with a cycle, which neither the build nor the command line notices.
func build(c stacks.Config, folder string) (estate, error) {
	if err := stub(&c, folder); err != nil {
		return nil, err
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir:             jsii.String(filepath.Join(folder, "cdk.out")),
		AnalyticsReporting: jsii.Bool(false),
		Context: &map[string]any{ // as the command line sets them
			"aws:cdk:enable-asset-metadata": true, "aws:cdk:enable-path-metadata": true,
			"@aws-cdk/core:enablePartitionLiterals": true,
		},
	})
	if err := stacks.Build(app, c); err != nil {
		return nil, err
	}
	all := estate{}
	for _, name := range stacks.Names {
		stack := app.Node().FindChild(&name).(awscdk.Stack)
		template := assertions.Template_FromStack(stack, nil)
		var parsed struct{ Resources map[string]resource }
		if err := json.Unmarshal([]byte(text(template.ToJSON())), &parsed); err != nil {
			return nil, err
		}
		for id, r := range parsed.Resources {
			r.ID = id
			parsed.Resources[id] = r
		}
		parsed.Resources[theStack] = resource{ID: theStack, Type: theStack, Properties: map[string]any{
			"TerminationProtection": *stack.TerminationProtection(), "StackName": *stack.StackName(),
		}}
		all[name] = parsed.Resources
	}
	return all, nil
}

// stub puts empty programs and a site where the stacks look for them.
func stub(c *stacks.Config, folder string) error {
	c.Assets, c.Site = filepath.Join(folder, "lambda"), filepath.Join(folder, "site")
	functions := c.Functions
	if functions == nil {
		functions = route.Functions
	}
	files := []string{filepath.Join(c.Site, "index.html"), filepath.Join(c.Site, "assets", "app.js")}
	for _, f := range functions {
		for _, architecture := range []string{"arm64", "amd64"} {
			files = append(files, filepath.Join(c.Assets, architecture, f.Name, "bootstrap"))
		}
	}
	for _, file := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		name, err := filepath.Rel(folder, file) // the same in each run, and so are assets
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// once builds an estate for all tests that want it.
func once(c func() stacks.Config) func(*testing.T) estate {
	type result struct {
		all estate
		err error
	}
	made := sync.OnceValue(func() result {
		folder, err := os.MkdirTemp("", "stride-stacks-")
		if err != nil {
			return result{err: err}
		}
		defer func() { _ = os.RemoveAll(folder) }()
		all, err := build(c(), folder)
		return result{all, err}
	})
	return func(t *testing.T) estate {
		t.Helper()
		r := made()
		if r.err != nil {
			t.Fatal(r.err)
		}
		return r.all
	}
}

// current is what is deployed to a stage for trying out.
var current = once(func() stacks.Config { return stacks.Config{Stage: "dev"} })

// everything has every setting, and a function of every kind.
var everything = once(func() stacks.Config {
	return stacks.Config{
		Stage: "everything", Production: true, Region: "us-east-1", Functions: sampleFunctions, Routes: sampleRoutes,
		AllowedOrigins: []string{"https://app.example"},
		Domain:         "stride.example", Certificate: "arn:aws:acm:us-east-1:111111111111:certificate/a",
		IssuerDomain: "id.stride.example", IssuerCertificate: "arn:aws:acm:us-east-1:111111111111:certificate/b",
		HostedZone: "stride.example", HostedZoneID: "Z111111",
		ReservedConcurrency: map[string]int{"login": 7}, WebACL: "make", Canary: true,
		AlarmEmail: "ops@stride.example", BudgetUSD: 20,
	}
})

// The sample tables stand in for what a table may hold, so that these tests
// do not depend on what is built so far.
var sampleFunctions = []route.Function{
	{Name: "open", Purpose: "Open.", Trigger: route.HTTP, MemoryMB: 128, Timeout: 3 * time.Second, Environment: []string{"STRIDE_STAGE"}},
	{
		Name: "login", Purpose: "Login.", Trigger: route.HTTP, MemoryMB: 1769, Timeout: 10 * time.Second,
		Table: route.ReadWrite, Actions: []string{"GetItem", "PutItem"}, Keys: []string{"EMAIL", "RUNNER", "LIMIT"}, Secret: route.Read, Queue: "sweep",
		Environment: []string{"STRIDE_STAGE", "STRIDE_TABLE", "STRIDE_SECRET", "STRIDE_ISSUER", "STRIDE_AUDIENCE", "STRIDE_SWEEP_QUEUE"},
	},
	{
		Name: "list", Purpose: "List.", Trigger: route.HTTP, MemoryMB: 512, Timeout: 5 * time.Second,
		Table: route.Read, Actions: []string{"Query"}, Keys: []string{"RUNNER"}, Uploads: []route.Objects{{Keys: "*/files/*", Actions: []string{"GetObject", "ListBucket"}}}, Environment: []string{"STRIDE_TABLE", "STRIDE_UPLOADS"},
	},
	{
		Name: "sweep", Purpose: "Sweep.", Trigger: route.Queue, MemoryMB: 512, Timeout: 30 * time.Second,
		Table: route.ReadWrite, Actions: []string{"BatchWriteItem", "Query"}, Keys: []string{"RUNNER"}, Uploads: []route.Objects{{Keys: "*", Actions: []string{"DeleteObjectVersion", "ListBucketVersions"}}, {Keys: "*/files/*", Actions: []string{"PutObject"}}},
		Uploaded: ".upload", Environment: []string{"STRIDE_TABLE", "STRIDE_UPLOADS"},
	},
	{
		Name: "keyrotate", Purpose: "Keys.", Trigger: route.Rotation, MemoryMB: 512, Timeout: 30 * time.Second,
		Secret: route.ReadWrite, Issuer: route.ReadWrite, Environment: []string{"STRIDE_SECRET", "STRIDE_ISSUER", "STRIDE_ISSUER_DOCUMENTS", "STRIDE_API_ORIGIN"},
	},
}

var sampleRoutes = route.Table{
	{Method: "POST", Path: "/api/open", Function: "open", Auth: route.None, Throttle: route.Throttle{Rate: 5, Burst: 4}},
	{Method: "POST", Path: "/api/login", Function: "login", Auth: route.None, Throttle: route.Throttle{Rate: 3, Burst: 2}, Counts: "SignIns"},
	{Method: "GET", Path: "/api/lists", Function: "list", Auth: route.Token, Throttle: route.Throttle{Rate: 9, Burst: 8}},
	{Method: "GET", Path: "/api/lists/{list_id}", Function: "list", Auth: route.Token, Throttle: route.Throttle{Rate: 9, Burst: 8}},
	{Method: route.Any, Path: "/api/{proxy+}", Function: "open", Auth: route.None, Throttle: route.Throttle{Rate: 1, Burst: 1}},
}

// both runs a test over the tables as they are and over the samples.
func both(t *testing.T, test func(t *testing.T, e estate, functions []route.Function, routes route.Table)) {
	t.Helper()
	t.Run("real", func(t *testing.T) { test(t, current(t), route.Functions, route.Routes) })
	t.Run("everything", func(t *testing.T) { test(t, everything(t), sampleFunctions, sampleRoutes) })
}

// ours tells Stride's functions from those that CDK brings along.
func ours(r resource) bool {
	return strings.HasSuffix(text(r.Metadata["aws:cdk:path"]), `Fn/Resource"`)
}
