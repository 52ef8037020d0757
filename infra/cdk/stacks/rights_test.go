package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

// A statement is one of a policy.
type statement struct {
	actions, resources []string // resources as JSON, but for texts
	condition          string
	effect             string
}

// policy returns the statements of a function's role.
func (e estate) policy(t *testing.T, function string) []statement {
	t.Helper()
	role := strings.TrimSuffix(strings.SplitN(text(e.function(t, function).at("Role")), `"`, 5)[3], `"`)
	var all []statement
	for _, p := range e.of("AWS::IAM::Policy") {
		if strings.Contains(text(p.at("Roles")), `"`+role+`"`) {
			all = append(all, statements(p.at("PolicyDocument", "Statement"))...)
		}
	}
	r := e.named(t, e.stackOf(function)+"/"+strings.ToUpper(function[:1])+function[1:]+"Role")
	if r.at("ManagedPolicyArns") != nil || r.at("Policies") != nil {
		t.Errorf("%s: its role has policies that are not its own", function)
	}
	return all
}

func (e estate) stackOf(function string) string {
	if slices.ContainsFunc(sampleFunctions, func(f route.Function) bool { return f.Name == function && f.Trigger == route.Rotation }) {
		return "Issuer"
	}
	return "Api"
}

func statements(document any) []statement {
	list, _ := document.([]any)
	var all []statement
	for _, item := range list {
		s, _ := item.(map[string]any)
		all = append(all, statement{actions: texts(s["Action"]), resources: texts(s["Resource"]), condition: text(s["Condition"]), effect: fmt.Sprint(s["Effect"])})
	}
	return all
}

func texts(value any) []string {
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	var all []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			all = append(all, s)
		} else {
			all = append(all, text(item))
		}
	}
	return all
}

// starred are the rights on "*" or with a wildcard that have a reason.
var starred = map[string]string{
	"xray:PutTraceSegments":         "X-Ray has nothing to name",
	"xray:PutTelemetryRecords":      "the same",
	"s3:GetObject":                  "objects of one bucket, or below one prefix",
	"s3:DeleteObjectVersion":        "objects of one bucket",
	"s3:PutObject":                  "the same",
	"s3:PutObjectTagging":           "exports of one bucket; CDK copies the site into the site's bucket",
	"lambda:InvokeFunction":         "CDK's trigger calls versions of keyrotate",
	"s3:GetObject*":                 "CDK copies the site from its own bucket of assets",
	"s3:GetBucket*":                 "the same",
	"s3:List*":                      "the same",
	"s3:DeleteObject*":              "CDK copies the site into the site's bucket",
	"s3:Abort*":                     "the same",
	"s3:PutObjectLegalHold":         "the same",
	"s3:PutObjectRetention":         "the same",
	"s3:PutObjectVersionTagging":    "the same",
	"cloudfront:CreateInvalidation": "CDK empties the distribution's cache after a copy; it asks for all distributions",
	"cloudfront:GetInvalidation":    "the same",
	"s3:*":                          "a bucket refuses everything without TLS",
	"sqs:*":                         "a queue refuses everything without TLS",
}

// onEverything are those on a bare "*".
var onEverything = map[string]bool{
	"xray:PutTraceSegments": true, "xray:PutTelemetryRecords": true,
	"cloudfront:CreateInvalidation": true, "cloudfront:GetInvalidation": true,
}

func TestNoStarWithoutAReason(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		for _, name := range []string{"AWS::IAM::Policy", "AWS::IAM::Role", "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"} {
			for _, p := range e.of(name) {
				documents := []any{p.at("PolicyDocument", "Statement")}
				inline, _ := p.at("Policies").([]any)
				for _, policy := range inline {
					documents = append(documents, resource{Properties: policy.(map[string]any)}.at("PolicyDocument", "Statement"))
				}
				for _, s := range statements(slices.Concat(flatten(documents)...)) {
					s.check(t, p.ID)
				}
			}
		}
	})
}

func flatten(documents []any) [][]any {
	var lists [][]any
	for _, d := range documents {
		list, _ := d.([]any)
		lists = append(lists, list)
	}
	return lists
}

func (s statement) check(t *testing.T, where string) {
	t.Helper()
	onStar := slices.ContainsFunc(s.resources, func(r string) bool { return strings.Contains(r, "*") })
	for _, action := range s.actions {
		if _, ok := onEverything[action]; !ok && slices.Contains(s.resources, "*") {
			t.Errorf("%s: %s on everything there is", where, action)
		}
		if _, ok := starred[action]; !ok && (onStar || strings.Contains(action, "*")) {
			t.Errorf("%s: %s on %v without a reason", where, action, s.resources)
		}
	}
	if len(s.actions) == 1 && strings.HasSuffix(s.actions[0], ":*") && s.effect != "Deny" {
		t.Errorf("%s allows %s", where, s.actions[0])
	}
}

func TestRightsAreThoseOfTheTable(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		for _, f := range functions {
			want := []string{"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}
			for _, action := range f.Actions {
				want = append(want, "dynamodb:"+action)
			}
			for _, o := range f.Uploads {
				for _, action := range o.Actions {
					want = append(want, "s3:"+action)
				}
			}
			if f.Issuer != "" {
				want = append(want, "s3:PutObject")
			}
			want = append(want, map[route.Access][]string{
				route.Read:      {"secretsmanager:GetSecretValue"},
				route.ReadWrite: {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"},
			}[f.Secret]...)
			if f.Queue != "" {
				want = append(want, "sqs:SendMessage")
			}
			if f.Trigger == route.Queue {
				want = append(want, "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueUrl", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
			}
			var got []string
			for _, s := range e.policy(t, f.Name) {
				got = append(got, s.actions...)
				s.checkResource(t, e, f)
				if s.effect != "Allow" {
					t.Errorf("%s: %s", f.Name, s.effect)
				}
				if strings.HasPrefix(s.actions[0], "dynamodb:") {
					var keys []string
					for _, key := range f.Keys {
						keys = append(keys, key+"#*")
					}
					want := text(map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": keys}, "Null": map[string]string{"dynamodb:LeadingKeys": "false"}})
					if s.condition != want {
						t.Errorf("%s: condition %s, want %s", f.Name, s.condition, want)
					}
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s may %q, want %q", f.Name, got, want)
			}
		}
	})
}

// checkResource holds the place of a right against the part of the estate
// that it is for.
func (s statement) checkResource(t *testing.T, e estate, f route.Function) {
	t.Helper()
	name := strings.ToUpper(f.Name[:1]) + f.Name[1:]
	parts := map[string]string{"dynamodb:": "Data/Table", "secretsmanager:": "Issuer/Secret", "logs:": e.stackOf(f.Name) + "/" + name + "Log"}
	switch action := s.actions[0]; {
	case strings.HasPrefix(action, "s3:") && f.Issuer != "":
		parts["s3:"] = "Issuer/Documents"
	case strings.HasPrefix(action, "s3:"):
		parts["s3:"] = "Data/Uploads"
	case action == "sqs:SendMessage":
		parts["sqs:"] = "Data/" + strings.ToUpper(f.Queue[:1]) + f.Queue[1:] + "Queue"
	case strings.HasPrefix(action, "sqs:"):
		parts["sqs:"] = "Data/" + name + "Queue"
	}
	service, _, _ := strings.Cut(s.actions[0], ":")
	part, ok := parts[service+":"]
	if !ok {
		return // X-Ray
	}
	if id := e.named(t, part).ID; len(s.resources) != 1 || !strings.Contains(s.resources[0], id) {
		t.Errorf("%s: %q on %s, want %s (%s)", f.Name, s.actions, s.resources, part, id)
	}
}

func TestGenerateHasNoRightToTheTable(t *testing.T) {
	for _, s := range current(t).policy(t, "generate") {
		for _, action := range s.actions {
			if !strings.HasPrefix(action, "logs:") && !strings.HasPrefix(action, "xray:") {
				t.Errorf("generate may %s", action)
			}
		}
	}
}
