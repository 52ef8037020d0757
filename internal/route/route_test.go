package route_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/route"
)

func TestTablesAreComplete(t *testing.T) {
	keys := map[string]bool{}
	used := map[string]bool{}
	for _, r := range route.Routes {
		if keys[r.Key()] {
			t.Errorf("%s stands in the table twice", r.Key())
		}
		keys[r.Key()] = true
		used[r.Function] = true
		if r.Auth != route.None && r.Auth != route.Token {
			t.Errorf("%s: auth %q is neither none nor token", r.Key(), r.Auth)
		}
		if r.Throttle.Rate <= 0 || r.Throttle.Burst <= 0 {
			t.Errorf("%s has no throttle", r.Key())
		}
		if !route.IsAPI(r.Path) {
			t.Errorf("%s is outside %v", r.Key(), route.Prefixes)
		}
		if f, ok := route.FunctionNamed(r.Function); !ok || f.Trigger != route.HTTP {
			t.Errorf("%s leads to %q, which is no function with an HTTP trigger", r.Key(), r.Function)
		}
	}
	for _, f := range route.Functions {
		if f.Purpose == "" || f.MemoryMB < 128 || f.Timeout <= 0 || len(f.Environment) == 0 {
			t.Errorf("function %s is not described in full: %+v", f.Name, f)
		}
		if f.Trigger == route.HTTP && !used[f.Name] {
			t.Errorf("no route leads to function %s", f.Name)
		}
		if !slices.Contains([]route.Trigger{route.HTTP, route.Queue, route.Rotation}, f.Trigger) {
			t.Errorf("nothing starts function %s: trigger %q", f.Name, f.Trigger)
		}
		if (f.Table != "") != (len(f.Keys) > 0) || (f.Table != "") != (len(f.Actions) > 0) || !slices.IsSorted(f.Actions) {
			t.Errorf("function %s has access %q: name what it does (%q), sorted, and the kinds of partition keys (%q)", f.Name, f.Table, f.Actions, f.Keys)
		}
		writes := slices.ContainsFunc(f.Actions, func(action string) bool {
			return !slices.Contains([]string{"BatchGetItem", "GetItem", "Query"}, action)
		})
		if f.Table != "" && writes != (f.Table == route.ReadWrite) {
			t.Errorf("function %s has access %q, and does %q", f.Name, f.Table, f.Actions)
		}
		if other, ok := route.FunctionNamed(f.Queue); f.Queue != "" && (!ok || other.Trigger != route.Queue) {
			t.Errorf("function %s fills the queue of %q, which has none", f.Name, f.Queue)
		}
	}
}

func TestIsAPI(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/generate": true, "/api/": true, "/problems/stale": true,
		"/api": false, "/problems": false, "/": false, "": false, "/apis/": false, "/plans/api/": false,
	} {
		if got := route.IsAPI(path); got != want {
			t.Errorf("IsAPI(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestEveryKeyIsFound(t *testing.T) {
	for _, want := range route.Routes {
		got, ok := route.Routes.Key(want.Key())
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("Key(%q) = %v, %v", want.Key(), got, ok)
		}
	}
	if r, ok := route.Routes.Key("GET /api/generate"); ok {
		t.Errorf("Key finds %v, which is not there", r)
	}
	if f, ok := route.FunctionNamed("nobody"); ok {
		t.Errorf("FunctionNamed finds %v, which is not there", f)
	}
}

var table = route.Table{
	{Method: route.Any, Path: "/api/{proxy+}"},
	{Method: "GET", Path: "/api/plans/{plan_id}"},
	{Method: "DELETE", Path: "/api/plans/{plan_id}"},
	{Method: "GET", Path: "/api/plans/newest"},
	{Method: "GET", Path: "/api/plans/{plan_id}/workouts/{workout_id}"},
	{Method: "POST", Path: "/api/generate"},
	{Method: route.Any, Path: "/api/all"},
	{Method: "GET", Path: "/api/all"},
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		want         string // key; "" for none
		params       map[string]string
	}{
		{"POST", "/api/generate", "POST /api/generate", nil},
		{"POST", "/api/%67enerate", "POST /api/generate", nil},
		{"GET", "/api/generate", "ANY /api/{proxy+}", map[string]string{"proxy": "generate"}},
		{"POST", "/api/generate/", "ANY /api/{proxy+}", map[string]string{"proxy": "generate/"}},
		{"GET", "/api/plans/42", "GET /api/plans/{plan_id}", map[string]string{"plan_id": "42"}},
		{"GET", "/api/plans/newest", "GET /api/plans/newest", nil},
		{"DELETE", "/api/plans/newest", "DELETE /api/plans/{plan_id}", map[string]string{"plan_id": "newest"}},
		{"GET", "/api/plans/a%2Fb", "GET /api/plans/{plan_id}", map[string]string{"plan_id": "a/b"}},
		{"GET", "/api/plans/100%", "GET /api/plans/{plan_id}", map[string]string{"plan_id": "100%"}},
		{"GET", "/api/plans/", "ANY /api/{proxy+}", map[string]string{"proxy": "plans/"}},
		{
			"GET", "/api/plans/1/workouts/w03-2", "GET /api/plans/{plan_id}/workouts/{workout_id}",
			map[string]string{"plan_id": "1", "workout_id": "w03-2"},
		},
		{"GET", "/api/all", "GET /api/all", nil},
		{"PUT", "/api/all", "ANY /api/all", nil},
		{"get", "/api/all", "ANY /api/all", nil},
		{"GET", "/api/", "ANY /api/{proxy+}", map[string]string{"proxy": ""}},
		{"GET", "/api", "", nil},
		{"GET", "/", "", nil},
		{"GET", "", "", nil},
		{"GET", "/API/all", "", nil},
	} {
		got, ok := table.Match(tt.method, tt.path)
		if ok != (tt.want != "") || ok && got.Route.Key() != tt.want {
			t.Errorf("Match(%s %s) = %q, %v, want %q", tt.method, tt.path, got.Route.Key(), ok, tt.want)
		}
		if diff := cmp.Diff(tt.params, got.Params); diff != "" {
			t.Errorf("Match(%s %s): params (-want +got):\n%s", tt.method, tt.path, diff)
		}
	}
}

func TestMatchDoesNotDependOnOrder(t *testing.T) {
	reversed := slices.Clone(table)
	slices.Reverse(reversed)
	for _, path := range []string{"/api/plans/newest", "/api/plans/1", "/api/all", "/api/x", "/api/generate"} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			a, _ := table.Match(method, path)
			b, _ := reversed.Match(method, path)
			if a.Route.Key() != b.Route.Key() {
				t.Errorf("%s %s: %q or %q by the order of the table", method, path, a.Route.Key(), b.Route.Key())
			}
		}
	}
}

func TestMethods(t *testing.T) {
	for _, tt := range []struct {
		path string
		want []string
	}{
		{"/api/plans/42", []string{"DELETE", "GET"}},
		{"/api/plans/newest", []string{"DELETE", "GET"}},
		{"/api/generate", []string{"POST"}},
		{"/api/nothing", nil},
		{"/api/generate/more", nil},
	} {
		if diff := cmp.Diff(tt.want, table.Methods(tt.path)); diff != "" {
			t.Errorf("Methods(%s) (-want +got):\n%s", tt.path, diff)
		}
	}
}

func TestParseOrigins(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []string
		ok   bool
	}{
		{"", nil, true},
		{" , ", nil, true},
		{"https://app.example", []string{"https://app.example"}, true},
		{"https://a.example, http://localhost:5173,https://a.example", []string{"https://a.example", "http://localhost:5173"}, true},
		{"*", nil, false},
		{"null", nil, false},
		{"https://*.example", nil, false},
		{"https://app.example/", nil, false},
		{"https://app.example/path", nil, false},
		{"https://App.example", nil, false},
		{"https://user@app.example", nil, false},
		{"https://app.example?x", nil, false},
		{"ftp://app.example", nil, false},
		{"app.example", nil, false},
		{"https://", nil, false},
	} {
		got, err := route.ParseOrigins(tt.in)
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != tt.ok {
			t.Errorf("ParseOrigins(%q) = %v, %v, want %v, ok %v", tt.in, got, err, tt.want, tt.ok)
		}
		if err != nil && !errors.Is(err, route.ErrOrigin) {
			t.Errorf("ParseOrigins(%q): %v is not ErrOrigin", tt.in, err)
		}
	}
}
