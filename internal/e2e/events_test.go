package e2e

import (
	"bytes"
	"crypto/md5" // SQS proves with it that a message arrived whole
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/route"
)

// A sample is one file of the folder events.
type sample struct {
	name  string // without .json
	raw   []byte
	event events.APIGatewayV2HTTPRequest
	route route.Route
}

// prepare puts what the event's function works on into the state that the
// event is about.
func (s sample) prepare(t *testing.T) {
	t.Helper()
	if f, _ := route.FunctionNamed(s.route.Function); f.Table != "" {
		around(t).reset(t)
	}
}

// eventOf returns the file of an event that is not HTTP's: it is called like
// its function.
func eventOf(function string) string { return filepath.Join(top, "events", function+".json") }

// load reads all events of HTTP, by name. Each must lead to a route of the
// table.
func load(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(top, "events", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	files = slices.DeleteFunc(files, func(file string) bool {
		return slices.ContainsFunc(route.Functions, func(f route.Function) bool { return f.Trigger != route.HTTP && file == eventOf(f.Name) })
	})
	samples := make([]sample, len(files))
	for i, file := range files {
		s := &samples[i]
		s.name = strings.TrimSuffix(filepath.Base(file), ".json")
		if s.raw, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(s.raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&s.event); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var ok bool
		if s.route, ok = route.Routes.Key(s.event.RouteKey); !ok {
			t.Fatalf("%s: %q is no route of the table", file, s.event.RouteKey)
		}
	}
	slices.SortFunc(samples, func(a, b sample) int { return strings.Compare(a.name, b.name) })
	return samples
}

// prefix is what the names of a route's events begin with: the first word of
// its path after /api, or its function where the path begins with a name.
func prefix(r route.Route) string {
	path := strings.TrimPrefix(strings.TrimPrefix(r.Path, "/api"), "/")
	word, _, _ := strings.Cut(path, "/")
	if strings.HasPrefix(word, "{") {
		return r.Function
	}
	word, _, _ = strings.Cut(strings.TrimPrefix(word, "."), ".")
	return word
}

// TestEventsAreReal holds every event against the rules by which an HTTP API
// makes one, so that what works with them works in the cloud.
func TestEventsAreReal(t *testing.T) {
	ids := map[string]string{}
	for _, s := range load(t) {
		t.Run(s.name, func(t *testing.T) {
			e, about := s.event, s.event.RequestContext
			check := func(what string, got, want any) {
				t.Helper()
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			if want := prefix(s.route); s.name != want && !strings.HasPrefix(s.name, want+"_") {
				t.Errorf("the name should begin with %s, where people look for %s", want, s.route.Key())
			}
			match, _ := route.Routes.Match(about.HTTP.Method, e.RawPath)
			query, err := url.ParseQuery(e.RawQueryString)
			if err != nil {
				t.Error(err)
			}
			var joined map[string]string
			for name, values := range query {
				if joined == nil {
					joined = map[string]string{}
				}
				joined[name] = strings.Join(values, ",")
			}
			moment, err := time.Parse("02/Jan/2006:15:04:05 -0700", about.Time)
			if err != nil {
				t.Error(err)
			}
			check("version", e.Version, "2.0")
			check("route", match.Route.Key(), e.RouteKey)
			check("route in the context", about.RouteKey, e.RouteKey)
			check("names in the path", e.PathParameters, match.Params)
			check("query", e.QueryStringParameters, joined)
			check("stage", about.Stage, "$default")
			check("time", about.TimeEpoch, moment.UnixMilli())
			check("host", e.Headers["host"], about.DomainName)
			check("user agent", e.Headers["user-agent"], about.HTTP.UserAgent)
			check("caller", e.Headers["x-forwarded-for"], about.HTTP.SourceIP)
			for name := range e.Headers {
				check("header", name, strings.ToLower(name))
			}
			if _, ok := e.Headers["cookie"]; ok {
				t.Error("cookies belong into cookies")
			}
			if e.Body != "" && !e.IsBase64Encoded {
				check("length of the body", e.Headers["content-length"], strconv.Itoa(len(e.Body)))
			}
			if other, ok := ids[about.RequestID]; ok || about.RequestID == "" {
				t.Errorf("request id %q is that of %s", about.RequestID, other)
			}
			ids[about.RequestID] = s.name
			if s.route.Auth == route.None && about.Authorizer != nil {
				t.Error("a public route has no authorizer")
			}
		})
	}
}

// TestEveryFunctionHasAnEvent is for those that no route leads to.
func TestEveryFunctionHasAnEvent(t *testing.T) {
	for _, f := range route.Functions {
		if f.Trigger == route.HTTP {
			continue
		}
		raw, err := os.ReadFile(eventOf(f.Name))
		if err != nil {
			t.Errorf("function %s has no event: %v", f.Name, err)
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		switch f.Trigger {
		case route.HTTP:
		case route.Queue:
			var batch events.SQSEvent
			if err := decoder.Decode(&batch); err != nil || len(batch.Records) == 0 || batch.Records[0].EventSource != "aws:sqs" {
				t.Errorf("%s.json is no batch of a queue: %v, %+v", f.Name, err, batch)
				continue
			}
			for _, m := range batch.Records {
				if sum := md5.Sum([]byte(m.Body)); m.Md5OfBody != hex.EncodeToString(sum[:]) || m.MessageId == "" {
					t.Errorf("%s.json: message %q of %s", f.Name, m.MessageId, m.Md5OfBody)
				}
			}
		case route.Rotation:
			if text := strings.TrimSpace(string(raw)); text != "{}" {
				t.Errorf("%s.json is %s, and a deployment sends {}", f.Name, text)
			}
		}
	}
}

// The kinds of answers that every route has an event for.
const (
	success = "a success"
	refusal = "a refusal"
	denied  = "a 401"
)

func kind(status int) string {
	switch {
	case status < 400:
		return success
	case status == 401:
		return denied
	default:
		return refusal
	}
}

// without says which routes lack a kind of answer, and why.
var without = map[string]map[string]string{
	"GET /api/health":            {refusal: "reads nothing that could be wrong; other methods are the fallback's"},
	"GET /api/openapi.yaml":      {refusal: "reads nothing"},
	"GET /api/docs":              {refusal: "reads nothing"},
	"GET /api/docs/style.css":    {refusal: "reads nothing"},
	"GET /api/runners/me":        {refusal: "reads nothing"},
	"GET /api/runners/me/export": {refusal: "reads nothing"},
	"GET /api/personal_bests":    {refusal: "reads nothing"},
	"ANY /api/{proxy+}":          {success: "is there to refuse"},
}

// TestEveryRouteHasItsEvents reads the kinds of answers from the golden
// files, which TestEvents holds against the bootstraps.
func TestEveryRouteHasItsEvents(t *testing.T) {
	have := map[string]map[string]bool{}
	for _, s := range load(t) {
		if have[s.route.Key()] == nil {
			have[s.route.Key()] = map[string]bool{}
		}
		have[s.route.Key()][kind(goldenStatus(t, s.name))] = true
	}
	for _, r := range route.Routes {
		kinds := []string{success, refusal}
		if r.Auth == route.Token {
			kinds = append(kinds, denied)
		}
		for _, k := range kinds {
			switch reason := without[r.Key()][k]; {
			case reason == "" && !have[r.Key()][k]:
				t.Errorf("%s lacks an event with %s: add events/%s….json", r.Key(), k, prefix(r))
			case reason != "" && have[r.Key()][k]:
				t.Errorf("%s has an event with %s after all: strike it from without", r.Key(), k)
			}
		}
	}
	for key := range maps.Keys(without) {
		if _, ok := route.Routes.Key(key); !ok {
			t.Errorf("without has %s, which is no route of the table", key)
		}
	}
}
