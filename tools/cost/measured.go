package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// A request is what one kind of request does in the table.
type request struct{ calls, read, write float64 }

// measured reads the rows of docs/table.md that end in three numbers.
func measured(document string) map[string]request {
	rows := map[string]request{}
	for line := range strings.Lines(document) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 4 {
			continue
		}
		var numbers [3]float64
		ok := true
		for i := range numbers {
			n, err := strconv.ParseFloat(strings.TrimSpace(cells[len(cells)-3+i]), 64)
			numbers[i], ok = n, ok && err == nil
		}
		if ok {
			rows[strings.TrimSpace(cells[0])] = request{numbers[0], numbers[1], numbers[2]}
		}
	}
	return rows
}

// standing is what has a price by the month, whether anybody runs or not.
type standing struct{ secrets, looks, boards, checks, firewalls int }

// countStanding counts it in the templates.
func countStanding(folder string) (standing, error) {
	var s standing
	files, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil || len(files) == 0 {
		return s, fmt.Errorf("no templates in %q: make synth", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // it was found in the folder
		if err != nil {
			return s, fmt.Errorf("read template: %w", err)
		}
		var t struct {
			Resources map[string]struct {
				Type       string
				Properties struct {
					MetricName any
					Metrics    []struct{ MetricStat any }
				}
			}
		}
		if err := json.Unmarshal(text, &t); err != nil {
			return s, fmt.Errorf("read %s: %w", file, err)
		}
		for _, r := range t.Resources {
			switch r.Type {
			case "AWS::SecretsManager::Secret":
				s.secrets++
			case "AWS::CloudWatch::Dashboard":
				s.boards++
			case "AWS::Route53::HealthCheck":
				s.checks++
			case "AWS::WAFv2::WebACL":
				s.firewalls++
			case "AWS::CloudWatch::Alarm": // costs by what it looks at
				if r.Properties.MetricName != nil {
					s.looks++
				}
				for _, m := range r.Properties.Metrics {
					if m.MetricStat != nil {
						s.looks++
					}
				}
			}
		}
	}
	return s, nil
}

// Prices in USD a month, and how many of each are free in every account.
const (
	perSecret   = 0.40
	perLook     = 0.10 // a metric that an alarm looks at
	freeLooks   = 10
	perBoard    = 3.00
	freeBoards  = 3
	perCheck    = 2.00
	perFirewall = 5 + 2*1.00 // with its two groups of rules
	perMetric   = 0.30       // of our own, in a month in which it has values all the time
	freeMetrics = 10
)

// ownMetrics are those that somebody who runs brings to life.
func ownMetrics() int {
	names := map[string]bool{metric.Duration: true, metric.Refusals: true, metric.KeyAge: true, metric.NearLimit: true, metric.ColdStart: true}
	for _, r := range route.Routes {
		if r.Counts != "" {
			names[r.Counts] = true
		}
	}
	return len(names)
}

// usd is the price of a month, with what is free in an account that has
// nothing else, or as if nothing were free.
func (s standing) usd(free bool) float64 {
	looks, boards, metrics := s.looks, s.boards, ownMetrics()
	if free {
		looks, boards, metrics = max(0, looks-freeLooks), max(0, boards-freeBoards), max(0, metrics-freeMetrics)
	}
	return float64(s.secrets)*perSecret + float64(looks)*perLook + float64(boards)*perBoard +
		float64(s.checks)*perCheck + float64(s.firewalls)*perFirewall + float64(metrics)*perMetric
}

func (s standing) write(w io.Writer) {
	fmt.Fprintf(w, "A month of nobody: %d secret, %d metrics of alarms (%d free), %d dashboard (%d free), %d metrics of our own (%d free), %d checks from outside, %d firewalls\t\t\t\t\t%.2f\n",
		s.secrets, s.looks, freeLooks, s.boards, freeBoards, ownMetrics(), freeMetrics, s.checks, s.firewalls, s.usd(true))
	fmt.Fprintf(w, "the same, were nothing free, and somebody there every hour\t\t\t\t\t%.2f\n", s.usd(false))
}
