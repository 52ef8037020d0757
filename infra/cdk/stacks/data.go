package stacks

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/route"
)

// data is everything that cannot be made again.
type data struct {
	stack   awscdk.Stack
	table   awsdynamodb.TableV2
	uploads awss3.Bucket
	queues  map[string]queue // by function
}

// A queue holds the messages of one function; what fails too often waits in
// dead for somebody to look at it.
type queue struct{ live, dead awssqs.Queue }

// The most that the table does in a second. It keeps a loop that runs wild
// from costing more than some 5 USD an hour, and is far above what the
// throttles of the routes let through.
const (
	maxReadUnits  = 2000
	maxWriteUnits = 1000
)

func newData(stack awscdk.Stack, c Config) data {
	d := data{stack: stack, queues: map[string]queue{}}
	d.table = awsdynamodb.NewTableV2(stack, jsii.String("Table"), &awsdynamodb.TablePropsV2{
		PartitionKey: &awsdynamodb.Attribute{Name: jsii.String("PK"), Type: awsdynamodb.AttributeType_STRING},
		SortKey:      &awsdynamodb.Attribute{Name: jsii.String("SK"), Type: awsdynamodb.AttributeType_STRING},
		Billing: awsdynamodb.Billing_OnDemand(&awsdynamodb.MaxThroughputProps{
			MaxReadRequestUnits:  number(maxReadUnits),
			MaxWriteRequestUnits: number(maxWriteUnits),
		}),
		TimeToLiveAttribute:              jsii.String("expires_at"),
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: jsii.Bool(true)},
		DeletionProtection:               &c.Production,
		RemovalPolicy:                    c.removal(),
	})
	for _, f := range c.Functions {
		if f.Trigger == route.Queue {
			d.queues[f.Name] = newQueue(stack, f)
		}
	}
	d.uploads = awss3.NewBucket(stack, jsii.String("Uploads"), private(c, &awss3.BucketProps{
		Versioned: jsii.Bool(true),
		Cors: &[]*awss3.CorsRule{{
			AllowedMethods: methods(route.UploadCORS.Methods),
			AllowedOrigins: jsii.Strings(uploadOrigins(c)...),
			AllowedHeaders: jsii.Strings(route.UploadCORS.Headers...),
			MaxAge:         number(int(route.CORS.MaxAge.Seconds())),
		}},
		// Originals stay for ever: the rules touch what was deleted, replaced
		// or never finished, and nothing else.
		LifecycleRules: &[]*awss3.LifecycleRule{{
			NoncurrentVersionExpiration:         awscdk.Duration_Days(number(30)),
			ExpiredObjectDeleteMarker:           jsii.Bool(true),
			AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(number(1)),
		}, {
			// Exports are for fetching at once. They are known by a tag, for
			// their keys begin with the runner's id.
			TagFilters:                  &map[string]any{"ends": "after_a_day"},
			Expiration:                  awscdk.Duration_Days(number(1)),
			NoncurrentVersionExpiration: awscdk.Duration_Days(number(1)),
		}},
	}))
	d.tell(c)
	return d
}

// tell has the bucket tell the queue of each function that asks for it of new
// objects. CDK's own way would bring a function that sets this after the
// bucket is made. The policy cannot name the bucket, which is made after it
// and has no name before.
func (d data) tell(c Config) {
	bucket := d.uploads.Node().DefaultChild().(awss3.CfnBucket)
	var queues []any
	for _, f := range c.Functions {
		if f.Uploaded == "" {
			continue
		}
		q := d.queues[f.Name].live
		q.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("s3.amazonaws.com"), nil)},
			Actions:    jsii.Strings("sqs:SendMessage"),
			Resources:  &[]*string{q.QueueArn()},
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": d.stack.Account()}},
		}))
		bucket.Node().AddDependency(q.Node().FindChild(jsii.String("Policy"))) // S3 tries whether it may
		queues = append(queues, &awss3.CfnBucket_QueueConfigurationProperty{
			Event: jsii.String("s3:ObjectCreated:*"),
			Queue: q.QueueArn(),
			Filter: &awss3.CfnBucket_NotificationFilterProperty{S3Key: &awss3.CfnBucket_S3KeyFilterProperty{
				Rules: []any{&awss3.CfnBucket_FilterRuleProperty{Name: jsii.String("suffix"), Value: &f.Uploaded}},
			}},
		})
	}
	if queues != nil {
		bucket.SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{QueueConfigurations: queues})
	}
}

func methods(names []string) *[]awss3.HttpMethods {
	var all []awss3.HttpMethods
	for _, name := range names {
		all = append(all, awss3.HttpMethods(name))
	}
	return &all
}

// uploadOrigins are the pages that may send recordings straight to the
// bucket. What they may send is in the signed address; the browser's rule
// only has to let it through. The site's own name is not known before the
// site exists, unless it was chosen.
func uploadOrigins(c Config) []string {
	own := "https://*.cloudfront.net"
	if origin, known := c.siteOrigin(); known {
		own = origin
	}
	return append([]string{own}, c.AllowedOrigins...)
}

// private completes the settings of a bucket that nobody reaches without
// being named in a policy, and only through TLS.
func private(c Config, props *awss3.BucketProps) *awss3.BucketProps {
	props.BlockPublicAccess = awss3.BlockPublicAccess_BLOCK_ALL()
	props.ObjectOwnership = awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED
	props.Encryption = awss3.BucketEncryption_S3_MANAGED
	props.EnforceSSL = jsii.Bool(true)
	props.MinimumTLSVersion = jsii.Number(1.2)
	props.RemovalPolicy = c.removal()
	return props
}

// newQueue makes the queue of a function, with one beside it for messages
// that fail five times. A message is hidden for six times as long as the
// function may take, so that it is not given out twice while it is worked on.
func newQueue(stack awscdk.Stack, f route.Function) queue {
	name := construct(f.Name)
	dead := awssqs.NewQueue(stack, jsii.String(name+"DeadLetters"), &awssqs.QueueProps{
		RetentionPeriod: awscdk.Duration_Days(number(14)),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
	})
	live := awssqs.NewQueue(stack, jsii.String(name+"Queue"), &awssqs.QueueProps{
		VisibilityTimeout: awscdk.Duration_Seconds(number(int(6 * f.Timeout / time.Second))),
		RetentionPeriod:   awscdk.Duration_Days(number(4)),
		Encryption:        awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: dead, MaxReceiveCount: number(5)},
	})
	return queue{live: live, dead: dead}
}
