package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// A Problem is the body of every answer that is no success (RFC 9457).
type Problem struct {
	Type     string       `json:"type"` // "/problems/<slug>"
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Instance string       `json:"instance,omitempty"` // the request's id
	Errors   []FieldError `json:"errors,omitempty"`
}

// A FieldError is what is wrong with one field of the body, named by pointer,
// or with one query parameter.
type FieldError struct {
	Pointer   *string    `json:"pointer,omitempty"` // "" points to the whole body
	Parameter string     `json:"parameter,omitempty"`
	Code      fault.Code `json:"code"`
	Message   string     `json:"message"`
	Allowed   *Allowed   `json:"allowed,omitempty"`
}

// Allowed is what a field accepts.
type Allowed struct {
	Min    any      `json:"min,omitempty"`
	Max    any      `json:"max,omitempty"`
	Values []string `json:"values,omitempty"`
}

// outcomes says for each kind of fault which status it has, and which type of
// problem it is unless the fault names a narrower one.
var outcomes = map[fault.Kind]struct {
	status int
	slug   string
}{
	fault.Invalid:              {http.StatusUnprocessableEntity, "validation"},
	fault.Malformed:            {http.StatusBadRequest, "malformed_json"},
	fault.NotFound:             {http.StatusNotFound, "not_found"},
	fault.Conflict:             {http.StatusConflict, "conflict"},
	fault.Denied:               {http.StatusUnauthorized, invalidToken},
	fault.Forbidden:            {http.StatusForbidden, "forbidden"},
	fault.Stale:                {http.StatusPreconditionFailed, "stale"},
	fault.PreconditionRequired: {http.StatusPreconditionRequired, "precondition_required"},
	fault.TooLarge:             {http.StatusRequestEntityTooLarge, "body_too_large"},
	fault.UnsupportedMedia:     {http.StatusUnsupportedMediaType, "unsupported_media_type"},
	fault.MethodNotAllowed:     {http.StatusMethodNotAllowed, "method_not_allowed"},
	fault.RateLimited:          {http.StatusTooManyRequests, "rate_limited"},
	fault.Unavailable:          {http.StatusServiceUnavailable, "unavailable"},
}

// invalidToken is the type of problem that RFC 6750 wants named in a header.
const invalidToken = "invalid_token"

// titles says what each type of problem is, in the same words every time.
var titles = map[string]string{ //nolint:gosec // the names of problems, no credentials
	"validation":              "Some values are not accepted",
	"malformed_json":          "The body is not well-formed JSON",
	"not_found":               "There is nothing here",
	"conflict":                "This clashes with what is already there",
	"forbidden":               "This is not allowed",
	"stale":                   "Someone changed this in the meantime",
	"precondition_required":   "Say which version you are changing",
	"body_too_large":          "The body is too large",
	"unsupported_media_type":  "This type of content is not read here",
	"method_not_allowed":      "This method does not exist here",
	"rate_limited":            "Too many requests",
	"unavailable":             "Stride cannot answer right now",
	"internal":                "Something went wrong on our side",
	"invalid_cursor":          "This cursor is not valid",
	"invalid_credentials":     "E-mail address or password is wrong",
	invalidToken:              "The access token is missing or not valid",
	"refresh_invalid":         "Sign in again",
	"email_taken":             "This e-mail address has an account",
	"idempotency_in_progress": "The same request is still running",
	"idempotency_mismatch":    "This key belongs to another request",
	"bad_file":                "This file cannot be read",
	"quota_exceeded":          "There is no room for more",
	"too_many_active_plans":   "Too many plans are active",
	"workouts_moved":          "Workouts of this plan have moved",
	"day_taken":               "This day is taken",
	"race_fixed":              "The race stays on its day",
	"workout_of_plan":         "This workout belongs to the plan",
}

// Titles are the titles of all types of problem, by slug.
func Titles() map[string]string { return maps.Clone(titles) }

// problem is the one place that turns an error into an answer. What is no
// fault of a known kind is ours: it becomes a 500 that says nothing but its
// own id, and the error itself is for the log.
func problem(err error, id string) Response {
	f := asFault(err)
	p := Problem{Status: http.StatusInternalServerError, Instance: id}
	slug := "internal"
	if outcome, ok := outcomes[f.Kind]; ok {
		p.Status = outcome.status
		p.Detail = f.Detail
		slug = outcome.slug
		if f.Slug != "" {
			slug = f.Slug
		}
	}
	p.Type = "/problems/" + slug
	p.Title = titles[slug]
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, fieldError(field))
	}
	if p.Detail == "" && len(p.Errors) > 0 {
		p.Detail = fmt.Sprintf("Mend what errors lists (%d) and send it again.", len(p.Errors))
	}

	header := http.Header{"Content-Type": {"application/problem+json"}}
	if f.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if len(f.Allow) > 0 {
		header.Set("Allow", strings.Join(f.Allow, ", "))
	}
	if slug == invalidToken {
		header.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	return Response{Status: p.Status, Header: header, Body: p}
}

// asFault finds the fault in an error. A bare kind is one without words, and
// whoever ran out of time may try again.
func asFault(err error) *fault.Fault {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	if kind, ok := errors.AsType[fault.Kind](err); ok {
		return &fault.Fault{Kind: kind}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &fault.Fault{Kind: fault.Unavailable, Detail: "This took too long. Try again.", RetryAfter: 1}
	}
	return &fault.Fault{}
}

func fieldError(f fault.Field) FieldError {
	out := FieldError{Parameter: f.Parameter, Code: f.Code, Message: f.Message}
	if f.Parameter == "" {
		out.Pointer = &f.Pointer
	}
	if f.Allowed != nil {
		out.Allowed = &Allowed{Min: f.Allowed.Min, Max: f.Allowed.Max, Values: f.Allowed.Values}
	}
	return out
}
