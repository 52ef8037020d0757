// Package route holds the two tables that say what Stride is made of: the
// functions and the routes that lead to them. The Lambda mains, the local
// gateway, the stacks, the OpenAPI check and the test of the sample events
// all read them here, so that none can know a route that another one lacks.
//
// It is plain data and a matcher; it imports nothing but the standard library,
// so that the infrastructure module can use it without the rest.
package route

import (
	"slices"
	"strings"
)

// Any is the method of a route that takes every method.
const Any = "ANY"

// Auth says whom a route serves. The zero value is none of the two, so that a
// route without an answer fails a test instead of being open.
type Auth string

// Whom a route serves.
const (
	None  Auth = "none"  // everybody; an Authorization header is ignored
	Token Auth = "token" // holders of a valid access token
)

// Throttle is what the gateway lets through to a route, over all callers
// together: Rate requests a second on average, Burst at once.
type Throttle struct {
	Rate, Burst int
}

// A Route leads from a method and a path to a function.
type Route struct {
	Method   string // upper case, or Any
	Path     string // "/api/plans/{plan_id}"; a last {name+} takes the rest of the path
	Function string // a Function's name
	Auth     Auth
	Throttle Throttle
	Counts   string // the metric that each success adds one to; zero: none
}

// Key is the route's name in an HTTP API, in the log and in handler tables:
// "POST /api/generate".
func (r Route) Key() string { return r.Method + " " + r.Path }

// A Table is a set of routes.
type Table []Route

// Routes are all routes of Stride.
var Routes = Table{
	{Method: "POST", Path: "/api/generate", Function: "generate", Auth: None, Throttle: Throttle{Rate: 100, Burst: 50}, Counts: "PlansGenerated"},
	{Method: "POST", Path: "/api/calculate_heart_rate_zones", Function: "metrics", Auth: None, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/calculate_critical_speed", Function: "metrics", Auth: None, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/calculate_performance_metrics", Function: "metrics", Auth: None, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "GET", Path: "/api/health", Function: "health", Auth: None, Throttle: Throttle{Rate: 20, Burst: 10}},
	{Method: "GET", Path: "/api/openapi.yaml", Function: "docs", Auth: None, Throttle: Throttle{Rate: 20, Burst: 10}},
	{Method: "GET", Path: "/api/docs", Function: "docs", Auth: None, Throttle: Throttle{Rate: 20, Burst: 10}},
	{Method: "GET", Path: "/api/docs/style.css", Function: "docs", Auth: None, Throttle: Throttle{Rate: 20, Burst: 10}},
	{Method: "GET", Path: "/problems/{slug}", Function: "docs", Auth: None, Throttle: Throttle{Rate: 20, Burst: 10}},
	{Method: "POST", Path: "/api/register", Function: "register", Auth: None, Throttle: Throttle{Rate: 10, Burst: 20}, Counts: "Registrations"},
	{Method: "POST", Path: "/api/login", Function: "login", Auth: None, Throttle: Throttle{Rate: 20, Burst: 40}, Counts: "SignIns"},
	{Method: "POST", Path: "/api/refresh", Function: "refresh", Auth: None, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/logout", Function: "logout", Auth: None, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "GET", Path: "/api/runners/me", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "PATCH", Path: "/api/runners/me", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "DELETE", Path: "/api/runners/me", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 10, Burst: 20}},
	{Method: "POST", Path: "/api/runners/me/password", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 10, Burst: 20}},
	{Method: "GET", Path: "/api/runners/me/sign_ins", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "DELETE", Path: "/api/runners/me/sign_ins/{sign_in_id}", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "GET", Path: "/api/runners/me/export", Function: "runners", Auth: Token, Throttle: Throttle{Rate: 5, Burst: 10}},
	{Method: "POST", Path: "/api/plans", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}, Counts: "PlansSaved"},
	{Method: "GET", Path: "/api/plans", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "GET", Path: "/api/plans/{plan_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "PATCH", Path: "/api/plans/{plan_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "DELETE", Path: "/api/plans/{plan_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/plans/{plan_id}/workouts", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "GET", Path: "/api/plans/{plan_id}/workouts/{workout_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "PATCH", Path: "/api/plans/{plan_id}/workouts/{workout_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "DELETE", Path: "/api/plans/{plan_id}/workouts/{workout_id}", Function: "plans", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "GET", Path: "/api/workouts", Function: "workouts", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/imports", Function: "imports", Auth: Token, Throttle: Throttle{Rate: 20, Burst: 40}},
	{Method: "GET", Path: "/api/imports/{import_id}", Function: "imports", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/imports/{import_id}/urls", Function: "imports", Auth: Token, Throttle: Throttle{Rate: 20, Burst: 40}},
	{Method: "GET", Path: "/api/sessions", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/sessions", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 20, Burst: 40}},
	{Method: "GET", Path: "/api/sessions/{session_id}", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "PATCH", Path: "/api/sessions/{session_id}", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "DELETE", Path: "/api/sessions/{session_id}", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "GET", Path: "/api/sessions/{session_id}/streams", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "GET", Path: "/api/sessions/{session_id}/original", Function: "sessions", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "GET", Path: "/api/personal_bests", Function: "personal_bests", Auth: Token, Throttle: Throttle{Rate: 100, Burst: 50}},
	{Method: "POST", Path: "/api/personal_bests", Function: "personal_bests", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: "DELETE", Path: "/api/personal_bests/{result_id}", Function: "personal_bests", Auth: Token, Throttle: Throttle{Rate: 50, Burst: 25}},
	{Method: Any, Path: "/api/{proxy+}", Function: "fallback", Auth: None, Throttle: Throttle{Rate: 50, Burst: 25}},
}

// Prefixes are the beginnings of the paths that belong to the API; all others
// belong to the site. The local gateway and the distribution in the cloud tell
// the two apart by them.
var Prefixes = []string{"/api/", "/problems/"}

// IsAPI says whether an escaped path belongs to the API.
func IsAPI(path string) bool {
	return slices.ContainsFunc(Prefixes, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// Key returns the route with that key.
func (t Table) Key(key string) (Route, bool) {
	i := slices.IndexFunc(t, func(r Route) bool { return r.Key() == key })
	if i < 0 {
		return Route{}, false
	}
	return t[i], true
}

// The headers by which the site's distribution tells the functions about a
// request, since API Gateway itself sees nothing but the distribution. They
// count only beside the right OriginHeader.
const (
	OriginHeader = "x-stride-origin" // a secret that distribution and functions share
	ClientHeader = "x-stride-client" // the caller's address
	HostHeader   = "x-stride-host"   // the name by which the caller knows Stride
)
