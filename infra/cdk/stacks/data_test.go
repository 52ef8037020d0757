package stacks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

func TestProductionKeepsItsData(t *testing.T) {
	for _, tt := range []struct {
		name      string
		e         estate
		protected bool
		deletion  string
	}{
		{"production", everything(t), true, "Retain"},
		{"dev", current(t), false, "Delete"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := tt.e.of("AWS::DynamoDB::GlobalTable")
			if len(table) != 1 {
				t.Fatalf("%d tables", len(table))
			}
			replica := text(table[0].at("Replicas"))
			if !strings.Contains(replica, `"PointInTimeRecoveryEnabled":true`) || strings.Contains(replica, `"DeletionProtectionEnabled":true`) != tt.protected {
				t.Errorf("table: %s", replica)
			}
			for _, path := range []string{"Data/Table", "Data/Uploads", "Issuer/Secret", "Issuer/Documents"} {
				if got := tt.e.named(t, path).DeletionPolicy; got != tt.deletion {
					t.Errorf("%s: %s, want %s", path, got, tt.deletion)
				}
			}
			for _, stack := range tt.e.of(theStack) {
				if stack.at("TerminationProtection") != tt.protected {
					t.Errorf("%v: termination protection %v, want %v", stack.at("StackName"), !tt.protected, tt.protected)
				}
			}
			policies := text(tt.e.of("AWS::SecretsManager::ResourcePolicy"))
			if denies := strings.Contains(policies, `"Action":"secretsmanager:DeleteSecret","Effect":"Deny"`); denies != tt.protected {
				t.Errorf("the secret refuses to be deleted: %v, want %v", denies, tt.protected)
			}
		})
	}
}

func TestTable(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		table := e.of("AWS::DynamoDB::GlobalTable")[0]
		for field, want := range map[string]any{
			"BillingMode":             "PAY_PER_REQUEST",
			"KeySchema":               []map[string]string{{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}},
			"TimeToLiveSpecification": map[string]any{"AttributeName": "expires_at", "Enabled": true},
			"GlobalSecondaryIndexes":  nil,
		} {
			if text(table.at(field)) != text(want) {
				t.Errorf("%s = %s, want %s", field, text(table.at(field)), text(want))
			}
		}
		if table.at("WriteOnDemandThroughputSettings", "MaxWriteRequestUnits") == nil || !strings.Contains(text(table.at("Replicas")), "MaxReadRequestUnits") {
			t.Error("a loop that runs wild could write and read without end")
		}
	})
}

func TestBucketsArePrivate(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		policies := text(e.of("AWS::S3::BucketPolicy"))
		for _, bucket := range e.of("AWS::S3::Bucket") {
			if text(bucket.at("PublicAccessBlockConfiguration")) != `{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}` {
				t.Errorf("%s: %s", bucket.ID, text(bucket.at("PublicAccessBlockConfiguration")))
			}
			if !strings.Contains(policies, `"Bucket":{"Ref":"`+bucket.ID+`"}`) || !strings.Contains(policies, `{"Bool":{"aws:SecureTransport":"false"}}`) {
				t.Errorf("%s takes requests without TLS", bucket.ID)
			}
		}
	})
}

// TestOriginalsStay reads every rule of the bucket of recordings: none may
// end or move what is current.
func TestOriginalsStay(t *testing.T) {
	uploads := everything(t).named(t, "Data/Uploads")
	if uploads.at("VersioningConfiguration", "Status") != "Enabled" {
		t.Error("a recording that is overwritten is lost")
	}
	rules, _ := uploads.at("LifecycleConfiguration", "Rules").([]any)
	if len(rules) == 0 {
		t.Error("what was deleted stays for ever")
	}
	ends := 0
	for _, rule := range rules {
		if text(rule) == `{"ExpirationInDays":1,"NoncurrentVersionExpiration":{"NoncurrentDays":1},"Status":"Enabled","TagFilters":[{"Key":"ends","Value":"after_a_day"}]}` {
			ends++ // exports alone have that tag
			continue
		}
		for name := range rule.(map[string]any) {
			switch name {
			case "AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker", "NoncurrentVersionExpiration", "Status":
			default:
				t.Errorf("a rule has %s, which may touch originals: %s", name, text(rule))
			}
		}
	}
	if ends != 1 {
		t.Errorf("%d rules end exports", ends)
	}
	cors := text(uploads.at("CorsConfiguration"))
	if !strings.Contains(cors, `"AllowedOrigins":["https://stride.example","https://app.example"]`) {
		t.Errorf("recordings come from %s", cors)
	}
}

// TestBucketTellsOfUploads: the queue takes messages of buckets of this
// account, and the bucket is made after it does, since S3 tries that.
func TestBucketTellsOfUploads(t *testing.T) {
	both(t, func(t *testing.T, e estate, functions []route.Function, _ route.Table) {
		uploads := e.named(t, "Data/Uploads")
		policies := e.of("AWS::SQS::QueuePolicy")
		var want []string
		for _, f := range functions {
			if f.Uploaded == "" {
				continue
			}
			queue := e.named(t, "Data/"+strings.ToUpper(f.Name[:1])+f.Name[1:]+"Queue").ID
			want = append(want, `{"Event":"s3:ObjectCreated:*","Filter":{"S3Key":{"Rules":[{"Name":"suffix","Value":"`+f.Uploaded+`"}]}},"Queue":{"Fn::GetAtt":["`+queue+`","Arn"]}}`)
			i := slices.IndexFunc(policies, func(p resource) bool { return strings.Contains(text(p.at("Queues")), `"`+queue+`"`) })
			if i < 0 || !slices.Contains(texts(uploads.DependsOn), policies[i].ID) {
				t.Errorf("the bucket is made after %s, and not after the policy of %s", text(uploads.DependsOn), queue)
				continue
			}
			allowed := `{"Action":"sqs:SendMessage","Condition":{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}},"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Resource":{"Fn::GetAtt":["` + queue + `","Arn"]}}`
			if !strings.Contains(text(policies[i].at("PolicyDocument")), allowed) {
				t.Errorf("policy of %s: %s", queue, text(policies[i].at("PolicyDocument")))
			}
		}
		if got := text(uploads.at("NotificationConfiguration")); len(want) != 1 || got != `{"QueueConfigurations":[`+strings.Join(want, ",")+`]}` {
			t.Errorf("notifications %s, want %s", got, want)
		}
	})
}

func TestQueues(t *testing.T) {
	e := everything(t)
	live, dead := e.named(t, "Data/SweepQueue"), e.named(t, "Data/SweepDeadLetters")
	if got := text(live.at("RedrivePolicy")); !strings.Contains(got, dead.ID) || !strings.Contains(got, `"maxReceiveCount":5`) {
		t.Errorf("redrive %s", got)
	}
	if got := text(live.at("VisibilityTimeout")); got != "180" { // 6 × the function's 30 s
		t.Errorf("visibility %s", got)
	}
	for _, q := range []resource{live, dead} {
		if q.at("SqsManagedSseEnabled") != true {
			t.Errorf("%s is not encrypted", q.ID)
		}
	}
	mapping := e.of("AWS::Lambda::EventSourceMapping")
	if len(mapping) != 1 || text(mapping[0].at("FunctionResponseTypes")) != `["ReportBatchItemFailures"]` {
		t.Errorf("mappings %s", text(mapping))
	}
	if queues := current(t).of("AWS::SQS::Queue"); len(queues) != 2*len(queued()) {
		t.Errorf("%d queues for the functions %q", len(queues), queued())
	}
}

// queued are the functions of the table that work on a queue.
func queued() []string {
	var names []string
	for _, f := range route.Functions {
		if f.Trigger == route.Queue {
			names = append(names, f.Name)
		}
	}
	return names
}
