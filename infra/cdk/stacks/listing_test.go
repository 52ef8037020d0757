package stacks_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/infra/cdk/stacks"
)

var update = flag.Bool("update", false, "write the listing anew")

// telling are the properties by which a reviewer knows a resource.
var telling = map[string][]string{
	"AWS::ApiGatewayV2::Authorizer":         {"AuthorizerType", "JwtConfiguration"},
	"AWS::ApiGatewayV2::Route":              {"RouteKey", "AuthorizationType"},
	"AWS::CloudFront::Function":             {"Name"},
	"AWS::CloudWatch::Alarm":                {"Threshold", "EvaluationPeriods", "TreatMissingData"},
	"AWS::DynamoDB::GlobalTable":            {"KeySchema", "BillingMode", "TimeToLiveSpecification", "Replicas"},
	"AWS::Events::Rule":                     {"ScheduleExpression"},
	"AWS::Lambda::EventSourceMapping":       {"BatchSize", "ScalingConfig", "FunctionResponseTypes"},
	"AWS::Lambda::Function":                 {"Runtime", "Architectures", "MemorySize", "Timeout", "ReservedConcurrentExecutions"},
	"AWS::Lambda::Permission":               {"Principal"},
	"AWS::Logs::LogGroup":                   {"RetentionInDays"},
	"AWS::Logs::MetricFilter":               {"FilterPattern"},
	"AWS::Route53::RecordSet":               {"Name", "Type"},
	"AWS::S3::Bucket":                       {"VersioningConfiguration", "LifecycleConfiguration"},
	"AWS::SNS::Subscription":                {"Protocol", "Endpoint"},
	"AWS::SQS::Queue":                       {"VisibilityTimeout", "MessageRetentionPeriod"},
	"AWS::SecretsManager::RotationSchedule": {"RotationRules", "RotateImmediatelyOnUpdate"},
	"AWS::WAFv2::WebACL":                    {"Scope"},
	theStack:                                {"StackName", "TerminationProtection"},
}

// TestListing holds every resource against testdata/stacks.txt: what is there,
// under which logical id, and what becomes of it when it goes. The id is the
// identity of a resource in AWS. One that changes is a new and empty table, an
// issuer under another name, or a secret without the pepper; nothing else
// would say so before the deployment. It lists the sample tables with every
// setting, so that a new function changes nothing here. Anew: make examples.
func TestListing(t *testing.T) {
	const file = "testdata/stacks.txt"
	got := everything(t).listing()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the stacks are others than those of %s; if that is meant, make examples (-want +got):\n%s", file, diff)
	}
}

func (e estate) listing() string {
	var out strings.Builder
	for _, stack := range stacks.Names {
		fmt.Fprintf(&out, "%s\n", stack)
		for _, id := range slices.Sorted(maps.Keys(e[stack])) {
			r := e[stack][id]
			fmt.Fprintf(&out, "  %s  %s", id, strings.TrimPrefix(r.Type, "AWS::"))
			if r.DeletionPolicy != "" {
				fmt.Fprintf(&out, "  %s", r.DeletionPolicy)
			}
			for _, name := range telling[r.Type] {
				if value := r.at(name); value != nil {
					fmt.Fprintf(&out, "  %s=%s", name, text(value))
				}
			}
			if document := r.at("PolicyDocument", "Statement"); document != nil {
				for _, s := range statements(document) {
					fmt.Fprintf(&out, "  %s=%s", s.effect, strings.Join(s.actions, ","))
				}
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}
