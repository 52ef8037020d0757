package api

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// MaxBody is how many bytes of JSON a request may hold.
const MaxBody = 64 << 10

// ReadObject reads a request's body as one JSON object. What cannot be read
// at all is an error here: UnsupportedMedia, TooLarge, Malformed, or Invalid
// for JSON that is no object. What the object holds is asked of the Object,
// which gathers every fault until Object.Faults.
func ReadObject(r *http.Request) (*Object, error) {
	if err := jsonOnly(r.Header); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if err != nil {
		return nil, &fault.Fault{Kind: fault.Malformed, Detail: "The body ended too early. Send it again.", Cause: err}
	}
	if len(data) > MaxBody {
		return nil, fault.New(fault.TooLarge, fmt.Sprintf("Send at most %d bytes.", MaxBody))
	}
	return parseObject(data)
}

func parseObject(data []byte) (*Object, error) {
	v, err := parse(data)
	if err != nil {
		return nil, err
	}
	if v.kind != object {
		return nil, fault.Fields([]fault.Field{{Code: fault.WrongType, Message: "Send a JSON object."}})
	}
	return &Object{members: v.members, faults: &faults{}}, nil
}

// jsonOnly refuses every body that is not declared as plain JSON. It keeps
// HTML forms out as well: they cannot send this type without a preflight.
func jsonOnly(h http.Header) error {
	media, params, err := mime.ParseMediaType(strings.Join(h.Values("Content-Type"), ","))
	charset, named := params["charset"]
	switch {
	case err != nil, media != "application/json", named && !strings.EqualFold(charset, "utf-8"):
		return fault.New(fault.UnsupportedMedia, "Send the body as application/json.")
	case len(h.Values("Content-Encoding")) > 0:
		return fault.New(fault.UnsupportedMedia, "Send the body without a content encoding.")
	}
	return nil
}
