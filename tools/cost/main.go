// Cost estimates what a month costs: of a thousand runners, and of nobody.
//
//	cost build/cdk.out
//
// Request units and the number of calls are those of docs/table.md, where a
// test measures them; the functions' own times are those that `make durations`
// has measured of the real programs; what has a price by the month is counted
// in the templates. Prices and habits are assumptions, and stand here.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/stride-run/stride/internal/route"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("want the folder of the templates, have %q: make cost", args)
	}
	table, err := os.ReadFile("docs/table.md")
	if err != nil {
		return fmt.Errorf("read units: %w", err)
	}
	times, err := os.ReadFile("tools/cost/durations.json")
	if err != nil {
		return fmt.Errorf("read durations: %w", err)
	}
	s := sources{requests: measured(string(table))}
	if err := json.Unmarshal(times, &s.own); err != nil {
		return fmt.Errorf("read durations: %w", err)
	}
	if s.standing, err = countStanding(args[0]); err != nil {
		return err
	}
	return s.write(w)
}

// Prices in USD, us-east-1, without any free tier. Those of DynamoDB, Lambda
// and the HTTP API were read on price pages of 2025 and 2026; the others are
// older or from memory. Check them before you rely on a sum.
const (
	perCall       = 1.00 / 1e6         // HTTP API
	perInvocation = 0.20 / 1e6         // Lambda
	perGBSecond   = 0.0000133334       // Lambda, arm64
	perReadUnit   = 0.125 / 1e6        // DynamoDB on demand
	perWriteUnit  = 0.625 / 1e6        //
	perGBStored   = 0.25 + 0.20        // DynamoDB, and point-in-time recovery, a month
	perGBSent     = 0.085              // CloudFront
	perRequest    = 0.01/1e4 + 0.1/1e6 // CloudFront, and its function
	perGBLogged   = 0.50               // CloudWatch
	perTrace      = 5.00 / 1e6         // X-Ray; 100,000 a month are free
	freeTraces    = 100_000.0
)

// An operation is one kind of request, as often as a runner makes it in a
// month. How often is a guess at somebody who trains four times a week.
type operation struct {
	name     string
	row      string // in docs/table.md and durations.json
	function string
	times    float64
	kB       float64 // sent
}

var month = []operation{
	{"generate a plan", generate, "generate", 3, 30},
	{"register (a tenth of the runners is new)", "Register", "register", 0.1, 2},
	{"sign in", "Sign in", "login", 1, 2},
	{"refresh", "Refresh", "refresh", 40, 2},
	{"save a plan (every fourth month)", "Save a plan of 18 weeks × 5 runs", "plans", 0.25, 30},
	{"read a plan", "Read a plan of 18 × 5", "plans", 10, 30},
	{"read the calendar", "Calendar of 18 weeks, one active plan", "workouts", 30, 30},
	{"mark a workout done", "Mark a workout done, with a note", "plans", 17, 2},
	{"list plans", "List 10 plans", "plans", 5, 8},
}

// generate is the one operation without a table.
const generate = "Generate a plan"

const (
	runners    = 1000
	storedKB   = 60.0 // of a runner in the table
	loggedKB   = 1.8  // of a request: the function's line, the platform's three, and the API's
	siteKB     = 100.0
	siteVisits = 20.0 // a month
	// callMillis is one call to DynamoDB from a function near it.
	callMillis = 5.0
	// fullCore is the memory that buys a whole core; a function with less
	// has a part of one, and computes for as much longer.
	fullCore = 1769.0
	coldRate = 0.02 // of the calls start a process, which is billed
	coldMS   = 80.0
)

// sources are what is measured.
type sources struct {
	requests map[string]request
	own      map[string]float64 // ms on a full core, without the stores
	standing standing
}

// millis is how long a function runs for an operation.
func (s sources) millis(o operation, f route.Function) float64 {
	return s.own[o.row]*max(1, fullCore/float64(f.MemoryMB)) + s.requests[o.row].calls*callMillis + coldRate*coldMS
}

func (s sources) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "A month of %d runners\ttimes each\tread units\twrite units\tms × MB\tUSD\n", runners)
	total, calls := 0.0, 0.0
	for _, o := range month {
		u, known := s.requests[o.row]
		if !known && o.row != generate {
			return fmt.Errorf("docs/table.md has no row %q", o.row)
		}
		if s.own[o.row] == 0 {
			return fmt.Errorf("durations.json has no %q: make durations", o.row)
		}
		f, ok := route.FunctionNamed(o.function)
		if !ok {
			return fmt.Errorf("there is no function %s", o.function)
		}
		millis := s.millis(o, f)
		each := perCall + perRequest + perInvocation + millis/1000*float64(f.MemoryMB)/1024*perGBSecond +
			u.read*perReadUnit + u.write*perWriteUnit + o.kB/1e6*perGBSent + loggedKB/1e6*perGBLogged
		cost := each * o.times * runners
		total += cost
		calls += o.times
		fmt.Fprintf(t, "%s\t%g\t%g\t%g\t%.0f × %d\t%.3f\n", o.name, o.times, u.read, u.write, millis, f.MemoryMB, cost)
	}
	stored := storedKB * runners / 1e6 * perGBStored
	site := runners * siteVisits * (siteKB/1e6*perGBSent + 10*perRequest)
	traces := max(0, calls*runners-freeTraces) * perTrace
	idle := s.standing.usd(true)
	fmt.Fprintf(t, "storage and backup\t\t\t\t%g kB each\t%.3f\n", storedKB, stored)
	fmt.Fprintf(t, "site\t%g\t\t\t%g kB each\t%.3f\n", siteVisits, siteKB, site)
	fmt.Fprintf(t, "traces (were every call traced)\t\t\t\t100,000 free\t%.3f\n", traces)
	fmt.Fprintf(t, "what nobody costs, see below\t\t\t\t\t%.3f\n", idle)
	fmt.Fprintf(t, "together, %.0f calls each\t\t\t\t\t%.2f\n\n", calls, total+stored+site+traces+idle)
	s.standing.write(t)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, `
Measured: request units and calls (docs/table.md), the functions' own times (make
durations, on one x86-64 machine), what stands (the templates). Assumed: prices,
habits, 5 ms for a call to DynamoDB, starts; tools/cost has each. us-east-1, no
free tier but where said.
`)
	return err
}
