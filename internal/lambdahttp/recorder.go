package lambdahttp

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// A recorder keeps what a handler writes. It behaves like the server's
// ResponseWriter where handlers can tell: headers freeze with the status, and
// an answer to HEAD or without content has no body.
type recorder struct {
	header http.Header
	sent   http.Header // header as it was with the status
	status int
	text   string       // what was written first, if it was a text
	rest   bytes.Buffer // what was written after that
	noBody bool
}

var (
	_ http.ResponseWriter = (*recorder)(nil)
	_ io.StringWriter     = (*recorder)(nil)
)

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK {
		return // said before, or an interim answer, which an event cannot carry
	}
	w.status = status
	w.sent = w.header.Clone()
	if status == http.StatusNoContent || status == http.StatusNotModified {
		w.noBody = true
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	if err := w.begin(); err != nil {
		return 0, err
	}
	return w.rest.Write(p)
}

// WriteString keeps the first text as it is: answers are one, and large.
func (w *recorder) WriteString(s string) (int, error) {
	if err := w.begin(); err != nil {
		return 0, err
	}
	if w.text == "" && w.rest.Len() == 0 {
		w.text = s
		return len(s), nil
	}
	return w.rest.WriteString(s)
}

func (w *recorder) begin() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.noBody {
		return http.ErrBodyNotAllowed
	}
	return nil
}

// sniffed is how many bytes of a body say what it is.
const sniffed = 512

// result is the answer as an event: several values of a header become one,
// but for cookies, and a body that is no text goes as base64.
func (w *recorder) result() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK) // if nothing was written
	body := w.text
	if w.rest.Len() > 0 {
		body += w.rest.String()
	}
	if body != "" && w.sent.Get("Content-Type") == "" {
		w.sent.Set("Content-Type", http.DetectContentType([]byte(body[:min(len(body), sniffed)])))
	}
	out := events.APIGatewayV2HTTPResponse{
		StatusCode: w.status,
		Headers:    make(map[string]string, len(w.sent)),
		Cookies:    w.sent.Values("Set-Cookie"),
		Body:       body,
	}
	for name, values := range w.sent {
		if name != "Set-Cookie" {
			out.Headers[name] = strings.Join(values, ", ")
		}
	}
	if !utf8.ValidString(body) {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
	}
	return out
}
