package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/local/lambdahost"
	"github.com/stride-run/stride/internal/route"
)

// startRounds is how often each function is started, in turn with the others.
const startRounds = 31

// bootstrap is where make puts the program of a function.
func bootstrap(arch, function string) string {
	return filepath.Join("build", "lambda", arch, function, "bootstrap")
}

// hello is where make puts the Lambda that says hello.
func hello(arch string) string {
	return filepath.Join("build", "bench", arch, "hello", "bootstrap")
}

// A starter is a bootstrap that is started again and again.
type starter struct {
	config       lambdahost.Config
	event        []byte
	target       float64
	inits, calls []time.Duration
}

// starts compares how long functions take until they ask for their first
// call, and to answer it, with a Lambda that says hello. What AWS does before
// is not in it.
func starts(ctx context.Context) (_ []figure, err error) {
	events, err := eventsByFunction()
	if err != nil {
		return nil, err
	}
	local, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, local.stop()) }()
	env := local.stores.Environment()
	maps.Copy(env, map[string]string{
		"STRIDE_STAGE": "production", "STRIDE_TABLE": local.config.Table, "STRIDE_SECRET": local.config.Secret,
		"STRIDE_ISSUER": "https://id.stride.example", "STRIDE_BCRYPT_COST": strconv.Itoa(hashCost),
		"STRIDE_SWEEP_QUEUE": "https://sqs.stride.example/sweep",
		"AWS_SESSION_TOKEN":  "", // the bucket does not know the host's
	})
	yardstick, err := newStarter(route.Function{Name: "hello", Timeout: time.Second}, hello(runtime.GOARCH), env, events["generate"])
	if err != nil {
		return nil, err
	}
	all := []*starter{yardstick}
	for _, f := range route.Functions {
		if f.Trigger == route.Rotation {
			continue
		}
		s, err := newStarter(f, bootstrap(runtime.GOARCH, f.Name), env, events[f.Name])
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	for range startRounds {
		for _, s := range all {
			if err := s.start(ctx); err != nil {
				return nil, err
			}
		}
	}
	var first, answered []figure
	init, call := median(yardstick.inits), median(yardstick.calls)
	for _, s := range all[1:] {
		first = append(first, ratio(s.config.Name+": process start to first /next / hello", median(s.inits), init, s.target))
		answered = append(answered, ratio(s.config.Name+": first call / hello", median(s.calls), call, 0))
	}
	return append(first, answered...), nil
}

// newStarter reads the function's target off what it has to load.
func newStarter(f route.Function, program string, env map[string]string, event []byte) (*starter, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	if event == nil {
		return nil, fmt.Errorf("no event in the folder events leads to function %s", f.Name)
	}
	target := 1.5
	switch {
	case len(f.Uploads) > 0:
		target = 3
	case f.Table != "":
		target = 2.3
	}
	config := lambdahost.Config{
		Bootstrap: program, Name: f.Name, Timeout: f.Timeout, MemoryMB: f.MemoryMB,
		Env: env,
	}
	return &starter{config: config, event: event, target: target}, nil
}

// start starts a process, makes one call, and ends it.
func (s *starter) start(ctx context.Context) error {
	host := lambdahost.New(s.config)
	defer host.Close()
	result, err := host.Invoke(ctx, s.event)
	if err != nil {
		return err
	}
	s.inits = append(s.inits, result.Init)
	s.calls = append(s.calls, result.Duration)
	return nil
}

// eventsByFunction reads one event for each function: the first by name, which
// is the plain one.
func eventsByFunction() (map[string][]byte, error) {
	files, err := filepath.Glob(filepath.Join("events", "*.json"))
	if err != nil {
		return nil, err
	}
	events := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file) //nolint:gosec // a file of this repository
		if err != nil {
			return nil, err
		}
		var event struct{ RouteKey string }
		if err := json.Unmarshal(data, &event); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		r, ok := route.Routes.Key(event.RouteKey)
		if ok && events[r.Function] == nil {
			events[r.Function] = data
		}
	}
	for _, f := range route.Functions {
		if f.Trigger != route.Queue {
			continue
		}
		file := filepath.Join("events", f.Name+".json")
		if events[f.Name], err = os.ReadFile(file); err != nil { //nolint:gosec // a file of this repository
			return nil, err
		}
	}
	return events, nil
}
