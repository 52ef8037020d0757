package s3

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/route"
)

// serve puts the proxy before the gateway, on a port of its own.
func (s *Store) serve(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(s.config.Addr, "127.0.0.1:0"))
	if err != nil {
		return err
	}
	errorLog := slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn)
	// Without compression of its own: what is signed has to stay.
	s.behind = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 100, ExpectContinueTimeout: time.Second}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: s.addr})
			r.Out.Host = r.In.Host // it is signed
			r.Out.URL.RawQuery = r.In.URL.RawQuery
		},
		Transport: s.behind,
		ErrorLog:  errorLog,
	}
	s.front = &http.Server{
		Handler: s.share(s.tell(proxy)), ReadHeaderTimeout: 5 * time.Second, ErrorLog: errorLog,
	}
	s.Endpoint = "http://" + listener.Addr().String()
	go func() { _ = s.front.Serve(listener) }() // until Stop closes it
	return nil
}

// share lets the pages of allowed origins send and read, by the rule that the
// bucket has in the cloud. What they may send is in the signed address.
func (s *Store) share(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		allowed := slices.Contains(s.config.Origins, origin)
		h := w.Header()
		if allowed {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Vary", "Origin")
		}
		if r.Method != http.MethodOptions {
			r.Header.Del("Origin") // the gateway has a rule of its own
			next.ServeHTTP(w, r)
			return
		}
		method := r.Header.Get("Access-Control-Request-Method")
		for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			allowed = allowed && (name == "" || slices.Contains(route.UploadCORS.Headers, name))
		}
		if !allowed || !slices.Contains(route.UploadCORS.Methods, method) {
			h.Del("Access-Control-Allow-Origin")
			w.WriteHeader(http.StatusForbidden)
			return
		}
		h.Set("Access-Control-Allow-Methods", strings.Join(route.UploadCORS.Methods, ", "))
		h.Set("Access-Control-Allow-Headers", strings.Join(route.UploadCORS.Headers, ", "))
		h.Set("Access-Control-Max-Age", strconv.Itoa(int(route.CORS.MaxAge.Seconds())))
		w.WriteHeader(http.StatusOK)
	})
}

// tell has new objects told of. The event is kept before the gateway sees the
// request, so that no object can be there without one, whatever ends in
// between: an event too many does no harm.
func (s *Store) tell(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if s.config.Notify == nil || r.Method != http.MethodPut || bucket != s.config.Bucket || !strings.HasSuffix(key, s.config.Suffix) {
			next.ServeHTTP(w, r)
			return
		}
		event, err := created(s.config.Region, bucket, key, r.ContentLength, time.Now())
		var stored func(bool) error
		if err == nil {
			stored, err = s.config.Notify(event)
		}
		if err != nil {
			s.config.Log.ErrorContext(r.Context(), "local S3 cannot tell of an object", slog.Any("cause", err))
			http.Error(w, "see the log", http.StatusServiceUnavailable)
			return
		}
		status := &statusWriter{ResponseWriter: w}
		defer func() {
			// A proxy that gives up panics; what the gateway did is not known then.
			if err := stored(status.code == 0 || status.code < 300); err != nil {
				s.config.Log.ErrorContext(context.WithoutCancel(r.Context()), "local S3 cannot tell of an object", slog.Any("cause", err))
			}
		}()
		next.ServeHTTP(status, r)
	})
}

// A statusWriter knows the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	code int // 0: none yet
}

func (w *statusWriter) WriteHeader(code int) {
	if code >= 200 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap is for the proxy, which flushes.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// created is the event of a new object, as S3 writes it. The sequencer grows,
// also from one start of this server to the next.
func created(region, bucket, key string, size int64, now time.Time) (string, error) {
	event := events.S3Event{Records: []events.S3EventRecord{{
		EventVersion: "2.1", EventSource: "aws:s3", AWSRegion: region, EventTime: now.UTC(), EventName: "ObjectCreated:Put",
		S3: events.S3Entity{
			SchemaVersion: "1.0", ConfigurationID: "uploads",
			Bucket: events.S3Bucket{Name: bucket, Arn: "arn:aws:s3:::" + bucket},
			Object: events.S3Object{Key: url.QueryEscape(key), Size: size, Sequencer: fmt.Sprintf("%016X", now.UnixNano())},
		},
	}}}
	text, err := json.Marshal(event)
	return string(text), err
}
