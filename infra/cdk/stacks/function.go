package stacks

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// A place is what the functions of a stack may be given a right to, and the
// values of the variables that they read. A part that does not exist yet when
// the stack is made is nil, and no function there may ask for it.
type place struct {
	tableARN, uploadsARN, secretARN, issuerARN *string
	queueARNs                                  map[string]*string // by function
	variables                                  map[string]*string
}

// construct is how a function's parts are called: Generate for generate.
func construct(function string) string { return strings.ToUpper(function[:1]) + function[1:] }

// newFunction makes a function of the table: program, role, log group. It
// stands directly below the stack and is called like GenerateFn, since SAM
// finds it by that name.
func newFunction(stack awscdk.Stack, c Config, f route.Function, p place) awslambda.Function {
	name := construct(f.Name)
	logs := awslogs.NewLogGroup(stack, jsii.String(name+"Log"), &awslogs.LogGroupProps{
		Retention:     c.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	role := awsiam.NewRole(stack, jsii.String(name+"Role"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.Sprintf("What Stride's function %s may do", f.Name),
	})
	for _, statement := range append(p.statements(f), allow([]string{"logs:CreateLogStream", "logs:PutLogEvents"}, logs.LogGroupArn())) {
		role.AddToPolicy(statement)
	}
	architecture := awslambda.Architecture_ARM_64()
	if c.Architecture == "amd64" {
		architecture = awslambda.Architecture_X86_64()
	}
	var reserved *float64
	if n, ok := c.ReservedConcurrency[f.Name]; ok {
		reserved = number(n)
	}
	variables := p.environment(f)
	countReports(stack, c, f, logs)
	return awslambda.NewFunction(stack, jsii.String(name+"Fn"), &awslambda.FunctionProps{
		Description:  &f.Purpose,
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: architecture,
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(filepath.Join(c.Assets, c.Architecture, f.Name)), nil),
		MemorySize:   number(f.MemoryMB),
		Timeout:      awscdk.Duration_Millis(jsii.Number(f.Timeout.Milliseconds())),
		Environment:  &variables,
		Role:         role,
		LogGroup:     logs,
		// The platform's report of each call has the memory it took, and
		// comes at level INFO; metrics are made of it.
		LoggingFormat:         awslambda.LoggingFormat_JSON,
		SystemLogLevelV2:      awslambda.SystemLogLevel_INFO,
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_INFO,
		// Adds a right to send traces, on "*": X-Ray has nothing to name.
		Tracing:                      awslambda.Tracing_ACTIVE,
		ReservedConcurrentExecutions: reserved,
	})
}

// countReports makes metrics of the platform's reports: calls that took nine
// tenths of the memory, and the starts of new processes, of all functions into
// one metric each, which costs nothing while there are none.
func countReports(stack awscdk.Stack, c Config, f route.Function, logs awslogs.LogGroup) {
	for _, m := range []struct{ name, metric, pattern, value string }{
		{"NearMemoryLimit", metric.NearLimit, fmt.Sprintf("{ $.record.metrics.maxMemoryUsedMB > %d }", f.MemoryMB*9/10), "1"},
		{"ColdStart", metric.ColdStart, "{ $.record.metrics.initDurationMs > 0 }", "$.record.metrics.initDurationMs"},
	} {
		awslogs.NewMetricFilter(stack, jsii.String(construct(f.Name)+m.name), &awslogs.MetricFilterProps{
			LogGroup: logs, FilterPattern: awslogs.FilterPattern_Literal(&m.pattern),
			MetricNamespace: c.namespace(), MetricName: &m.metric, MetricValue: &m.value,
		})
	}
}

// statements are the rights that the table of functions gives, no more.
func (p place) statements(f route.Function) []awsiam.PolicyStatement {
	var all []awsiam.PolicyStatement
	if f.Table != "" {
		statement := allow(prefixed("dynamodb:", f.Actions), p.tableARN)
		// Every call has to name its partitions, so what a function may see
		// of the one table ends where its keys do.
		var keys []string
		for _, key := range f.Keys {
			keys = append(keys, key+"#*")
		}
		statement.AddCondition(jsii.String("ForAllValues:StringLike"), map[string]any{"dynamodb:LeadingKeys": keys})
		// An empty set of keys satisfies ForAllValues; without a key there is
		// no right.
		statement.AddCondition(jsii.String("Null"), map[string]any{"dynamodb:LeadingKeys": "false"})
		all = append(all, statement)
	}
	all = append(all, p.uploads(f)...)
	if f.Issuer != "" { // who keeps the documents writes them, and reads them as the world does
		all = append(all, allow([]string{"s3:PutObject"}, join(p.issuerARN, "/.well-known/*")))
	}
	if f.Secret != "" {
		actions := []string{"secretsmanager:GetSecretValue"}
		if f.Secret == route.ReadWrite {
			actions = append(actions, "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage")
		}
		all = append(all, allow(actions, p.secretARN))
	}
	if f.Queue != "" {
		all = append(all, allow([]string{"sqs:SendMessage"}, p.queueARNs[f.Queue]))
	}
	return all
}

// uploads are the rights to the bucket of recordings. The keys in it begin
// with the runner's id, which is known in a request only; what comes after it
// is the function's.
func (p place) uploads(f route.Function) []awsiam.PolicyStatement {
	var all []awsiam.PolicyStatement
	var lists []string
	for _, o := range f.Uploads {
		var actions []string
		for _, action := range o.Actions {
			if strings.HasPrefix(action, "List") {
				lists = append(lists, "s3:"+action)
			} else {
				actions = append(actions, "s3:"+action)
			}
		}
		all = append(all, allow(actions, join(p.uploadsARN, "/"+o.Keys)))
	}
	if len(lists) > 0 {
		all = append(all, allow(lists, p.uploadsARN))
	}
	return all
}

func allow(actions []string, resource *string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: &[]*string{resource}})
}

func prefixed(prefix string, words []string) []string {
	words = slices.Clone(words)
	for i := range words {
		words[i] = prefix + words[i]
	}
	return words
}

func join(first *string, rest string) *string {
	return awscdk.Fn_Join(jsii.String(""), &[]*string{first, &rest})
}

// environment has the variables of a function: those of the table, what tells
// requests of the site's distribution from others, and the endpoints of the
// services it calls. These are empty, which counts as not set; they are there
// because SAM can only change what is.
func (p place) environment(f route.Function) map[string]*string {
	variables := map[string]*string{}
	set := func(name string) {
		value, ok := p.variables[name]
		if !ok {
			panic(fmt.Sprintf("function %s reads %s, and no stack gives it a value: add it where the place of its stack is made", f.Name, name))
		}
		variables[name] = value
	}
	for _, name := range f.Environment {
		set(name)
	}
	if f.Trigger == route.HTTP {
		set("STRIDE_ORIGIN_SECRET")
	}
	for service, used := range map[string]bool{
		"DYNAMODB": f.Table != "", "S3": len(f.Uploads) > 0 || f.Issuer != "", "SECRETS_MANAGER": f.Secret != "", "SQS": f.Queue != "",
	} {
		if used {
			variables["AWS_ENDPOINT_URL_"+service] = jsii.String("")
		}
	}
	return variables
}

func (c Config) retention() awslogs.RetentionDays {
	for _, step := range []struct {
		days int
		as   awslogs.RetentionDays
	}{
		{1, awslogs.RetentionDays_ONE_DAY},
		{7, awslogs.RetentionDays_ONE_WEEK},
		{30, awslogs.RetentionDays_ONE_MONTH},
		{90, awslogs.RetentionDays_THREE_MONTHS},
	} {
		if c.LogDays <= step.days {
			return step.as
		}
	}
	return awslogs.RetentionDays_ONE_YEAR
}
