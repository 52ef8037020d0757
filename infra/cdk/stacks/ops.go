package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/metric"
)

// namespace is where Stride's own metrics go: those that functions write into
// their logs, and those that are counted there.
func (c Config) namespace() *string { return jsii.String(metric.Namespace(c.Stage)) }

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
	o := ops{stack: stack, config: c, topic: newTopic(stack, c)}
	o.alarm("ServerErrors", "More than 1 % of the requests failed by our fault.", 1, 3, awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression:   jsii.String("IF(errors > 4, 100 * errors / calls, 0)"),
		UsingMetrics: &map[string]awscloudwatch.IMetric{"errors": a.measured("5xx", "Sum"), "calls": a.measured("Count", "Sum")},
		Period:       minutes(5),
	}))
	o.alarm("Latency", "One request in a hundred took over 3 seconds.", 3000, 3, a.measured("Latency", "p99"))
	o.alarm("Throttles", "Functions were not started, because too many ran.", 0, 2, measured("AWS/Lambda", "Throttles", "Sum", nil))
	o.alarm("FunctionErrors", "Functions ended without an answer: crashed, ran out of time, or could not start.", 2, 2, measured("AWS/Lambda", "Errors", "Sum", nil))
	// What is in a queue is a promise that was made to a runner.
	ages, every := map[string]awscloudwatch.IMetric{}, ""
	for _, f := range c.Functions {
		q, ok := d.queues[f.Name]
		if !ok {
			continue
		}
		of := &awscloudwatch.MetricOptions{Period: minutes(5), Statistic: jsii.String("Maximum")}
		o.alarm(construct(f.Name)+"DeadLetters", "Messages for "+f.Name+" failed five times and wait.", 0, 1,
			q.dead.MetricApproximateNumberOfMessagesVisible(of))
		ages[f.Name] = q.live.MetricApproximateAgeOfOldestMessage(of)
		every += "," + f.Name
	}
	if len(ages) > 0 {
		o.alarm("Waiting", "A message has waited for over a quarter of an hour.", 900, 3, awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
			Expression: jsii.Sprintf("MAX([%s])", every[1:]), UsingMetrics: &ages, Period: minutes(5),
		}))
	}
	o.alarm("Memory", "A function came near the memory it has.", 0, 1, measured(*c.namespace(), metric.NearLimit, "Sum", nil))
	o.add("KeyAge", "Keys were not rotated, or nobody says how old they are.", &awscloudwatch.AlarmProps{
		Metric: awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace: c.namespace(), MetricName: jsii.String(metric.KeyAge), Statistic: jsii.String("Maximum"),
			Period: awscdk.Duration_Days(number(1)),
		}),
		Threshold: number(rotationDays + 5), EvaluationPeriods: number(2),
		TreatMissingData: awscloudwatch.TreatMissingData_BREACHING,
	})
	if c.Canary {
		o.canary(w.domain)
	}
	if c.BudgetUSD > 0 {
		o.budget()
	}
	newDashboard(stack, c, d, a)
}

// newTopic makes what alarms and the budget write to. A policy of its own
// takes the place of the one that would let the account's services write, so
// it has to name them.
func newTopic(stack awscdk.Stack, c Config) awssns.Topic {
	topic := awssns.NewTopic(stack, jsii.String("Alarms"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)})
	for _, service := range []string{"cloudwatch.amazonaws.com", "budgets.amazonaws.com"} {
		topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(&service, nil)},
			Actions:    jsii.Strings("sns:Publish"),
			Resources:  &[]*string{topic.TopicArn()},
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()}},
		}))
	}
	if c.AlarmEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&c.AlarmEmail, nil))
	} else if c.Production {
		awscdk.Annotations_Of(stack).AddWarningV2(jsii.String("stride:nobody-is-told"),
			jsii.Sprintf("stage %s has no alarm_email: its alarms sound where nobody hears them", c.Stage))
	}
	return topic
}

func minutes(n int) awscdk.Duration { return awscdk.Duration_Minutes(number(n)) }

// measured is a metric of five minutes.
func measured(namespace, name, statistic string, dimensions map[string]*string) awscloudwatch.Metric {
	props := &awscloudwatch.MetricProps{Namespace: &namespace, MetricName: &name, Statistic: &statistic, Period: minutes(5)}
	if dimensions != nil {
		props.DimensionsMap = &dimensions
	}
	return awscloudwatch.NewMetric(props)
}

// measured is a metric of the API as a whole.
func (a api) measured(name, statistic string) awscloudwatch.IMetric {
	return measured("AWS/ApiGateway", name, statistic, map[string]*string{"ApiId": a.http.ApiId()})
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

// budget tells of a month that costs, or will cost, more than was thought. It
// sees the whole account.
func (o ops) budget() {
	var notifications []any
	for _, n := range []struct {
		kind    string
		percent int
	}{{"ACTUAL", 80}, {"FORECASTED", 100}} {
		notifications = append(notifications, &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: jsii.String(n.kind), ComparisonOperator: jsii.String("GREATER_THAN"), Threshold: number(n.percent),
			},
			Subscribers: []any{&awsbudgets.CfnBudget_SubscriberProperty{SubscriptionType: jsii.String("SNS"), Address: o.topic.TopicArn()}},
		})
	}
	budget := awsbudgets.NewCfnBudget(o.stack, jsii.String("Budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetType: jsii.String("COST"), TimeUnit: jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{Amount: &o.config.BudgetUSD, Unit: jsii.String("USD")},
		},
		NotificationsWithSubscribers: notifications,
	})
	budget.Node().AddDependency(o.topic) // AWS asks whether it may write, so the topic's policy comes first
}
