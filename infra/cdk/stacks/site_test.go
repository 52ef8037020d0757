package stacks_test

import (
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

func TestKeysAreThereBeforeTheAPI(t *testing.T) {
	e := everything(t)
	trigger := e.of("Custom::Trigger")
	schedule := e.of("AWS::SecretsManager::RotationSchedule")
	if len(trigger) != 1 || len(schedule) != 1 {
		t.Fatalf("%d triggers, %d schedules", len(trigger), len(schedule))
	}
	for _, path := range []string{"Issuer/Documents", "Issuer/Distribution", "Issuer/Secret"} {
		if r := e.named(t, path); !strings.Contains(text(trigger[0].DependsOn), r.ID) {
			t.Errorf("the keys are made before %s is there", path)
		}
	}
	if trigger[0].at("InvocationType") != "RequestResponse" || !strings.Contains(text(schedule[0].DependsOn), trigger[0].ID) {
		t.Errorf("trigger %s, schedule after %s", text(trigger[0].Properties), text(schedule[0].DependsOn))
	}
	if schedule[0].at("RotateImmediatelyOnUpdate") != false || schedule[0].at("RotationLambdaARN") == nil {
		t.Errorf("schedule %s", text(schedule[0].Properties))
	}
	secret := e.named(t, "Issuer/Secret")
	if secret.at("SecretString") != nil || secret.at("GenerateSecretString") != nil {
		t.Errorf("the template has a value for the secret, and would undo the function's: %s", text(secret.Properties))
	}
}

func TestIssuerIsReadOnly(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		d := e.named(t, "Issuer/Distribution")
		behaviour := text(d.at("DistributionConfig", "DefaultCacheBehavior"))
		if !strings.Contains(behaviour, `"AllowedMethods":["GET","HEAD"]`) || !strings.Contains(behaviour, `"ViewerProtocolPolicy":"https-only"`) {
			t.Error(behaviour)
		}
		policy := text(e.of("AWS::CloudFront::CachePolicy", "Issuer"))
		if !strings.Contains(policy, `"DefaultTTL":300`) || !strings.Contains(policy, `"MaxTTL":3600`) {
			t.Error(policy)
		}
	})
}

func TestSiteAndAPIShareAnOrigin(t *testing.T) {
	both(t, func(t *testing.T, e estate, _ []route.Function, _ route.Table) {
		config := resource{Properties: map[string]any{"c": e.named(t, "Web/Distribution").at("DistributionConfig")}}
		behaviours, _ := config.at("c", "CacheBehaviors").([]any)
		if len(behaviours) != len(route.Prefixes) {
			t.Errorf("%d behaviours for %q", len(behaviours), route.Prefixes)
		}
		for i, b := range behaviours {
			behaviour := text(b)
			for _, want := range []string{
				`"PathPattern":"` + route.Prefixes[i] + `*"`, `"CachePolicyId":"4135ea2d-6df8-44a3-9df3-4b5a84be39ad"`, // nothing is cached
				`"OriginRequestPolicyId":"b689b0a8-53d0-40ab-baf2-68738e2966ac"`, // all but Host, which is how API Gateway knows the API
				`"ViewerProtocolPolicy":"https-only"`, "PATCH", "DELETE",
			} {
				if !strings.Contains(behaviour, want) {
					t.Errorf("%s lacks %s", behaviour, want)
				}
			}
		}
		errors, _ := config.at("c", "CustomErrorResponses").([]any)
		for _, e := range errors {
			response := resource{Properties: e.(map[string]any)}
			if response.at("ResponsePagePath") != nil || response.at("ResponseCode") != nil {
				t.Errorf("a page of the distribution would turn the API's errors into HTML: %s", text(e))
			}
			if ttl := text(response.at("ErrorCachingMinTTL")); ttl != "0" {
				t.Errorf("one caller's error is kept for others: %s", text(e))
			}
		}
		if len(errors) != 11 {
			t.Errorf("errors of %d statuses are not kept; 11 can be named", len(errors))
		}
		origins := text(config.at("c", "Origins"))
		if !strings.Contains(origins, `"HeaderName":"`+route.OriginHeader+`"`) || !strings.Contains(origins, "{{resolve:secretsmanager:") {
			t.Errorf("the API cannot tell the distribution from others: %s", origins)
		}
		headers := text(e.named(t, "Web/SiteHeaders").Properties)
		for _, want := range []string{"default-src 'self'; connect-src 'self' https://", "RegionalDomainName", "frame-ancestors 'none'", "AccessControlMaxAgeSec", "ContentTypeOptions"} {
			if !strings.Contains(headers, want) {
				t.Errorf("no %s in %s", want, headers)
			}
		}
	})
}

// TestCallersAreNamedByTheDistribution reads the function that overwrites what
// callers say of themselves.
func TestCallersAreNamedByTheDistribution(t *testing.T) {
	code, _ := current(t).named(t, "Web/Callers").at("FunctionCode").(string)
	for _, want := range []string{"request.headers['" + route.ClientHeader + "'] = {value: event.viewer.ip}", "request.headers['" + route.HostHeader + "'] = {value: request.headers.host.value}"} {
		if !strings.Contains(code, want) {
			t.Errorf("no %s in %s", want, code)
		}
	}
}

func TestNamesOfItsOwn(t *testing.T) {
	e := everything(t)
	for path, want := range map[string]string{"Web/Distribution": "stride.example", "Issuer/Distribution": "id.stride.example"} {
		config := text(e.named(t, path).at("DistributionConfig"))
		if !strings.Contains(config, `"Aliases":["`+want+`"]`) || !strings.Contains(config, `"MinimumProtocolVersion":"TLSv1.2_2021"`) {
			t.Errorf("%s: %s", path, config)
		}
	}
	for _, stack := range []string{"Web", "Issuer"} {
		distribution := e.named(t, stack+"/Distribution").ID
		names := map[string]string{"Web": "stride.example.", "Issuer": "id.stride.example."}
		for path, kind := range map[string]string{"/Address": "A", "/Address6": "AAAA"} {
			r := e.named(t, stack+path)
			if r.at("Name") != names[stack] || r.at("Type") != kind || r.at("HostedZoneId") != "Z111111" || !strings.Contains(text(r.at("AliasTarget")), distribution) {
				t.Errorf("record %s", text(r.Properties))
			}
		}
	}
	if n := len(current(t).of("AWS::Route53::RecordSet")); n > 0 {
		t.Errorf("%d records for names that nobody chose", n)
	}
	if !strings.Contains(text(e.named(t, "Web/Distribution").at("DistributionConfig", "WebACLId")), e.of("AWS::WAFv2::WebACL")[0].ID) {
		t.Error("the firewall stands before nothing")
	}
	if len(current(t).of("AWS::WAFv2::WebACL")) > 0 {
		t.Error("a firewall that nobody ordered")
	}
}
