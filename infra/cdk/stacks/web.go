package stacks

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53targets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/route"
)

// web is the one origin that runners see: the site, and below it the API.
type web struct {
	stack        awscdk.Stack
	distribution awscloudfront.Distribution
	domain       *string
}

func newWeb(stack awscdk.Stack, c Config, d data, _ issuer, a api) web {
	bucket := awss3.NewBucket(stack, jsii.String("Site"), private(c, &awss3.BucketProps{}))
	bucket.ApplyRemovalPolicy(awscdk.RemovalPolicy_DESTROY) // made anew from the repository
	props := &awscloudfront.DistributionProps{
		Comment:           jsii.Sprintf("Stride %s: site and API", c.Stage),
		DefaultRootObject: jsii.String("index.html"),
		HttpVersion:       awscloudfront.HttpVersion_HTTP2_AND_3,
		PriceClass:        awscloudfront.PriceClass_PRICE_CLASS_100,
		WebAclId:          webACL(stack, c),
		ErrorResponses:    freshErrors(),
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin:                awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(bucket, nil),
			ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
			Compress:              jsii.Bool(true),
			CachePolicy:           awscloudfront.CachePolicy_CACHING_OPTIMIZED(), //nolint:misspell // the CDK spells so
			ResponseHeadersPolicy: siteHeaders(stack, d),
			FunctionAssociations:  onRequest(stack, c, "Pages", pages),
		},
		AdditionalBehaviors: &map[string]*awscloudfront.BehaviorOptions{},
	}
	toAPI := &awscloudfront.BehaviorOptions{
		Origin: awscloudfrontorigins.NewHttpOrigin(
			awscdk.Fn_Select(number(2), awscdk.Fn_Split(jsii.String("/"), a.http.ApiEndpoint(), nil)), // https://<host>
			&awscloudfrontorigins.HttpOriginProps{
				ProtocolPolicy:     awscloudfront.OriginProtocolPolicy_HTTPS_ONLY,
				OriginSslProtocols: &[]awscloudfront.OriginSslPolicy{awscloudfront.OriginSslPolicy_TLS_V1_2},
				CustomHeaders:      &map[string]*string{route.OriginHeader: a.originSecret},
			}),
		ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_HTTPS_ONLY,
		AllowedMethods:        awscloudfront.AllowedMethods_ALLOW_ALL(),
		CachePolicy:           awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:   awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ResponseHeadersPolicy: apiHeaders(stack),
		FunctionAssociations:  onRequest(stack, c, "Callers", callers()),
	}
	for _, prefix := range route.Prefixes {
		(*props.AdditionalBehaviors)[prefix+"*"] = toAPI
	}
	w := web{stack: stack, domain: named(stack, props, c.Domain, c.Certificate)}
	w.distribution = awscloudfront.NewDistribution(stack, jsii.String("Distribution"), props)
	c.record(stack, w.distribution, c.Domain)
	if w.domain == nil {
		w.domain = w.distribution.DistributionDomainName()
	}
	w.deploy(c, bucket)
	awscdk.NewCfnOutput(stack, jsii.String("SiteURL"), &awscdk.CfnOutputProps{Value: https(w.domain)})
	awscdk.NewCfnOutput(stack, jsii.String("SiteDistribution"), &awscdk.CfnOutputProps{Value: w.distribution.DistributionDomainName()})
	return w
}

// freshErrors has no error kept. By default the distribution keeps some for ten
// seconds, by the path alone and whatever the behaviour says of caching: a 404
// for one runner's plan that another one asked for would be the owner's too.
// None has a page, so that the API's answers stay as they are.
func freshErrors() *[]*awscloudfront.ErrorResponse {
	var all []*awscloudfront.ErrorResponse
	for _, status := range []int{400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504} { // all that can be named
		all = append(all, &awscloudfront.ErrorResponse{HttpStatus: number(status), Ttl: awscdk.Duration_Seconds(number(0))})
	}
	return &all
}

// named gives a distribution its own name, if it has one, and returns that.
func named(stack awscdk.Stack, props *awscloudfront.DistributionProps, domain, certificate string) *string {
	if domain == "" {
		return nil
	}
	props.DomainNames = &[]*string{&domain}
	props.Certificate = awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), &certificate)
	props.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021
	return &domain
}

// record leads a name to its distribution, where the name's zone is known.
func (c Config) record(stack awscdk.Stack, to awscloudfront.IDistribution, domain string) []constructs.Construct {
	if c.HostedZone == "" || domain == "" {
		return nil
	}
	zone := awsroute53.HostedZone_FromHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.HostedZoneAttributes{HostedZoneId: &c.HostedZoneID, ZoneName: &c.HostedZone})
	target := awsroute53.RecordTarget_FromAlias(awsroute53targets.NewCloudFrontTarget(to))
	return []constructs.Construct{
		awsroute53.NewARecord(stack, jsii.String("Address"), &awsroute53.ARecordProps{Zone: zone, RecordName: &domain, Target: target}),
		awsroute53.NewAaaaRecord(stack, jsii.String("Address6"), &awsroute53.AaaaRecordProps{Zone: zone, RecordName: &domain, Target: target}),
	}
}

// pages has addresses of the site that name no file show its one page. It is
// a function of the site's behaviour alone: an error page of the distribution
// would turn the API's answers into HTML.
const pages = `function handler(event) {
  var request = event.request;
  if (!request.uri.split('/').pop().includes('.')) request.uri = '/index.html';
  return request;
}`

// callers tells the API whom the distribution speaks for. What a caller
// writes into these headers is overwritten.
func callers() string {
	return strings.NewReplacer("CLIENT", route.ClientHeader, "HOST", route.HostHeader).Replace(`function handler(event) {
  var request = event.request;
  request.headers['CLIENT'] = {value: event.viewer.ip};
  request.headers['HOST'] = {value: request.headers.host.value};
  return request;
}`)
}

func onRequest(stack awscdk.Stack, c Config, name, code string) *[]*awscloudfront.FunctionAssociation {
	return &[]*awscloudfront.FunctionAssociation{{
		EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		Function: awscloudfront.NewFunction(stack, &name, &awscloudfront.FunctionProps{
			FunctionName: c.named(name),
			Code:         awscloudfront.FunctionCode_FromInline(&code),
			Runtime:      awscloudfront.FunctionRuntime_JS_2_0(),
		}),
	}}
}

// siteHeaders lets a page load and call nothing but its own origin, and the
// bucket that takes recordings.
func siteHeaders(stack awscdk.Stack, d data) awscloudfront.ResponseHeadersPolicy {
	policy := awscdk.Fn_Join(jsii.String(""), &[]*string{
		jsii.String("default-src 'self'; connect-src 'self' https://"), d.uploads.BucketRegionalDomainName(),
		jsii.String("; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"),
	})
	return awscloudfront.NewResponseHeadersPolicy(stack, jsii.String("SiteHeaders"), &awscloudfront.ResponseHeadersPolicyProps{
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
			ContentSecurityPolicy:   &awscloudfront.ResponseHeadersContentSecurityPolicy{ContentSecurityPolicy: policy, Override: jsii.Bool(true)},
			ContentTypeOptions:      &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)},
			ReferrerPolicy:          &awscloudfront.ResponseHeadersReferrerPolicy{ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_NO_REFERRER, Override: jsii.Bool(true)},
			StrictTransportSecurity: hsts(),
		},
	})
}

// apiHeaders adds what belongs to the connection; the rest is the functions'.
func apiHeaders(stack awscdk.Stack) awscloudfront.ResponseHeadersPolicy {
	return awscloudfront.NewResponseHeadersPolicy(stack, jsii.String("ApiHeaders"), &awscloudfront.ResponseHeadersPolicyProps{
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{StrictTransportSecurity: hsts()},
	})
}

func hsts() *awscloudfront.ResponseHeadersStrictTransportSecurity {
	return &awscloudfront.ResponseHeadersStrictTransportSecurity{
		AccessControlMaxAge: awscdk.Duration_Days(number(365)), IncludeSubdomains: jsii.Bool(true), Override: jsii.Bool(true),
	}
}

// deploy copies the site's files. Those in assets/ have a hash in their name
// and never change; all others are asked for anew each time.
func (w web) deploy(c Config, bucket awss3.Bucket) {
	logs := awslogs.NewLogGroup(w.stack, jsii.String("DeployLog"), &awslogs.LogGroupProps{
		Retention: c.retention(), RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	sources := &[]awss3deployment.ISource{awss3deployment.Source_Asset(&c.Site, nil)}
	fresh := awss3deployment.NewBucketDeployment(w.stack, jsii.String("Files"), &awss3deployment.BucketDeploymentProps{
		DestinationBucket: bucket, Sources: sources, LogGroup: logs,
		Exclude:      jsii.Strings("assets/*"),
		CacheControl: &[]awss3deployment.CacheControl{awss3deployment.CacheControl_NoCache()},
		Distribution: w.distribution, DistributionPaths: jsii.Strings("/*"),
	})
	if _, err := os.Stat(filepath.Join(c.Site, "assets")); err != nil {
		return
	}
	lasting := awss3deployment.NewBucketDeployment(w.stack, jsii.String("Assets"), &awss3deployment.BucketDeploymentProps{
		DestinationBucket: bucket, Sources: sources, LogGroup: logs,
		Exclude: jsii.Strings("*"), Include: jsii.Strings("assets/*"),
		CacheControl: &[]awss3deployment.CacheControl{
			awss3deployment.CacheControl_SetPublic(), awss3deployment.CacheControl_MaxAge(awscdk.Duration_Days(number(365))), awss3deployment.CacheControl_Immutable(),
		},
		Prune: jsii.Bool(false), // a page that is open still wants the old ones
	})
	// No page before what it loads. The copying itself waits, and not all that
	// comes with it: both share a function, which would wait for itself.
	copying := jsii.String("CustomResource")
	fresh.Node().FindChild(copying).Node().AddDependency(lasting.Node().FindChild(copying))
}

// webACL returns the firewall before the distribution: none, a given one, or
// one with AWS's common rules.
func webACL(stack awscdk.Stack, c Config) *string {
	switch c.WebACL {
	case "":
		return nil
	case "make":
	default:
		return &c.WebACL
	}
	visible := func(name string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
		return &awswafv2.CfnWebACL_VisibilityConfigProperty{
			CloudWatchMetricsEnabled: jsii.Bool(true), SampledRequestsEnabled: jsii.Bool(false), MetricName: &name,
		}
	}
	var rules []*awswafv2.CfnWebACL_RuleProperty
	for i, name := range []string{"AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet"} {
		rules = append(rules, &awswafv2.CfnWebACL_RuleProperty{
			Name: &name, Priority: number(i),
			OverrideAction: &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
			Statement: &awswafv2.CfnWebACL_StatementProperty{ManagedRuleGroupStatement: &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{
				VendorName: jsii.String("AWS"), Name: &name,
			}},
			VisibilityConfig: visible(name),
		})
	}
	return awswafv2.NewCfnWebACL(stack, jsii.String("Firewall"), &awswafv2.CfnWebACLProps{
		Scope:            jsii.String("CLOUDFRONT"),
		DefaultAction:    &awswafv2.CfnWebACL_DefaultActionProperty{Allow: map[string]any{}},
		Rules:            rules,
		VisibilityConfig: visible("stride-" + c.Stage),
	}).AttrArn()
}

// https returns the origin of a domain.
func https(domain *string) *string {
	return awscdk.Fn_Join(jsii.String(""), &[]*string{jsii.String("https://"), domain})
}
