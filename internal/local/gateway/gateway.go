// Package gateway stands in for API Gateway on the own machine. It turns each
// request into the event that an HTTP API would send, calls the function that
// the route table names, and turns the result back, so that a function cannot
// tell the two apart.
package gateway

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/lambdahttp"
	"github.com/stride-run/stride/internal/route"
)

// maxPayload is what a Lambda takes in one call.
const maxPayload = 6 << 20

// maxDrain is how much more is read of a body that is too large, so that the
// caller, who is still sending, gets to see the answer.
const maxDrain = 32 << 20

// A Gateway serves the API and, everywhere else, a site.
type Gateway struct {
	// Routes says which function serves what.
	Routes route.Table
	// Functions are the functions by name. A route to one that is missing
	// answers 500, as it does in the cloud.
	Functions map[string]lambdahttp.Function
	// Authorize checks an access token and returns its claims. Nil: no token
	// is good, so routes that need one answer 401.
	Authorize func(ctx context.Context, token string) (map[string]string, error)
	// Origins are the other origins whose pages may call the API. Zero: none.
	Origins []string
	// Site answers what does not belong to the API. It must not be nil.
	Site http.Handler
	// Log takes what goes wrong between gateway and function. It must not be
	// nil; requests are logged by the functions themselves.
	Log *slog.Logger
}

var _ http.Handler = (*Gateway)(nil)

func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !route.IsAPI(r.URL.EscapedPath()) {
		g.Site.ServeHTTP(w, r)
		return
	}
	if allowed := g.share(w.Header(), r); g.preflight(w, r, allowed) {
		return
	}
	id := rand.Text()
	match, ok := g.Routes.Match(r.Method, r.URL.EscapedPath())
	if !ok {
		api.WriteError(w, id, fault.NotFound)
		return
	}
	claims, err := g.authorize(r, match.Route)
	if err != nil {
		api.WriteError(w, id, err)
		return
	}
	body, err := payload(r)
	if err != nil {
		api.WriteError(w, id, err)
		return
	}
	event := eventOf(r, body, match, id, claims, time.Now())
	if err := g.call(w, r, match.Route.Function, event); err != nil {
		g.Log.ErrorContext(r.Context(), "call", slog.String("function", match.Route.Function), slog.Any("cause", err))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"message":"Internal Server Error"}`)
	}
}

// authorize does the work of the native JWT authorizer: on a route that needs
// a token nothing goes on without a good one.
func (g *Gateway) authorize(r *http.Request, to route.Route) (map[string]string, error) {
	if to.Auth == route.None {
		return nil, nil
	}
	denied := fault.New(fault.Denied, "Sign in and send the access token.")
	values := r.Header.Values("Authorization")
	if g.Authorize == nil || len(values) != 1 {
		return nil, denied
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, denied
	}
	claims, err := g.Authorize(r.Context(), token)
	if err != nil {
		return nil, fmt.Errorf("authorize: %w", err)
	}
	if claims == nil {
		return nil, denied
	}
	return claims, nil
}

// payload reads a body as far as a function would take it.
func payload(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return nil, &fault.Fault{Kind: fault.Malformed, Detail: "The body ended too early. Send it again.", Cause: err}
	}
	if len(body) > maxPayload {
		_, _ = io.CopyN(io.Discard, r.Body, maxDrain) // the answer is the same if this fails
		return nil, fault.New(fault.TooLarge, fmt.Sprintf("Send at most %d bytes.", maxPayload))
	}
	return body, nil
}

// errMalformed says that a function answered what is no HTTP answer.
var errMalformed = errors.New("malformed result")

// call calls the function of a route and writes its result. An error means
// that nothing has been written.
func (g *Gateway) call(w http.ResponseWriter, r *http.Request, name string, e events.APIGatewayV2HTTPRequest) error {
	function, ok := g.Functions[name]
	if !ok {
		return errors.New("there is no such function")
	}
	result, err := function(r.Context(), e)
	if err != nil {
		return err
	}
	body := result.Body
	if result.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(result.Body)
		if err != nil {
			return fmt.Errorf("%w: %w", errMalformed, err)
		}
		body = string(decoded)
	}
	if result.StatusCode < http.StatusOK || result.StatusCode > 599 {
		return fmt.Errorf("%w: status %d", errMalformed, result.StatusCode)
	}
	h := w.Header()
	for name, value := range result.Headers {
		if !strings.HasPrefix(http.CanonicalHeaderKey(name), "Access-Control-") { // the gateway's own business
			h.Add(name, value)
		}
	}
	for _, cookie := range result.Cookies {
		h.Add("Set-Cookie", cookie)
	}
	h.Del("Content-Length") // the gateway counts for itself
	if len(body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(result.StatusCode)
	_, _ = io.WriteString(w, body) // a caller who has left needs no answer
	return nil
}
