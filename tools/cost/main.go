// Cost estimates what a month costs: of a thousand runners, and of nobody. The
// request units are those that docs/table.md holds, where a test measures
// them; everything else it takes for granted is in this file, and it says so.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/stride-run/stride/internal/route"
)

func main() {
	table, err := os.ReadFile("docs/table.md")
	if err == nil {
		err = write(os.Stdout, string(table))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
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
	perSecret     = 0.40               // Secrets Manager, a month
	perAlarm      = 0.10               // a metric of an alarm, a month; ten are free
	perBoard      = 3.00               // a dashboard, a month; three are free
)

// An operation is one kind of request, as often as a runner makes it in a
// month. How often is a guess at somebody who trains four times a week.
type operation struct {
	name     string
	row      string // in docs/table.md; "": it needs no table
	function string
	times    float64
	// millis is how long the function runs at its memory. Register and sign
	// in were measured as CPU time of bcrypt at cost 12 (280 ms); the others
	// are guesses, three calls to DynamoDB of some 5 ms each. Measure after
	// the first deployment.
	millis float64
	kB     float64 // sent
}

var month = []operation{
	{"generate a plan", "", "generate", 3, 8, 30},
	{"register (a tenth of the runners is new)", "Register", "register", 0.1, 310, 2},
	{"sign in", "Sign in", "login", 1, 320, 2},
	{"refresh", "Refresh", "refresh", 40, 25, 2},
	{"save a plan (every fourth month)", "Save a plan of 18 weeks × 5 runs", "plans", 0.25, 40, 30},
	{"read a plan", "Read a plan of 18 × 5", "plans", 10, 25, 30},
	{"read the calendar", "Calendar of 18 weeks, one active plan", "workouts", 30, 25, 30},
	{"mark a workout done", "Mark a workout done, with a note", "plans", 17, 30, 2},
	{"list plans", "List 10 plans", "plans", 5, 15, 8},
}

const (
	runners    = 1000
	storedKB   = 60.0 // of a runner in the table
	loggedKB   = 1.5  // of a request
	siteKB     = 100.0
	siteVisits = 20.0 // a month
	alarms     = 9
)

// units are the request units of a row.
type units struct{ read, write float64 }

// measured reads the rows of docs/table.md that end in two numbers.
func measured(document string) map[string]units {
	rows := map[string]units{}
	for line := range strings.Lines(document) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 3 {
			continue
		}
		read, errRead := strconv.ParseFloat(strings.TrimSpace(cells[len(cells)-2]), 64)
		write, errWrite := strconv.ParseFloat(strings.TrimSpace(cells[len(cells)-1]), 64)
		if errRead == nil && errWrite == nil {
			rows[strings.TrimSpace(cells[0])] = units{read, write}
		}
	}
	return rows
}

func write(w io.Writer, document string) error {
	rows := measured(document)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "A month of %d runners\ttimes each\tread units\twrite units\tms × MB\tUSD\n", runners)
	total, calls := 0.0, 0.0
	for _, o := range month {
		u, ok := rows[o.row]
		if !ok && o.row != "" {
			return fmt.Errorf("docs/table.md has no row %q", o.row)
		}
		f, ok := route.FunctionNamed(o.function)
		if !ok {
			return fmt.Errorf("there is no function %s", o.function)
		}
		each := perCall + perRequest + perInvocation + o.millis/1000*float64(f.MemoryMB)/1024*perGBSecond +
			u.read*perReadUnit + u.write*perWriteUnit + o.kB/1e6*perGBSent + loggedKB/1e6*perGBLogged
		cost := each * o.times * runners
		total += cost
		calls += o.times
		fmt.Fprintf(t, "%s\t%g\t%g\t%g\t%g × %d\t%.3f\n", o.name, o.times, u.read, u.write, o.millis, f.MemoryMB, cost)
	}
	stored := storedKB * runners / 1e6 * perGBStored
	site := runners * siteVisits * (siteKB/1e6*perGBSent + 10*perRequest)
	fmt.Fprintf(t, "storage and backup\t\t\t\t%g kB each\t%.3f\n", storedKB, stored)
	fmt.Fprintf(t, "site\t%g\t\t\t%g kB each\t%.3f\n", siteVisits, siteKB, site)
	fmt.Fprintf(t, "together, %.0f calls each\t\t\t\t\t%.2f\n\n", calls, total+stored+site)
	fmt.Fprintf(t, "A month of nobody\t\t\t\t\t%.2f\n", perSecret)
	fmt.Fprintf(t, "the same, were nothing free (%d metrics of alarms, a dashboard)\t\t\t\t\t%.2f\n", alarms, perSecret+alarms*perAlarm+perBoard)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, "\nUnits are measured (docs/table.md). Prices, habits and all durations but bcrypt's\nare assumptions: tools/cost/main.go has each. us-east-1, no free tier but where said.\n")
	return err
}
