package api

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
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
	data, err := readBody(r, MaxBody, fmt.Sprintf("Send at most %d bytes.", MaxBody))
	if err != nil {
		return nil, err
	}
	return parseObject(data)
}

// ReadFile reads a request's body as it stands: a file of at most limit bytes,
// declared as one of the given media types. Errors: UnsupportedMedia;
// TooLarge, whose detail is tooLarge, before more is read; Malformed.
func ReadFile(r *http.Request, limit int, tooLarge string, media ...string) ([]byte, error) {
	declared, _, err := mime.ParseMediaType(strings.Join(r.Header.Values("Content-Type"), ","))
	if err != nil || !slices.Contains(media, declared) {
		return nil, fault.New(fault.UnsupportedMedia, "Send the file as it is, as "+strings.Join(media, " or ")+".")
	}
	if err := plainOnly(r.Header); err != nil {
		return nil, err
	}
	return readBody(r, limit, tooLarge)
}

// readBody reads a body of at most limit bytes.
func readBody(r *http.Request, limit int, tooLarge string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	if err != nil {
		return nil, &fault.Fault{Kind: fault.Malformed, Detail: "The body ended too early. Send it again.", Cause: err}
	}
	if len(data) > limit {
		return nil, fault.New(fault.TooLarge, tooLarge)
	}
	return data, nil
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
	if err != nil || media != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
		return fault.New(fault.UnsupportedMedia, "Send the body as application/json.")
	}
	return plainOnly(h)
}

// plainOnly refuses a body that is packed on the way.
func plainOnly(h http.Header) error {
	if len(h.Values("Content-Encoding")) > 0 {
		return fault.New(fault.UnsupportedMedia, "Send the body without a content encoding.")
	}
	return nil
}
