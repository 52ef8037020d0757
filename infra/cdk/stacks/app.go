// Package stacks describes Stride in AWS. Five stacks, in the order in which
// they are made: Data, Issuer, Api, Web, Ops. What they consist of comes from
// the tables of functions and routes in internal/route; a new function or
// route needs nothing here but the meaning of a new variable.
package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// Names are the names of the stacks, in order.
var Names = []string{"Data", "Issuer", "Api", "Web", "Ops"}

// Build puts all stacks into an app. Error: settings that cannot be. Whatever
// else is wrong panics, as everything from CDK does.
func Build(app awscdk.App, c Config) error {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return fmt.Errorf("stage %s: %w", c.Stage, err)
	}
	awscdk.Tags_Of(app).Add(jsii.String("stride:stage"), &c.Stage, nil)

	data := newData(c.stack(app, "Data", "Stride's table, recordings and queues"), c)
	issuer := newIssuer(c.stack(app, "Issuer", "Stride's signing keys, and the documents by which others check its tokens"), c)
	api := newAPI(c.stack(app, "Api", "Stride's API and functions"), c, data, issuer)
	api.stack.AddDependency(issuer.stack, jsii.String("API Gateway reads the issuer's documents when it makes the authorizer"))
	web := newWeb(c.stack(app, "Web", "Stride's site, and the way to the API"), c, data, issuer, api)
	newOps(c.stack(app, "Ops", "Stride's alarms and dashboard"), c, data, api, web)
	return nil
}

// stack makes an empty stack. Its construct is called the same in every
// stage, and so is its template; its name in AWS has the stage.
func (c Config) stack(app awscdk.App, name, description string) awscdk.Stack {
	env := &awscdk.Environment{}
	if c.Region != "" {
		env.Region = &c.Region
	}
	return awscdk.NewStack(app, &name, &awscdk.StackProps{
		StackName:             jsii.Sprintf("stride-%s-%s", c.Stage, name),
		Description:           &description,
		Env:                   env,
		TerminationProtection: &c.Production,
		AnalyticsReporting:    jsii.Bool(false),
	})
}

// named is a name in the account's global namespace, where CDK's own would be
// the same in every stage, and the second stage could not be deployed.
func (c Config) named(name string) *string { return jsii.Sprintf("stride-%s-%s", c.Stage, name) }

// removal is what becomes of data whose stack goes, or that a deployment
// would replace.
func (c Config) removal() awscdk.RemovalPolicy {
	if c.Production {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}

// number is for the many fields that want a pointer to a float.
func number(n int) *float64 { return jsii.Number(n) }
