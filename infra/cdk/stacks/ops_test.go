package stacks_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// looks counts the metrics that an alarm looks at, which is what it costs by.
func looks(alarm resource) int {
	if alarm.at("MetricName") != nil {
		return 1
	}
	n := 0
	metrics, _ := alarm.at("Metrics").([]any)
	for _, m := range metrics {
		if m.(map[string]any)["MetricStat"] != nil {
			n++
		}
	}
	return n
}

// TestIdleCostsLittle counts what has a price by the month, in cents: secrets
// (40), metrics that alarms look at (10, ten free), dashboards (three free),
// and what has no place here. Metrics of Stride's own cost 30 in months in
// which they have a value; ten are free.
func TestIdleCostsLittle(t *testing.T) {
	e := current(t)
	looked, own := 0, map[string]bool{}
	for _, alarm := range e.of("AWS::CloudWatch::Alarm") {
		looked += looks(alarm)
	}
	cents := 40*len(e.of("AWS::SecretsManager::Secret")) + 10*max(0, looked-10)
	if looked == 0 || cents > 100 {
		t.Errorf("nobody costs %d cents a month; alarms look at %d metrics", cents, looked)
	}
	if n := len(e.of("AWS::CloudWatch::Dashboard")); n != 1 {
		t.Errorf("%d dashboards; three are free", n)
	}
	for _, kind := range []string{"AWS::Route53::HealthCheck", "AWS::KMS::Key", "AWS::WAFv2::WebACL", "AWS::EC2::VPC"} {
		if n := len(e.of(kind)); n > 0 {
			t.Errorf("%d of %s cost money while nobody runs", n, kind)
		}
	}
	for _, r := range route.Routes {
		own[r.Counts] = r.Counts != ""
	}
	delete(own, "")
	for _, name := range []string{metric.Duration, metric.Refusals, metric.KeyAge, metric.NearLimit, metric.ColdStart} {
		own[name] = true
	}
	if len(own) > 10 {
		t.Errorf("%d metrics of our own; ten are free: %v", len(own), own)
	}
}

// TestAlarmsReachSomebody follows every alarm to its topic, and from there to
// the address. The topic's policy takes the place of the one that lets an
// account's services write, so it has to name them.
func TestAlarmsReachSomebody(t *testing.T) {
	e := everything(t)
	topic := e.named(t, "Ops/Alarms")
	for _, alarm := range e.of("AWS::CloudWatch::Alarm") {
		for _, moment := range []string{"AlarmActions", "OKActions"} {
			if got := text(alarm.at(moment)); got != `[{"Ref":"`+topic.ID+`"}]` {
				t.Errorf("%s: %s go to %s", alarm.ID, moment, got)
			}
		}
	}
	budgets := e.of("AWS::Budgets::Budget")
	if len(budgets) != 1 || !strings.Contains(text(budgets[0].at("NotificationsWithSubscribers")), topic.ID) || !strings.Contains(text(budgets[0].DependsOn), "Policy") {
		t.Errorf("budgets %s after %s", text(budgets), text(budgets[0].DependsOn))
	}
	var writers []string
	for _, s := range e.of("AWS::SNS::TopicPolicy")[0].at("PolicyDocument", "Statement").([]any) {
		statement := resource{Properties: s.(map[string]any)}
		if statement.at("Effect") == "Allow" && statement.at("Action") == "sns:Publish" && statement.at("Condition", "StringEquals", "aws:SourceAccount") != nil {
			writers = append(writers, fmt.Sprint(statement.at("Principal", "Service")))
		}
	}
	if want := []string{"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}; !slices.Equal(writers, want) {
		t.Errorf("the topic takes messages of %q, want %q", writers, want)
	}
	subscriptions := e.of("AWS::SNS::Subscription")
	if len(subscriptions) != 1 || subscriptions[0].at("Endpoint") != "ops@stride.example" || subscriptions[0].at("Protocol") != "email" {
		t.Errorf("subscriptions %s", text(subscriptions))
	}
}

// TestAlarmsAreInTheRunbook holds the alarms against the table of the
// operations manual, both ways.
func TestAlarmsAreInTheRunbook(t *testing.T) {
	manual, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "\n## Alarms\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var told []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z]\w+) \|`).FindAllStringSubmatch(section, -1) {
		told = append(told, row[1])
	}
	want := []string{"Budget", "Unreachable"} // settings
	for _, alarm := range current(t).of("AWS::CloudWatch::Alarm") {
		path, _ := alarm.Metadata["aws:cdk:path"].(string)
		want = append(want, strings.Split(path, "/")[1])
		if !strings.Contains(fmt.Sprint(alarm.at("AlarmDescription")), "docs/operations.md") {
			t.Errorf("%s does not say where it is explained", path)
		}
	}
	slices.Sort(told)
	slices.Sort(want)
	if !slices.Equal(told, want) {
		t.Errorf("the manual explains %q, the stacks have %q", told, want)
	}
	everything(t).named(t, "Ops/Unreachable")
}

// TestDashboardShowsWhatIsMeasured looks for every metric of our own, every
// function and every queue.
func TestDashboardShowsWhatIsMeasured(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, routes route.Table) {
		boards := e.of("AWS::CloudWatch::Dashboard")
		body := strings.ReplaceAll(text(boards[0].at("DashboardBody")), `\`, "")
		names := []string{metric.Duration, metric.Refusals, metric.ColdStart, metric.KeyAge}
		for _, r := range routes {
			if r.Counts != "" {
				names = append(names, r.Counts)
			}
		}
		namespace := metric.Namespace(strings.TrimPrefix(boards[0].at("DashboardName").(string), "stride-"))
		for _, name := range names {
			if !strings.Contains(body, `["`+namespace+`","`+name+`"`) {
				t.Errorf("the dashboard does not show %s of %s", name, namespace)
			}
		}
		for _, f := range functions {
			switch f.Trigger {
			case route.HTTP:
				if log := e.named(t, "Api/"+strings.ToUpper(f.Name[:1])+f.Name[1:]+"Log"); !strings.Contains(body, log.ID) {
					t.Errorf("the table of routes does not read the log of %s", f.Name)
				}
				fallthrough
			case route.Queue:
				if !strings.Contains(body, e.function(t, f.Name).ID) {
					t.Errorf("the dashboard does not show %s", f.Name)
				}
			case route.Rotation:
			}
		}
	})
}

// TestReportsAreCounted reads the filters that make metrics of the platform's
// reports: each function has both.
func TestReportsAreCounted(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		filters := text(e.of("AWS::Logs::MetricFilter"))
		for _, f := range functions {
			name := e.stackOf(f.Name) + "/" + strings.ToUpper(f.Name[:1]) + f.Name[1:]
			log := e.named(t, name+"Log").ID
			for _, want := range []string{
				fmt.Sprintf(`"FilterPattern":"{ $.record.metrics.maxMemoryUsedMB \u003e %d }","LogGroupName":{"Ref":"%s"}`, f.MemoryMB*9/10, log),
				fmt.Sprintf(`"FilterPattern":"{ $.record.metrics.initDurationMs \u003e 0 }","LogGroupName":{"Ref":"%s"}`, log),
			} {
				if !strings.Contains(filters, want) {
					t.Errorf("%s: no filter %s", f.Name, want)
				}
			}
		}
	})
}

func TestStacksHaveRoom(t *testing.T) {
	for _, e := range []estate{current(t), everything(t)} {
		for name, resources := range e {
			if len(resources) > 400 {
				t.Errorf("%s has %d resources, and CloudFormation takes 500", name, len(resources))
			}
		}
	}
}
