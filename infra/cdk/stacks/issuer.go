package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/triggers"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/route"
)

// rotationDays is how long a key signs. The next one is public for as long
// before that, which has to be longer than any verifier keeps keys (2 h).
const rotationDays = 30

// issuer is who signs tokens, as far as others see it.
type issuer struct {
	stack  awscdk.Stack
	url    *string // the iss of the tokens
	secret awssecretsmanager.Secret
}

func newIssuer(stack awscdk.Stack, c Config) issuer {
	bucket := awss3.NewBucket(stack, jsii.String("Documents"), private(c, &awss3.BucketProps{
		Versioned: jsii.Bool(true),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			NoncurrentVersionExpiration: awscdk.Duration_Days(number(90)),
		}},
	}))
	props := &awscloudfront.DistributionProps{
		Comment: jsii.Sprintf("Stride %s: issuer of tokens", c.Stage),
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin:               awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(bucket, nil),
			ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_HTTPS_ONLY,
			AllowedMethods:       awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
			CachePolicy: awscloudfront.NewCachePolicy(stack, jsii.String("Fresh"), &awscloudfront.CachePolicyProps{
				CachePolicyName: c.named("Fresh"),
				Comment:         jsii.String("Keys: five minutes, or what the document says"),
				MinTtl:          awscdk.Duration_Seconds(number(0)),
				DefaultTtl:      awscdk.Duration_Minutes(number(5)),
				MaxTtl:          awscdk.Duration_Hours(number(1)),
			}),
		},
	}
	domain := named(stack, props, c.IssuerDomain, c.IssuerCertificate)
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), props)
	records := c.record(stack, distribution, c.IssuerDomain)
	if domain == nil {
		domain = distribution.DistributionDomainName()
	}
	i := issuer{stack: stack, url: https(domain), secret: newSecret(stack, c)}

	api := i.url
	if origin, known := c.siteOrigin(); known {
		api = &origin
	}
	p := place{
		secretARN: i.secret.SecretArn(),
		issuerARN: bucket.BucketArn(),
		variables: map[string]*string{
			"STRIDE_STAGE":            &c.Stage,
			"STRIDE_SECRET":           i.secret.SecretArn(),
			"STRIDE_ISSUER":           i.url,
			"STRIDE_AUDIENCE":         &c.Audience,
			"STRIDE_ISSUER_DOCUMENTS": bucket.BucketName(),
			"STRIDE_API_ORIGIN":       api,
		},
	}
	for _, f := range c.Functions {
		if f.Trigger == route.Rotation {
			i.rotate(f.Name, newFunction(stack, c, f, p), append(records, bucket, distribution)...)
		}
	}
	awscdk.NewCfnOutput(stack, jsii.String("IssuerURL"), &awscdk.CfnOutputProps{Value: i.url, Description: jsii.String("iss of the tokens; its domain's DNS name points to the distribution")})
	awscdk.NewCfnOutput(stack, jsii.String("IssuerDistribution"), &awscdk.CfnOutputProps{Value: distribution.DistributionDomainName()})
	return i
}

// newSecret makes the one secret, without a value: the function writes that,
// so that no key ever stands in a template, and no deployment can undo it.
// Whoever loses the pepper in it loses every password, so production keeps
// it when the stack goes, and its own policy refuses to have it deleted.
func newSecret(stack awscdk.Stack, c Config) awssecretsmanager.Secret {
	secret := awssecretsmanager.NewSecret(stack, jsii.String("Secret"), &awssecretsmanager.SecretProps{
		Description:   jsii.String("Signing keys, peppers, keys of refresh tokens and cursors. Never delete."),
		RemovalPolicy: c.removal(),
	})
	secret.Node().DefaultChild().(awssecretsmanager.CfnSecret).AddPropertyDeletionOverride(jsii.String("GenerateSecretString"))
	if c.Production {
		secret.DenyAccountRootDelete() // "*" in a secret's policy is this secret
	}
	return secret
}

// rotate has the function make the keys when it is deployed, and go on from
// there: at the end of every period by Secrets Manager's four steps, and every
// day to say how old the keys are. The schedule stands beside the secret, not
// below it: the trigger waits for the secret and all that is below it.
func (i issuer) rotate(name string, f awslambda.Function, documents ...constructs.Construct) {
	ensure := triggers.NewTrigger(i.stack, jsii.String("EnsureKeys"), &triggers.TriggerProps{
		Handler:        f,
		Timeout:        awscdk.Duration_Minutes(number(2)),
		InvocationType: triggers.InvocationType_REQUEST_RESPONSE, // what fails here fails the deployment
		ExecuteAfter:   new(append(documents, i.secret)),
	})
	permission := awslambda.NewCfnPermission(i.stack, jsii.String("MayRotate"), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: f.FunctionArn(),
		Principal:    jsii.String("secretsmanager.amazonaws.com"),
		SourceArn:    i.secret.SecretArn(),
	})
	schedule := awssecretsmanager.NewCfnRotationSchedule(i.stack, jsii.String("Rotate"), &awssecretsmanager.CfnRotationScheduleProps{
		SecretId:                  i.secret.SecretArn(),
		RotationLambdaArn:         f.FunctionArn(),
		RotateImmediatelyOnUpdate: jsii.Bool(false), // or it would race the trigger
		RotationRules:             &awssecretsmanager.CfnRotationSchedule_RotationRulesProperty{AutomaticallyAfterDays: number(rotationDays)},
	})
	schedule.Node().AddDependency(ensure)
	schedule.AddDependency(permission)
	awsevents.NewRule(i.stack, jsii.String("Daily"), &awsevents.RuleProps{
		Description: jsii.Sprintf("Has %s say how old the signing keys are", name),
		Schedule:    awsevents.Schedule_Rate(awscdk.Duration_Days(number(1))),
		Targets:     &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(f, &awseventstargets.LambdaFunctionProps{RetryAttempts: number(2)})},
	})
}
