// Package e2e tests the functions as they are deployed: bootstraps that the
// Makefile builds, run by a stand-in for Lambda, called with the events that
// lie in the folder events.
package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/local/lambdahost"
	"github.com/stride-run/stride/internal/route"
)

// top is the top of the module.
var top = filepath.Join("..", "..")

// build builds all functions for this machine by the recipe that builds them
// for the cloud, and returns the folder that they are in.
var build = sync.OnceValues(func() (string, error) {
	folder, err := filepath.Abs(filepath.Join(top, "build", "lambda", runtime.GOARCH))
	if err != nil {
		return "", err
	}
	recipe := exec.Command("make", "-s", "lambdas-"+runtime.GOARCH)
	recipe.Dir = top
	recipe.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "MAKE") || strings.HasPrefix(pair, "MFLAGS=") // of a make that runs this test
	})
	if out, err := recipe.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v: %w\n%s", recipe, err, out)
	}
	return folder, nil
})

func needLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the bootstraps are programs for Linux")
	}
}

// config says how a function of the table runs.
func config(t *testing.T, name string) lambdahost.Config {
	t.Helper()
	needLinux(t)
	folder, err := build()
	if err != nil {
		t.Fatal(err)
	}
	f, ok := route.FunctionNamed(name)
	if !ok {
		t.Fatalf("no function %s in the table", name)
	}
	env := map[string]string{}
	for variable, value := range around(t).environment() {
		isAWS := strings.HasPrefix(variable, "AWS_ENDPOINT_URL_") && (f.Table != "" || f.Queue != "")
		if isAWS || slices.Contains(f.Environment, variable) {
			env[variable] = value
		}
	}
	if len(f.Uploads) > 0 { // the bucket looks at signatures
		for _, variable := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
			env[variable] = around(t).environment()[variable]
		}
		env["AWS_SESSION_TOKEN"] = ""
	}
	for _, variable := range f.Environment {
		if _, ok := env[variable]; !ok {
			t.Fatalf("function %s reads %s: give it a value in environment", name, variable)
		}
	}
	return lambdahost.Config{Bootstrap: filepath.Join(folder, name, "bootstrap"), Name: name, Timeout: f.Timeout, MemoryMB: f.MemoryMB, Env: env}
}

// start returns a host that ends with the test.
func start(t *testing.T, c lambdahost.Config) *lambdahost.Host {
	t.Helper()
	h := lambdahost.New(c)
	t.Cleanup(h.Close)
	return h
}

// eventFor returns an event for a function that is called over HTTP, one that
// can be sent again and again: of functions that write, one that they refuse
// for what is in it.
func eventFor(t *testing.T, function string) sample {
	t.Helper()
	f, _ := route.FunctionNamed(function)
	samples := slices.DeleteFunc(load(t), func(s sample) bool {
		return s.route.Function != function || f.Table != "" && kind(goldenStatus(t, s.name)) != refusal
	})
	if len(samples) == 0 {
		t.Fatalf("no event leads to function %s", function)
	}
	if f.Table == "" {
		return samples[0]
	}
	return slices.MaxFunc(samples, func(a, b sample) int { return goldenStatus(t, a.name) - goldenStatus(t, b.name) })
}

// eachFunction runs a test for each function that is called over HTTP.
func eachFunction(t *testing.T, test func(*testing.T, route.Function)) {
	for _, f := range route.Functions {
		if f.Trigger == route.HTTP {
			t.Run(f.Name, func(t *testing.T) { test(t, f) })
		}
	}
}

// TestFunctionsAnswerInParallel: the first calls come all at once, each to a
// process that has only just started, and all have the same answer.
func TestFunctionsAnswerInParallel(t *testing.T) {
	eachFunction(t, func(t *testing.T, f route.Function) {
		h, event := start(t, config(t, f.Name)), eventFor(t, f.Name)
		results := make([]lambdahost.Result, 8)
		errs := make([]error, len(results))
		var wait sync.WaitGroup
		for i := range results {
			wait.Go(func() { results[i], errs[i] = h.Invoke(t.Context(), event.raw) })
		}
		wait.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		cold := 0
		for i, result := range results {
			if string(result.Payload) != string(results[0].Payload) {
				t.Errorf("answers 0 and %d differ:\n%s\n%s", i, results[0].Payload, result.Payload)
			}
			if result.Init > 0 {
				cold++
			}
		}
		if cold < 2 {
			t.Errorf("%d processes for %d calls at once", cold, len(results))
		}
	})
}

// TestFunctionsRefuseWrongSettings: a setting that weakens production keeps a
// function from starting, and the log says which.
func TestFunctionsRefuseWrongSettings(t *testing.T) {
	eachFunction(t, func(t *testing.T, f route.Function) {
		c := config(t, f.Name)
		c.Env["STRIDE_STAGE"], c.Env["STRIDE_RATE_LIMITS"] = "production", "off"
		_, err := start(t, c).Invoke(t.Context(), eventFor(t, f.Name).raw)
		failure, ok := errors.AsType[*lambdahost.CallError](err)
		if !ok || failure.Kind != lambdahost.InitFailed || !strings.Contains(failure.Log, "STRIDE_RATE_LIMITS") {
			t.Errorf("%v, want a failed start that names STRIDE_RATE_LIMITS", err)
		}
	})
}

// TestFunctionsOutliveWhatIsNoRequest: events that no gateway sends get an
// answer or an error, and the process goes on.
func TestFunctionsOutliveWhatIsNoRequest(t *testing.T) {
	eachFunction(t, func(t *testing.T, f route.Function) {
		h, event := start(t, config(t, f.Name)), eventFor(t, f.Name)
		for _, odd := range []string{`{}`, `null`, `{"version":"1.0","httpMethod":"GET","path":"/"}`} {
			result, err := h.Invoke(t.Context(), []byte(odd))
			if a := read(t, result.Payload); err != nil || a.StatusCode != 400 {
				t.Errorf("%s: %d %s, %v", odd, a.StatusCode, a.Body, err)
			}
		}
		for _, odd := range []string{`[]`, `"text"`, `{"headers":1}`, `{`} {
			_, err := h.Invoke(t.Context(), []byte(odd))
			if failure, ok := errors.AsType[*lambdahost.CallError](err); !ok || failure.Kind != lambdahost.Errored {
				t.Errorf("%s: %v, want a function error", odd, err)
			}
		}
		if result, err := h.Invoke(t.Context(), event.raw); err != nil || result.Init != 0 {
			t.Errorf("%s afterwards: %v, started anew in %v", event.name, err, result.Init)
		}
	})
}

// TestFunctionsNeedTheirStores: a function that cannot read its secret does
// not start, and says so.
func TestFunctionsNeedTheirStores(t *testing.T) {
	eachFunction(t, func(t *testing.T, f route.Function) {
		if f.Secret == "" {
			t.Skip("has none")
		}
		c := config(t, f.Name)
		c.Env["STRIDE_SECRET"] = "nothing"
		_, err := start(t, c).Invoke(t.Context(), eventFor(t, f.Name).raw)
		failure, ok := errors.AsType[*lambdahost.CallError](err)
		if !ok || failure.Kind != lambdahost.InitFailed || !strings.Contains(failure.Log, "read secret nothing") {
			t.Errorf("%v, want a failed start that names the secret", err)
		}
	})
}

// TestDeletedAccountIsSwept goes the whole way: the account is deleted, its
// id comes to the queue, and the function behind the queue leaves nothing.
func TestDeletedAccountIsSwept(t *testing.T) {
	w, host := around(t), hosts(t)
	w.reset(t)
	w.messages()
	samples := load(t)
	gone := samples[slices.IndexFunc(samples, func(s sample) bool { return s.name == "runners_delete" })]
	if a := invoke(t, host("runners"), gone.event); a.StatusCode != 204 {
		t.Fatalf("delete: %d %s", a.StatusCode, a.Body)
	}
	sent := w.messages()
	if diff := cmp.Diff([]string{runnerID}, sent); diff != "" {
		t.Fatalf("messages (-want +got):\n%s", diff)
	}
	raw, err := os.ReadFile(eventOf("sweep")) // about that runner
	if err != nil {
		t.Fatal(err)
	}
	var batch events.SQSEvent
	if err := json.Unmarshal(raw, &batch); err != nil || batch.Records[0].Body != sent[0] {
		t.Fatalf("%v, or about another runner: %s", err, raw)
	}
	batch.Records = append(batch.Records, events.SQSMessage{MessageId: "2", Body: "poison"}, events.SQSMessage{MessageId: "3", Body: sent[0]})
	if raw, err = json.Marshal(batch); err != nil {
		t.Fatal(err)
	}
	result, err := host("sweep").Invoke(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"batchItemFailures":[{"itemIdentifier":"2"}]}`, string(result.Payload)); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	for _, key := range w.items(t) {
		if !strings.HasPrefix(fmt.Sprint(key["PK"]), "LIMIT#") {
			t.Errorf("left: %v", key)
		}
	}
}

// TestUploadIsIngested sends the event of an upload that was ingested before,
// twice and beside one that is none: nothing changes, and what is no event of
// a bucket comes again.
func TestUploadIsIngested(t *testing.T) {
	w, host := around(t), hosts(t)
	w.reset(t)
	before := w.items(t)
	raw, err := os.ReadFile(eventOf("ingest"))
	if err != nil {
		t.Fatal(err)
	}
	var batch events.SQSEvent
	if err := json.Unmarshal(raw, &batch); err != nil || !strings.Contains(batch.Records[0].Body, importID+"-00") {
		t.Fatalf("%v, or about another import: %s", err, raw)
	}
	batch.Records = append(batch.Records, events.SQSMessage{MessageId: "2", Body: "poison"}, batch.Records[0])
	if raw, err = json.Marshal(batch); err != nil {
		t.Fatal(err)
	}
	result, err := host("ingest").Invoke(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"batchItemFailures":[{"itemIdentifier":"2"}]}`, string(result.Payload)); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, w.items(t)); diff != "" {
		t.Errorf("items (-before +after):\n%s", diff)
	}
}
