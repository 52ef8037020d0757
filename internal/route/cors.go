package route

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// CORS is what front ends on other origins may send and read, for the HTTP
// API and the local gateway alike. Which origins these are is a setting, read
// by ParseOrigins; our own site shares the API's origin and needs none.
var CORS = struct {
	Methods []string
	Headers []string // request headers, lower case
	Expose  []string // answer headers, lower case
	MaxAge  time.Duration
}{
	Methods: []string{"DELETE", "GET", "PATCH", "POST", "PUT"},
	Headers: []string{"authorization", "content-type", "idempotency-key", "if-match"},
	Expose:  []string{"etag", "idempotency-replayed", "location", "retry-after", "x-request-id"},
	MaxAge:  10 * time.Minute,
}

// ErrOrigin says that a text is not an origin that can be allowed.
var ErrOrigin = errors.New("not an origin")

// ParseOrigins reads a comma-separated list of origins: scheme, host and, if
// it is not the scheme's own, port. An origin is compared as a whole, byte by
// byte, so whatever a browser would not send as it stands is refused here: a
// path, a trailing slash, capitals, "null", and "*" in every position.
func ParseOrigins(list string) ([]string, error) {
	var origins []string
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		u, err := url.Parse(item)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" ||
			u.Scheme+"://"+u.Host != item || strings.Contains(item, "*") || strings.ToLower(item) != item {
			return nil, fmt.Errorf("%w: %q; write it like https://app.example", ErrOrigin, item)
		}
		if !slices.Contains(origins, item) {
			origins = append(origins, item)
		}
	}
	return origins, nil
}

// UploadCORS is what pages may send to the bucket of recordings, by addresses
// that the API has signed for them.
var UploadCORS = struct {
	Methods []string
	Headers []string // request headers, lower case
}{
	Methods: []string{"GET", "PUT"},
	Headers: []string{"content-type", "if-none-match", "x-amz-checksum-sha256"},
}
