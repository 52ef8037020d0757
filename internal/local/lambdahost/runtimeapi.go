package lambdahost

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxAnswer is how much a function may answer.
const maxAnswer = 6 << 20

// A call is one event on its way to a process.
type call struct {
	function string
	id       string // a UUID
	trace    string
	event    []byte
	deadline time.Time
}

func newCall(function string, event []byte, deadline time.Time) call {
	random := make([]byte, 28)
	_, _ = rand.Read(random) // it never fails
	id := random[:16]
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	return call{
		function: function,
		id:       fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]),
		trace:    fmt.Sprintf("Root=1-%08x-%x;Sampled=0", time.Now().Unix(), random[16:]),
		event:    event,
		deadline: deadline,
	}
}

// A report is what a process says through the Runtime API.
type report struct {
	kind    reportKind
	payload []byte
	at      time.Time
}

type reportKind int

const (
	reportReady     reportKind = iota // it asks for a call
	reportResponse                    // it has answered one
	reportError                       // it answers that it cannot
	reportInitError                   // it cannot start
)

// runtimeAPI serves what a bootstrap asks of Lambda, version 2018-06-01.
func (p *process) runtimeAPI() http.Handler {
	const prefix = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+prefix+"invocation/next", p.next)
	mux.HandleFunc("POST "+prefix+"invocation/{id}/response", p.answer(reportResponse))
	mux.HandleFunc("POST "+prefix+"invocation/{id}/error", p.answer(reportError))
	mux.HandleFunc("POST "+prefix+"init/error", func(w http.ResponseWriter, r *http.Request) {
		p.report(w, r, reportInitError)
	})
	return mux
}

// next says that the process is ready, and blocks until there is a call.
func (p *process) next(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	isBusy := p.current != ""
	p.mu.Unlock()
	if isBusy {
		http.Error(w, `{"errorType":"InvalidStateTransition","errorMessage":"Answer the call that you have."}`, http.StatusForbidden)
		return
	}
	select {
	case p.reports <- report{kind: reportReady, at: time.Now()}:
	case <-r.Context().Done():
		return
	}
	select {
	case c := <-p.calls:
		p.mu.Lock()
		p.current = c.id
		p.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", c.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(c.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:"+region+":000000000000:function:"+c.function)
		h.Set("Lambda-Runtime-Trace-Id", c.trace)
		_, _ = w.Write(c.event) // a process that is gone is noticed elsewhere
	case <-r.Context().Done():
	}
}

// answer takes the one answer to the call that the process has.
func (p *process) answer(kind reportKind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		isCurrent := p.current != "" && p.current == r.PathValue("id")
		if isCurrent {
			p.current = ""
		}
		p.mu.Unlock()
		if !isCurrent {
			http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"There is no such call."}`, http.StatusBadRequest)
			return
		}
		p.report(w, r, kind)
	}
}

// report reads what the process says and passes it on to whoever waits.
func (p *process) report(w http.ResponseWriter, r *http.Request, kind reportKind) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAnswer))
	status := http.StatusAccepted
	switch _, tooLarge := errors.AsType[*http.MaxBytesError](err); {
	case tooLarge:
		status = http.StatusRequestEntityTooLarge
		kind = reportError
		payload = []byte(`{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"The answer is larger than 6 MB."}`)
	case err != nil:
		return // the process is gone; that says more than half an answer
	}
	select {
	case p.reports <- report{kind: kind, payload: payload, at: time.Now()}:
		w.WriteHeader(status)
	case <-r.Context().Done():
	}
}
