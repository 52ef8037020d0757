package stacks

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// newDashboard shows on one page what runners do, what they wait for, and what
// the alarms look at. Each function's numbers are Lambda's own, and those of
// each route are read from the log when somebody looks, so that neither costs
// a metric.
func newDashboard(stack awscdk.Stack, c Config, d data, a api) {
	graph := func(title string, left ...awscloudwatch.IMetric) awscloudwatch.IWidget {
		return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: &title, Left: &left, Width: number(12), Height: number(6)})
	}
	own := func(name, statistic, label string) awscloudwatch.IMetric {
		return labelled(measured(*c.namespace(), name, statistic, nil), label)
	}
	each := func(title, name, statistic string) awscloudwatch.IWidget {
		var functions []awscloudwatch.IMetric
		for _, f := range c.Functions {
			if f.Trigger == route.Rotation { // of another stack, and seldom
				continue
			}
			m := measured("AWS/Lambda", name, statistic, map[string]*string{"FunctionName": a.functions[f.Name].FunctionName()})
			functions = append(functions, labelled(m, f.Name))
		}
		return graph(title, functions...)
	}
	var done, waiting []awscloudwatch.IMetric
	for _, name := range c.counted() {
		done = append(done, own(name, "Sum", name))
	}
	for _, f := range c.Functions {
		if q, ok := d.queues[f.Name]; ok {
			waiting = append(waiting, labelled(measured("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", map[string]*string{"QueueName": q.live.QueueName()}), f.Name))
		}
	}
	rows := [][]awscloudwatch.IWidget{
		{graph("What runners do", done...), graph("Requests, refusals and failures", a.measured("Count", "Sum"), own(metric.Refusals, "Sum", "refused"), a.measured("5xx", "Sum"))},
		{
			graph("Latency of the API, ms", a.measured("Latency", "p50"), a.measured("Latency", "p99")),
			graph("Worked on a request, ms", own(metric.Duration, "p50", "half"), own(metric.Duration, "p99", "99 of 100")),
		},
		{a.routes(c), graph("New processes: how many, and ms until they are ready", own(metric.ColdStart, "SampleCount", "started"), own(metric.ColdStart, "p99", "ms, 99 of 100"))},
		{each("Calls of each function", "Invocations", "Sum"), each("Duration of each function, p99, ms", "Duration", "p99")},
		{each("Errors of each function", "Errors", "Sum"), each("At the same time", "ConcurrentExecutions", "Maximum")},
		{graph("Age of the oldest message, s", waiting...), graph("Age of the signing keys, days", own(metric.KeyAge, "Maximum", "days"))},
	}
	board := awscloudwatch.NewDashboard(stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{DashboardName: jsii.Sprintf("stride-%s", c.Stage)})
	for _, row := range rows {
		board.AddWidgets(row...)
	}
}

func labelled(m awscloudwatch.Metric, label string) awscloudwatch.IMetric {
	return m.With(&awscloudwatch.MetricOptions{Label: &label})
}

// counted are the metrics that routes count, in the order of the table.
func (c Config) counted() []string {
	var names []string
	for _, r := range c.Routes {
		if r.Counts != "" && !slices.Contains(names, r.Counts) {
			names = append(names, r.Counts)
		}
	}
	return names
}

// logsInAQuery is how many log groups one query may read.
const logsInAQuery = 50

// routes reads the log of the functions: how often each route was asked, how
// it went, and how long it took.
func (a api) routes(c Config) awscloudwatch.IWidget {
	var groups []*string
	for _, f := range c.Functions {
		if f.Trigger == route.HTTP && len(groups) < logsInAQuery {
			groups = append(groups, a.functions[f.Name].LogGroup().LogGroupName())
		}
	}
	return awscloudwatch.NewLogQueryWidget(&awscloudwatch.LogQueryWidgetProps{
		Title: jsii.String("Routes"), View: awscloudwatch.LogQueryVisualizationType_TABLE, Width: number(12), Height: number(6),
		LogGroupNames: &groups,
		QueryLines: jsii.Strings(
			`filter message = "request"`,
			"stats count(*) as calls, pct("+metric.Duration+", 50) as ms, pct("+metric.Duration+", 99) as ms_99 by route, status",
			"sort calls desc",
		),
	})
}
