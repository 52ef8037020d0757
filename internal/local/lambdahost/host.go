// Package lambdahost runs real bootstraps as Lambda does: it starts a process
// for each call that finds none idle, serves it the Runtime API on a loopback
// address of its own, keeps it warm, and ends it when its time is up. Tests
// and measurements use it; it is not a sandbox.
package lambdahost

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// initTimeout is how long Lambda waits for a new process to ask for its first
// call.
const initTimeout = 10 * time.Second

// region is where the functions believe to be.
const region = "us-east-1"

// Config says which program a Host runs, and how.
type Config struct {
	// Bootstrap is the path of the program.
	Bootstrap string
	// Name is the function's name.
	Name string
	// Timeout is how long one call may take. It must not be zero.
	Timeout time.Duration
	// MemoryMB is what the process is told to have; nobody holds it to that.
	// Zero: 128.
	MemoryMB int
	// Env are the variables that are set for this function, beside those that
	// Lambda sets for every one. It may have credentials, as the function's
	// role would. Nothing else reaches the process.
	Env map[string]string
}

// A Host runs one function. It is safe for concurrent use.
type Host struct {
	config Config

	mu        sync.Mutex
	closed    bool
	processes map[*process]struct{} // all that have not been ended
	idle      []*process            // those of them that wait for a call
}

// New returns a Host. It starts nothing before the first call; Close ends
// whatever is running then.
func New(config Config) *Host {
	if config.MemoryMB == 0 {
		config.MemoryMB = 128
	}
	return &Host{config: config, processes: map[*process]struct{}{}}
}

// A Result is what came of a call that the function answered.
type Result struct {
	Payload  []byte
	Log      string        // what the process wrote since it took the call
	Init     time.Duration // from the start of the process to its first question for a call; zero: it was warm
	Duration time.Duration // from the call to the answer
}

// Invoke calls the function with an event and waits until it has answered and
// is ready for another call or gone. The error is a *CallError if the function
// is to blame.
func (h *Host) Invoke(ctx context.Context, event []byte) (Result, error) {
	p, started, err := h.take(ctx)
	if err != nil {
		return Result{}, err
	}
	call := newCall(h.config.Name, event, time.Now().Add(h.config.Timeout))
	timed, cancel := context.WithDeadline(ctx, call.deadline)
	defer cancel()
	begin, logged := time.Now(), p.logSize()
	answer, err := p.invoke(timed, call)
	result := Result{Payload: answer.payload, Log: p.logFrom(logged), Init: started, Duration: time.Since(begin)}
	if err != nil {
		h.end(p)
	} else {
		h.settle(timed, p)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return Result{}, fmt.Errorf("invoke %s: %w", h.config.Name, ctx.Err())
	case errors.Is(err, context.DeadlineExceeded):
		return Result{}, &CallError{Kind: TimedOut, Detail: "after " + h.config.Timeout.String(), Log: result.Log}
	case err != nil:
		return Result{}, &CallError{Kind: Crashed, Detail: p.exit(), Log: result.Log}
	case answer.kind != reportResponse:
		return Result{}, &CallError{Kind: Errored, Detail: string(answer.payload), Log: result.Log}
	}
	return result, nil
}

// take returns a process that waits for a call, and how long it took to start
// if it is a new one.
func (h *Host) take(ctx context.Context) (*process, time.Duration, error) {
	p, isNew, err := h.idleOrNew(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("start %s: %w", h.config.Name, err)
	}
	if isNew {
		return h.initialise(ctx, p)
	}
	return p, 0, nil
}

// idleOrNew holds the lock while a process starts, so that Close misses none.
func (h *Host) idleOrNew(ctx context.Context) (p *process, isNew bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, false, errors.New("the host is closed")
	}
	for len(h.idle) > 0 {
		p := h.idle[len(h.idle)-1]
		h.idle = h.idle[:len(h.idle)-1]
		if p.running() {
			return p, false, nil
		}
		p.end()
		delete(h.processes, p)
	}
	if p, err = start(ctx, h.config.Bootstrap, h.environment()); err != nil {
		return nil, false, err
	}
	h.processes[p] = struct{}{}
	return p, true, nil
}

// initialise waits until a new process asks for its first call.
func (h *Host) initialise(ctx context.Context, p *process) (*process, time.Duration, error) {
	timed, cancel := context.WithTimeout(ctx, initTimeout)
	defer cancel()
	r, err := p.await(timed)
	if err == nil && r.kind == reportReady {
		return p, r.at.Sub(p.started), nil
	}
	failure := &CallError{Kind: InitFailed, Log: p.logFrom(0)}
	h.end(p)
	switch {
	case ctx.Err() != nil:
		return nil, 0, fmt.Errorf("start %s: %w", h.config.Name, ctx.Err())
	case err == nil:
		failure.Detail = string(r.payload)
	case errors.Is(err, context.DeadlineExceeded):
		failure.Detail = "after " + initTimeout.String()
	default:
		failure.Detail = p.exit()
	}
	return nil, 0, failure
}

// settle keeps a process that has answered for the next call, once it asks
// for one. What went wrong inside may have been too much for it, or it
// lingers until the time is up: then it is ended.
func (h *Host) settle(ctx context.Context, p *process) {
	if r, err := p.await(ctx); err != nil || r.kind != reportReady {
		h.end(p)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.idle = append(h.idle, p)
	}
}

// end ends a process and waits until it is gone.
func (h *Host) end(p *process) {
	p.end()
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.processes, p)
}

// Close ends all processes that the Host has started, those in the middle of
// a call as well, and waits until they are gone.
func (h *Host) Close() {
	h.mu.Lock()
	h.closed, h.idle = true, nil
	processes := slices.Collect(maps.Keys(h.processes))
	h.mu.Unlock()
	for _, p := range processes {
		h.end(p)
	}
}

// environment is what Lambda sets for every function, and what is set for
// this one. Without credentials of its own it gets some that are good for
// nothing.
func (h *Host) environment() []string {
	all := maps.Clone(h.config.Env)
	if all == nil {
		all = map[string]string{}
	}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if _, given := all[name]; !given {
			all[name] = "local"
		}
	}
	maps.Copy(all, map[string]string{
		"_HANDLER":                        "bootstrap",
		"AWS_DEFAULT_REGION":              region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(h.config.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        h.config.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_REGION":                      region,
		"LAMBDA_TASK_ROOT":                filepath.Dir(h.config.Bootstrap),
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
		"TZ":                              ":UTC",
	})
	list := make([]string, 0, len(all)+1)
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	return list
}
