package main

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
)

// A warmStore stands before the database. Once it is warm it gives the reply
// to a question that it has heard before from memory: so measurements are of
// Stride, and not of the database of one machine, which answers one after the
// other.
type warmStore struct {
	*httptest.Server
	warm    atomic.Bool
	proxy   *httputil.ReverseProxy
	replies sync.Map // of *httptest.ResponseRecorder, by operation and question
}

func newWarmStore(endpoint string) (*warmStore, error) {
	target, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	s := &warmStore{proxy: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s, nil
}

func (s *warmStore) serve(w http.ResponseWriter, r *http.Request) {
	if !s.warm.Load() {
		s.proxy.ServeHTTP(w, r)
		return
	}
	question, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	key := r.Header.Get("X-Amz-Target") + string(question)
	known, ok := s.replies.Load(key)
	if !ok {
		r.Body = io.NopCloser(bytes.NewReader(question))
		reply := httptest.NewRecorder()
		s.proxy.ServeHTTP(reply, r)
		known, _ = s.replies.LoadOrStore(key, reply)
	}
	reply, _ := known.(*httptest.ResponseRecorder)
	maps.Copy(w.Header(), reply.Header())
	w.WriteHeader(reply.Code)
	_, _ = w.Write(reply.Body.Bytes()) //nolint:gosec // the store's own answer, given on; no browser reads it
}
