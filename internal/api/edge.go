// Package api is the HTTP edge: it reads requests strictly, answers errors as
// problems, and keeps one log line for each request. A handler takes a
// request and returns an answer or an error; everything else is done here,
// once. The handlers themselves live in a package for each family, so that no
// function links what it does not serve.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// RequestIDHeader carries the request's id on every answer.
const RequestIDHeader = "X-Request-Id"

// A Response is what a handler answers.
type Response struct {
	Status int         // zero: 200
	Header http.Header // further headers; they go before the usual ones
	Body   any         // nil: none; []byte: sent as it stands; else encoded as JSON

	counts string // the metric of its route; zero: none
}

// A Handler answers one request. An error is a *fault.Fault, which says what
// the caller can do, or anything else, which becomes a 500 without words.
type Handler func(*http.Request) (Response, error)

// An Edge turns Handlers into ordinary http.Handlers.
type Edge struct {
	Log     *slog.Logger  // one event for each request; nil: no log
	Timeout time.Duration // how long a handler may take; zero: as long as it likes
}

// Mount serves those routes of a table that handlers names by their keys,
// such as "POST /api/generate", and answers 404 and 405 for all other paths.
// Values of names in the path are read with Request.PathValue. It panics for
// a key that is not in the table, since such a handler could never be called.
func (e Edge) Mount(table route.Table, handlers map[string]Handler) http.Handler {
	for key := range handlers {
		if _, ok := table.Key(key); !ok {
			panic("api: a handler for " + key + ", which is not in the route table")
		}
	}
	nothing := NoRoute(table)
	return e.Serve(func(r *http.Request) (Response, error) {
		m, _ := table.Match(r.Method, r.URL.EscapedPath())
		handler, ok := handlers[m.Route.Key()]
		if !ok {
			return nothing(r)
		}
		r.Pattern = m.Route.Key()
		for name, value := range m.Params {
			r.SetPathValue(name, value)
		}
		response, err := handler(r)
		response.counts = m.Route.Counts
		return response, err
	})
}

// NoRoute answers for what leads nowhere: 405 with the methods that the path
// does have, else 404.
func NoRoute(table route.Table) Handler {
	return func(r *http.Request) (Response, error) {
		if methods := table.Methods(r.URL.EscapedPath()); len(methods) > 0 {
			return Response{}, &fault.Fault{
				Kind:   fault.MethodNotAllowed,
				Detail: "Use one of the methods that the Allow header lists.",
				Allow:  methods,
			}
		}
		return Response{}, fault.New(fault.NotFound, "Check the path.")
	}
}

// Serve makes an http.Handler of one Handler: it gives the request its id and
// its deadline, outlives a panic, writes the answer or the problem, and logs.
func (e Edge) Serve(handler Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		call := Call(r.Context())
		ctx := WithCall(r.Context(), call)
		if e.Timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, e.Timeout)
			defer cancel()
		}
		r = r.WithContext(ctx)
		response, err := guard(handler, r)
		status, size, err := write(w, call.RequestID, response, err)
		e.log(r, call.RequestID, response, status, size, time.Since(start), err)
	})
}

// WriteError answers an error as a problem, for code that is no Handler.
func WriteError(w http.ResponseWriter, id string, err error) {
	_, _, _ = write(w, id, Response{}, err)
}

// guard calls a handler and turns a panic into an error with its stack, so
// that it costs one answer and not the process.
func guard(handler Handler, r *http.Request) (response Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handler(r)
}

// write sends a response, or the problem that err is. The body is encoded
// before anything is sent, so an answer that cannot be encoded is a whole 500.
// The error returned is the one that decided the answer.
func write(w http.ResponseWriter, id string, response Response, err error) (status, size int, _ error) {
	var body []byte
	if err == nil {
		body, err = encode(response.Body)
	}
	if err != nil {
		response = problem(err, id)
		body, _ = encode(response.Body) // a Problem always can be
	}
	if response.Status == 0 {
		response.Status = http.StatusOK
	}
	h := w.Header()
	maps.Copy(h, response.Header)
	h.Set(RequestIDHeader, id)
	setDefault(h, "Cache-Control", "no-store")
	setDefault(h, "X-Content-Type-Options", "nosniff")
	if body != nil {
		setDefault(h, "Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(response.Status)
	size, _ = w.Write(body) // a caller who has left needs no answer
	return response.Status, size, err
}

func setDefault(h http.Header, name, value string) {
	if h.Get(name) == "" {
		h.Set(name, value)
	}
}

func encode(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false) // the type is JSON and nosniff is set
	if err := encoder.Encode(body); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return buf.Bytes(), nil
}

// log keeps one event for each request: what was asked and what came of it,
// and for a failure of ours the cause. It has no body, no query, no address
// and no path but the route's pattern, since each of these can hold something
// private. In the cloud some of its numbers are metrics too: how long it took,
// whether it was refused, and what its route counts.
func (e Edge) log(r *http.Request, id string, response Response, status, size int, took time.Duration, err error) {
	if e.Log == nil {
		return
	}
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("id", id),
		slog.String("method", r.Method),
		slog.String("route", r.Pattern),
		slog.Int("status", status),
		metric.Millis(metric.Duration, took),
		slog.Int("bytes", size),
	}
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
		attrs = append(attrs, slog.Any("cause", err))
	case status >= http.StatusBadRequest:
		attrs = append(attrs, metric.Count(metric.Refusals))
	case response.counts != "" && !isReplayed(response.Header): // what is told again did not happen again
		attrs = append(attrs, metric.Count(response.counts))
	}
	e.Log.LogAttrs(r.Context(), level, "request", attrs...)
}
