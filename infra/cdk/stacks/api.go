package stacks

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2authorizers"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/internal/route"
)

// api is the HTTP API with its functions, and those that work on queues.
type api struct {
	stack        awscdk.Stack
	http         awsapigatewayv2.HttpApi
	functions    map[string]awslambda.Function
	originSecret *string
}

// bcryptCost is the cost of a password hash: some 280 ms of a full core.
const bcryptCost = "12"

// The throttle of the whole API, above those of the routes.
const (
	rate  = 400
	burst = 200
)

func newAPI(stack awscdk.Stack, c Config, d data, i issuer) api {
	a := api{stack: stack, functions: map[string]awslambda.Function{}}
	a.http = awsapigatewayv2.NewHttpApi(stack, jsii.String("Http"), &awsapigatewayv2.HttpApiProps{
		ApiName:            jsii.Sprintf("stride-%s", c.Stage),
		Description:        jsii.String("Stride's API"),
		CreateDefaultStage: jsii.Bool(false),
		CorsPreflight:      cors(c),
	})
	a.originSecret = awscdk.SecretValue_SecretsManager(i.secret.SecretArn(), &awscdk.SecretsManagerSecretOptions{
		JsonField: jsii.String("origin_secret"),
	}).UnsafeUnwrap() // a reference: the value itself is in no template
	p := c.place(d, i, a.originSecret)
	integrations := map[string]awsapigatewayv2integrations.HttpLambdaIntegration{}
	for _, f := range c.Functions {
		switch f.Trigger {
		case route.HTTP:
			a.functions[f.Name] = newFunction(stack, c, f, p)
			// Its permission is for this API and the one route.
			integrations[f.Name] = awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String(construct(f.Name)), a.functions[f.Name], nil)
		case route.Queue:
			a.functions[f.Name] = newFunction(stack, c, f, p)
			a.functions[f.Name].AddEventSource(awslambdaeventsources.NewSqsEventSource(d.queues[f.Name].live, &awslambdaeventsources.SqsEventSourceProps{
				BatchSize:               number(10),
				ReportBatchItemFailures: jsii.Bool(true), // one bad message does not take the others along
				MaxConcurrency:          number(5),
			}))
		case route.Rotation: // the issuer's
		}
	}

	authorizer := awsapigatewayv2authorizers.NewHttpJwtAuthorizer(jsii.String("Jwt"), i.url,
		&awsapigatewayv2authorizers.HttpJwtAuthorizerProps{JwtAudience: &[]*string{&c.Audience}})
	throttles := map[string]any{}
	stage := a.newStage(c)
	for _, r := range c.Routes {
		props := &awsapigatewayv2.HttpRouteProps{
			HttpApi:     a.http,
			RouteKey:    awsapigatewayv2.HttpRouteKey_With(&r.Path, method(r.Method)),
			Integration: integrations[r.Function],
		}
		switch r.Auth {
		case route.Token:
			props.Authorizer = authorizer
		case route.None:
			props.Authorizer = awsapigatewayv2.NewHttpNoneAuthorizer()
		default:
			panic(r.Key() + " says nothing of whom it serves")
		}
		// Without slashes, which would make the name a path of constructs.
		at := awsapigatewayv2.NewHttpRoute(stack, jsii.String(strings.ReplaceAll(r.Key(), "/", ".")), props)
		throttles[r.Key()] = map[string]any{"ThrottlingRateLimit": r.Throttle.Rate, "ThrottlingBurstLimit": r.Throttle.Burst}
		stage.Node().AddDependency(at) // its settings name the route
	}
	stage.SetRouteSettings(&throttles)
	awscdk.NewCfnOutput(stack, jsii.String("Endpoint"), &awscdk.CfnOutputProps{Value: a.http.ApiEndpoint(), Description: jsii.String("for the site's distribution; others are refused")})
	return a
}

// place has all that the functions behind the API and the queues are given.
func (c Config) place(d data, i issuer, originSecret *string) place {
	origin, _ := c.siteOrigin() // not known: the name by which a request came
	p := place{
		tableARN:   d.table.TableArn(),
		uploadsARN: d.uploads.BucketArn(),
		secretARN:  i.secret.SecretArn(),
		queueARNs:  map[string]*string{},
		variables: map[string]*string{
			"STRIDE_STAGE":           &c.Stage,
			"STRIDE_ALLOWED_ORIGINS": jsii.String(strings.Join(c.AllowedOrigins, ",")),
			"STRIDE_ORIGIN":          &origin,
			"STRIDE_BCRYPT_COST":     jsii.String(bcryptCost),
			"STRIDE_TABLE":           d.table.TableName(),
			"STRIDE_UPLOADS":         d.uploads.BucketName(),
			"STRIDE_SECRET":          i.secret.SecretArn(),
			"STRIDE_ISSUER":          i.url,
			"STRIDE_AUDIENCE":        &c.Audience,
			"STRIDE_ORIGIN_SECRET":   originSecret,
		},
	}
	for function, q := range d.queues {
		p.queueARNs[function] = q.live.QueueArn()
		p.variables["STRIDE_"+strings.ToUpper(function)+"_QUEUE"] = q.live.QueueUrl()
	}
	return p
}

// method names a route's method; ANY is one of the enum's.
func method(name string) awsapigatewayv2.HttpMethod { return awsapigatewayv2.HttpMethod(name) }

// cors lets the allowed origins in. Without any the API knows no CORS, and a
// preflight meets the fallback's 405.
func cors(c Config) *awsapigatewayv2.CorsPreflightOptions {
	if len(c.AllowedOrigins) == 0 {
		return nil
	}
	var methods []awsapigatewayv2.CorsHttpMethod
	for _, m := range route.CORS.Methods {
		methods = append(methods, awsapigatewayv2.CorsHttpMethod(m))
	}
	return &awsapigatewayv2.CorsPreflightOptions{
		AllowOrigins:     jsii.Strings(c.AllowedOrigins...),
		AllowMethods:     &methods,
		AllowHeaders:     jsii.Strings(route.CORS.Headers...),
		ExposeHeaders:    jsii.Strings(route.CORS.Expose...),
		AllowCredentials: jsii.Bool(true), // the cookie of the refresh token
		MaxAge:           awscdk.Duration_Millis(jsii.Number(route.CORS.MaxAge / time.Millisecond)),
	}
}

// newStage makes the stage that answers without a prefix, with its throttle
// and its log. The log has what happened and no query, body or address.
func (a api) newStage(c Config) awsapigatewayv2.CfnStage {
	logs := awslogs.NewLogGroup(a.stack, jsii.String("AccessLog"), &awslogs.LogGroupProps{
		// Below this name a log group needs no policy of its own.
		LogGroupName:  jsii.Sprintf("/aws/vendedlogs/stride-%s-api", c.Stage),
		Retention:     c.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stage := awsapigatewayv2.NewHttpStage(a.stack, jsii.String("Stage"), &awsapigatewayv2.HttpStageProps{
		HttpApi:                a.http,
		StageName:              jsii.String("$default"),
		AutoDeploy:             jsii.Bool(true),
		DetailedMetricsEnabled: jsii.Bool(false), // each route's metrics would cost more than all else
		Throttle:               &awsapigatewayv2.ThrottleSettings{RateLimit: number(rate), BurstLimit: number(burst)},
		AccessLogSettings:      &accessLog{awsapigatewayv2.NewLogGroupLogDestination(logs)},
	})
	return stage.Node().DefaultChild().(awsapigatewayv2.CfnStage)
}

type accessLog struct {
	to awsapigatewayv2.IAccessLogDestination
}

func (a *accessLog) Destination() awsapigatewayv2.IAccessLogDestination { return a.to }

func (a *accessLog) Format() awsapigateway.AccessLogFormat {
	fields := map[string]string{}
	for _, field := range []string{
		"requestId", "requestTime", "routeKey", "status", "responseLength", "responseLatency",
		"integrationLatency", "integrationErrorMessage", "authorizer.error", "error.responseType",
	} {
		fields[field] = "$context." + field
	}
	format, _ := json.Marshal(fields) // strings always encode
	return awsapigateway.AccessLogFormat_Custom(jsii.String(string(format)))
}
