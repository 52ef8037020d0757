package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/ingesting"
	"github.com/stride-run/stride/internal/boot/sweeping"
	"github.com/stride-run/stride/internal/local/sqs"
	"github.com/stride-run/stride/internal/local/stores"
	"github.com/stride-run/stride/internal/route"
)

const (
	// batch is how many messages a call is given, as in the stacks.
	batch = 10
	// concurrency is how many calls of a function there are at a time. Files
	// take a processor each.
	concurrency = 2
	// retry is how long what failed waits. In the cloud it is minutes, since
	// nobody knows there whether a call still runs.
	retry = 2 * time.Second
)

// queues are the ways from queues to functions.
type queues []sqs.Mapping

// mappings are all functions that queues lead to, wired as their mains wire
// them.
func mappings(kept *stores.Stores, config boot.Config, log *slog.Logger) (queues, error) {
	sweep, err := sweeping.Sweep(kept.Lookup, config, log)
	if err != nil {
		return nil, err
	}
	ingest, err := ingesting.Ingest(kept.Lookup, config, log)
	if err != nil {
		return nil, err
	}
	var all queues
	for name, function := range map[string]any{"sweep": sweep, "ingest": ingest} {
		f, _ := route.FunctionNamed(name)
		all = append(all, sqs.Mapping{
			Queue: kept.Queue(name), Invoke: sqs.InProcess(function), Timeout: f.Timeout,
			Batch: batch, Concurrency: concurrency, Retry: retry, Log: log,
		})
	}
	return all, nil
}

// start lets them work until ctx ends or stop is called, which waits for
// what is under way.
func (q queues) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	for _, m := range q {
		group.Go(func() { m.Run(ctx) })
	}
	return func() { cancel(); group.Wait() }
}
