package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/route"
)

// namespace is where Stride's own metrics go: those that functions write into
// their logs, and those that are counted there.
func (c Config) namespace() *string { return jsii.Sprintf("Stride/%s", c.Stage) }

// ops tells somebody when runners are not served. It has few alarms, since
// each metric that an alarm looks at costs 0.10 USD a month: two of them add
// up all functions through metrics without dimensions, which Lambda keeps for
// account and region. Where several stages share an account they sound in
// each.
type ops struct {
	stack  awscdk.Stack
	config Config
	topic  awssns.Topic
}

func newOps(stack awscdk.Stack, c Config, d data, a api, w web) {
	o := ops{stack: stack, config: c}
	o.topic = awssns.NewTopic(stack, jsii.String("Alarms"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)})
	if c.AlarmEmail != "" {
		o.topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&c.AlarmEmail, nil))
	}
	http := func(name, statistic string) awscloudwatch.IMetric {
		return metric("AWS/ApiGateway", name, statistic, map[string]*string{"ApiId": a.http.ApiId()})
	}
	o.alarm("ServerErrors", "More than 1 % of the requests failed by our fault.", 1, 3, awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression:   jsii.String("IF(errors > 4, 100 * errors / calls, 0)"),
		UsingMetrics: &map[string]awscloudwatch.IMetric{"errors": http("5xx", "Sum"), "calls": http("Count", "Sum")},
		Period:       minutes(5),
	}))
	o.alarm("Latency", "One request in a hundred took over 3 seconds.", 3000, 3, http("Latency", "p99"))
	o.alarm("Throttles", "Functions were not started, because too many ran.", 0, 2, metric("AWS/Lambda", "Throttles", "Sum", nil))
	o.alarm("FunctionErrors", "Functions ended without an answer: crashed, ran out of time, or could not start.", 2, 2, metric("AWS/Lambda", "Errors", "Sum", nil))
	for _, f := range c.Functions {
		if q, ok := d.queues[f.Name]; ok {
			o.alarm(construct(f.Name)+"DeadLetters", "Messages for "+f.Name+" failed five times and wait.", 0, 1,
				q.dead.MetricApproximateNumberOfMessagesVisible(&awscloudwatch.MetricOptions{Period: minutes(5), Statistic: jsii.String("Maximum")}))
		}
	}
	o.alarm("Memory", "A function came near the memory it has.", 0, 1, metric(*c.namespace(), "NearMemoryLimit", "Sum", nil))
	age := awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: c.namespace(), MetricName: jsii.String("SigningKeyAgeDays"), Statistic: jsii.String("Maximum"),
		Period: awscdk.Duration_Days(number(1)),
	})
	o.add("KeyAge", "Keys were not rotated, or nobody says how old they are.", &awscloudwatch.AlarmProps{
		Metric: age, Threshold: number(rotationDays + 5), EvaluationPeriods: number(2),
		TreatMissingData: awscloudwatch.TreatMissingData_BREACHING,
	})
	if c.Canary {
		o.canary(w.domain)
	}
	o.budget()
	o.dashboard(a, http)
}

func minutes(n int) awscdk.Duration { return awscdk.Duration_Minutes(number(n)) }

func metric(namespace, name, statistic string, dimensions map[string]*string) awscloudwatch.Metric {
	props := &awscloudwatch.MetricProps{Namespace: &namespace, MetricName: &name, Statistic: &statistic, Period: minutes(5)}
	if dimensions != nil {
		props.DimensionsMap = &dimensions
	}
	return awscloudwatch.NewMetric(props)
}

// alarm sounds when a metric is over a threshold for some of its five-minute
// periods in a row. No calls are no fault.
func (o ops) alarm(name, meaning string, over float64, periods int, m awscloudwatch.IMetric) {
	o.add(name, meaning, &awscloudwatch.AlarmProps{
		Metric: m, Threshold: &over, EvaluationPeriods: number(periods),
		TreatMissingData: awscloudwatch.TreatMissingData_NOT_BREACHING,
	})
}

func (o ops) add(name, meaning string, props *awscloudwatch.AlarmProps) {
	props.AlarmDescription = jsii.Sprintf("%s See docs/operations.md.", meaning)
	props.ComparisonOperator = awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD
	alarm := awscloudwatch.NewAlarm(o.stack, &name, props)
	action := awscloudwatchactions.NewSnsAction(o.topic)
	alarm.AddAlarmAction(action)
	alarm.AddOkAction(action)
}

// canary has Route 53 ask from outside whether Stride is up.
func (o ops) canary(domain *string) {
	check := awsroute53.NewCfnHealthCheck(o.stack, jsii.String("Canary"), &awsroute53.CfnHealthCheckProps{
		HealthCheckConfig: &awsroute53.CfnHealthCheck_HealthCheckConfigProperty{
			Type: jsii.String("HTTPS"), FullyQualifiedDomainName: domain, ResourcePath: jsii.String("/api/health"),
			RequestInterval: number(30), FailureThreshold: number(3),
		},
	})
	m := awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String("AWS/Route53"), MetricName: jsii.String("HealthCheckPercentageHealthy"), Statistic: jsii.String("Minimum"),
		DimensionsMap: &map[string]*string{"HealthCheckId": check.AttrHealthCheckId()}, Period: minutes(1),
	})
	unhealthy := awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: jsii.String("100 - healthy"), UsingMetrics: &map[string]awscloudwatch.IMetric{"healthy": m}, Period: minutes(1),
	})
	o.add("Unreachable", "Stride does not answer from outside.", &awscloudwatch.AlarmProps{
		Metric: unhealthy, Threshold: number(50), EvaluationPeriods: number(3), TreatMissingData: awscloudwatch.TreatMissingData_BREACHING,
	})
}

// budget tells of a month that costs, or will cost, more than was thought.
func (o ops) budget() {
	if o.config.BudgetUSD == 0 || o.config.AlarmEmail == "" {
		return
	}
	var notifications []any
	for kind, percent := range map[string]int{"ACTUAL": 80, "FORECASTED": 100} {
		notifications = append(notifications, &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: jsii.String(kind), ComparisonOperator: jsii.String("GREATER_THAN"), Threshold: number(percent),
			},
			Subscribers: []any{&awsbudgets.CfnBudget_SubscriberProperty{SubscriptionType: jsii.String("EMAIL"), Address: &o.config.AlarmEmail}},
		})
	}
	awsbudgets.NewCfnBudget(o.stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: &o.config.BudgetUSD, Unit: jsii.String("USD")},
		},
		NotificationsWithSubscribers: notifications,
	})
}

// dashboard shows on one page what the alarms look at, and each function.
func (o ops) dashboard(a api, http func(name, statistic string) awscloudwatch.IMetric) {
	graph := func(title string, left ...awscloudwatch.IMetric) awscloudwatch.IWidget {
		return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: &title, Left: &left, Width: number(12), Height: number(6)})
	}
	each := func(title, name, statistic string) awscloudwatch.IWidget {
		var all []awscloudwatch.IMetric
		for _, f := range o.config.Functions {
			if f.Trigger == route.Rotation { // of another stack, and seldom
				continue
			}
			m := metric("AWS/Lambda", name, statistic, map[string]*string{"FunctionName": a.functions[f.Name].FunctionName()})
			all = append(all, m.With(&awscloudwatch.MetricOptions{Label: jsii.String(f.Name)}))
		}
		return graph(title, all...)
	}
	rows := [][]awscloudwatch.IWidget{
		{graph("Requests and failures", http("Count", "Sum"), http("4xx", "Sum"), http("5xx", "Sum")), graph("Latency, ms", http("Latency", "p50"), http("Latency", "p99"))},
		{each("Calls of each function", "Invocations", "Sum"), each("Duration of each function, p99, ms", "Duration", "p99")},
		{each("Errors of each function", "Errors", "Sum"), each("At the same time", "ConcurrentExecutions", "Maximum")},
	}
	board := awscloudwatch.NewDashboard(o.stack, jsii.String("Dashboard"), &awscloudwatch.DashboardProps{DashboardName: jsii.String(fmt.Sprintf("stride-%s", o.config.Stage))})
	for _, row := range rows {
		board.AddWidgets(row...)
	}
}
