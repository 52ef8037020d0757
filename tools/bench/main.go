// Bench measures Stride beside a yardstick in the same run, so that the
// figures mean the same on every machine. `make bench` builds what it needs
// and starts it; nothing leaves the machine, and it ends by itself.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// limit is how long everything may take.
const limit = 10 * time.Minute

// A figure is one line of the table.
type figure struct {
	name      string
	stride    string  // what Stride needs
	yardstick string  // what the yardstick needs; empty: the figure stands alone
	value     float64 // what the target is about: the ratio of the two, or an amount
	unit      string  // of value and target: "×", "MB" or "ms"
	target    float64 // the most that value may be; zero: there is no such target
	least     float64 // the least that value may be; zero: there is no such target
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything, one after the other, and writes the table.
func run(ctx context.Context, out io.Writer) error {
	var figures []figure
	for _, measure := range []func(context.Context) ([]figure, error){plans, recordings, imports, requests, accounts, starts, sizes} {
		measured, err := measure(ctx)
		if err != nil {
			return err
		}
		figures = append(figures, measured...)
	}
	fmt.Fprintf(out, "%s, %s/%s, %d cores\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return write(out, figures)
}

// write writes the table.
func write(out io.Writer, figures []figure) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "figure\tStride\tyardstick\tvalue\ttarget\t\n")
	for _, f := range figures {
		target, verdict := "–", ""
		switch {
		case f.target > 0:
			target, verdict = fmt.Sprintf("≤ %.1f %s", f.target, f.unit), "pass"
		case f.least > 0:
			target, verdict = fmt.Sprintf("≥ %.1f %s", f.least, f.unit), "pass"
		}
		if f.target > 0 && f.value > f.target || f.value < f.least {
			verdict = "MISS"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.2f %s\t%s\t%s\n", f.name, f.stride, f.yardstick, f.value, f.unit, target, verdict)
	}
	return table.Flush()
}

// median returns the middle of some values, which it sorts.
func median(values []time.Duration) time.Duration {
	slices.Sort(values)
	return values[len(values)/2]
}

// ratio compares two durations, which are medians.
func ratio(name string, stride, yardstick time.Duration, target float64) figure {
	return figure{
		name: name, stride: milliseconds(stride), yardstick: milliseconds(yardstick),
		value: float64(stride) / float64(yardstick), unit: "×", target: target,
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }
